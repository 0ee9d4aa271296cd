import type { OrmTool } from "../orm.ts";
import { mikroormState } from "../state/mikroorm.ts";

/** MikroORM: a script asks its schema generator for the DDL, without a connection. */
export const mikroorm: OrmTool = {
  name: "mikroorm",
  title: "MikroORM",
  door: "print",
  command: ["npx", "--no-install", "tsx", "aim_models.mts"],
  dialects: ["postgres", "sqlite", "mysql", "mariadb"],
  says: ["check", "comment", "enum"],
  blurs: ["enum order"],
  unsaid: "`default` without `defaultRaw` of some types and `onCreate` are the application's",
  models: ["aim_models.mts", "mikro-orm.config.*", "src/**/*.entity.ts", "src/entities/**"],
  script: {
    file: "aim_models.mts",
    edit: "set the import of the configuration where it is not mikro-orm.config",
    text: String
      .raw`// Prints the tables of this project's MikroORM entities as SQL. Written by aim init; it is yours to change.
import { MikroORM } from "@mikro-orm/core";
import * as loaded from "./mikro-orm.config";

const module: any = loaded;
const config = module.default?.default ?? module.default ?? module.config;
// Settings may have the name of their database from variables that are not set here.
const isNamed = (config.dbName ?? config.clientUrl) !== undefined;
const orm: any = await MikroORM.init({ ...config, ...(isNamed ? {} : { dbName: "aim" }), connect: false, debug: false });
const generator = orm.schema ?? orm.getSchemaGenerator();
if (process.env.AIM_STATE === undefined) {
  console.log(await generator.getCreateSchemaSQL({ wrap: false }));
} else {
  // What MikroORM keeps of the entities beside its migrations: aim writes it with a new one.
  const { snapshot, snapshotName } = orm.config.get("migrations");
  const database = orm.config.get("dbName").replaceAll("\\", "/").split("/").pop().replaceAll(":", "");
  const name = snapshotName ?? (isNamed ? ".snapshot-" + database : null);
  const file = name === null ? null : name + ".json";
  const kept = snapshot === false ? null : generator.getTargetSchema();
  console.log("\n" + JSON.stringify({ file, snapshot: kept }));
}
await orm.close(true);
`,
  },
  state: mikroormState,
  signs: [
    { files: ["mikro-orm.config.ts", "mikro-orm.config.js", "src/mikro-orm.config.ts"] },
    { files: ["package.json"], says: /"@mikro-orm\/core"\s*:/ },
  ],
};

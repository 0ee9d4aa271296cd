import type { OrmTool } from "../orm.ts";

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
const orm: any = await MikroORM.init({ dbName: "aim", ...config, connect: false, debug: false });
const generator = orm.schema ?? orm.getSchemaGenerator();
console.log(await generator.getCreateSchemaSQL({ wrap: false }));
await orm.close(true);
`,
  },
  signs: [
    { files: ["mikro-orm.config.ts", "mikro-orm.config.js", "src/mikro-orm.config.ts"] },
    { files: ["package.json"], says: /"@mikro-orm\/core"\s*:/ },
  ],
};

import type { OrmTool } from "../orm.ts";

/** TypeORM: a script has its query runner write down what it would run, without a connection. */
export const typeorm: OrmTool = {
  name: "typeorm",
  title: "TypeORM",
  door: "print",
  command: ["npx", "--no-install", "ts-node", "-T", "aim_models.ts"],
  dialects: ["postgres", "sqlite", "mysql", "mariadb"],
  says: ["check", "comment", "enum"],
  blurs: ["enum order"],
  unsaid:
    "views of @ViewEntity are not read, and on MySQL and MariaDB TypeORM makes no checks of @Check",
  models: ["aim_models.ts", "src/**/*.entity.ts", "src/entity/**", "src/entities/**"],
  script: {
    file: "aim_models.ts",
    edit: "set DATA_SOURCE to the module that exports your DataSource",
    text: String
      .raw`// Prints the tables of this project's TypeORM entities as SQL. Written by aim init; it is yours to change.
import "reflect-metadata";
import { DataSource, Table, TableForeignKey } from "typeorm";

// The module that exports the DataSource, relative to this file.
const DATA_SOURCE = "./src/data-source";

async function main() {
  const found = Object.values(require(DATA_SOURCE)).find((value: any) => value instanceof DataSource);
  if (!found) throw new Error(DATA_SOURCE + " exports no DataSource");
  const source: any = found;
  await source.buildMetadatas();
  const runner: any = source.createQueryRunner();
  runner.enableSqlMemory();
  // Nothing is connected to: what would be asked of the server has these answers.
  runner.query = async (sql: string) =>
    /current_schema/i.test(sql)
      ? [{ current_schema: "public" }]
      : /version\(\)/i.test(sql)
      ? [{ version: process.env.AIM_DIALECT === "mariadb" ? "10.11.0-MariaDB" : "17.0" }]
      : /database/i.test(sql)
      ? [{ current_database: "aim", db_name: "aim" }]
      : [];
  const lite = process.env.AIM_DIALECT === "sqlite";
  const metadatas = source.entityMetadatas.filter(({ tableType }: any) => tableType !== "view" && tableType !== "entity-child");
  // SQLite takes foreign keys with the table alone.
  for (const metadata of metadatas) await runner.createTable(Table.create(metadata, source.driver), false, lite, true);
  if (!lite) {
    for (const metadata of metadatas) {
      const keys = metadata.foreignKeys.map((key: any) => TableForeignKey.create(key, source.driver));
      await runner.createForeignKeys(Table.create(metadata, source.driver), keys);
    }
  }
  for (const { query } of runner.getMemorySql().upQueries) console.log(query + ";");
}

main().then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
`,
  },
  signs: [
    {
      files: [
        "ormconfig.json",
        "ormconfig.js",
        "ormconfig.ts",
        "src/data-source.ts",
        "data-source.ts",
      ],
    },
    { files: ["package.json"], says: /"typeorm"\s*:/ },
  ],
};

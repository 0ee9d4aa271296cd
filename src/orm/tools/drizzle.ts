import type { OrmTool } from "../orm.ts";
import { drizzleState } from "../state/drizzle.ts";

/** Drizzle: its kit prints the DDL of the schema that drizzle.config names. */
export const drizzle: OrmTool = {
  name: "drizzle",
  title: "Drizzle",
  door: "print",
  command: ["npx", "--no-install", "drizzle-kit", "export", "--sql"],
  dialects: ["postgres", "sqlite", "mysql", "mariadb"],
  says: ["check", "enum", "view", "sequence"],
  unsaid: "defaults of $defaultFn and $onUpdate are the application's and not in the database",
  models: ["drizzle.config.*", "src/**/schema.ts", "src/**/schema/**/*.ts"],
  script: null,
  signs: [{
    files: ["drizzle.config.ts", "drizzle.config.js", "drizzle.config.mjs", "drizzle.config.json"],
  }],
  state: drizzleState,
};

import type { OrmTool } from "../orm.ts";

const MYSQL = { DATABASE_URL: "mysql2://{user}:{password}@{host}:{port}/{database}" };

/** Rails: it loads its own db/schema.rb into a database. */
export const rails: OrmTool = {
  name: "rails",
  title: "Rails",
  door: "database",
  command: ["bin/rails", "db:schema:load"],
  // As Active Record spells an address.
  env: { sqlite: { DATABASE_URL: "sqlite3:{file}" }, mysql: MYSQL, mariadb: MYSQL },
  dialects: ["postgres", "sqlite", "mysql", "mariadb"],
  says: ["check", "comment", "enum", "extension"],
  blurs: ["unique constraint"],
  unsaid:
    "validations and callbacks are the application's, and schema.rb knows no triggers and views",
  models: ["db/schema.rb"],
  script: null,
  signs: [{ files: ["db/schema.rb"], says: /ActiveRecord::Schema/ }],
};

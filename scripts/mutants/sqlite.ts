/** Random statements on a SQLite database. */

import type { Edit } from "./mutate.ts";

interface Entry {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

/** Adds, drops, renames and rewrites tables, columns, indexes, views and triggers. */
export const editSqlite: Edit = async (database, random, newName) => {
  const entries = await database.query<Entry>(
    "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND sql IS NOT NULL",
  );
  const tables = entries.filter(({ type, sql }) => type === "table" && !/virtual/i.test(sql));
  if (tables.length === 0) return null;
  const table = random.pick(tables);
  const columns = await database.query<{ readonly name: string }>(
    `SELECT name FROM pragma_table_info('${table.name.replaceAll("'", "''")}')`,
  );
  if (columns.length === 0) return null;
  const [t, other] = [quote(table.name), quote(random.pick(tables).name)];
  const c = quote(random.pick(columns).name);
  const entry = random.pick(entries);
  const again = (from: RegExp, to: string) => `DROP TABLE ${t}; ${table.sql.replace(from, to)}`;
  const kinds: readonly (() => string)[] = [
    () => `ALTER TABLE ${t} DROP COLUMN ${c}`,
    () => `ALTER TABLE ${t} RENAME COLUMN ${c} TO ${newName("renamed")}`,
    () => `ALTER TABLE ${t} RENAME TO ${newName("table")}`,
    () =>
      `ALTER TABLE ${t} ADD COLUMN ${newName("column")} ${
        random.pick([
          "TEXT",
          "INT NOT NULL DEFAULT 3",
          "TEXT COLLATE NOCASE",
          `INT REFERENCES ${other}`,
          "INT CHECK (1)",
          `AS (${c} IS NULL) VIRTUAL`,
        ])
      }`,
    () => `DROP ${entry.type} ${quote(entry.name)}`,
    () => `DROP TABLE ${t}`,
    () =>
      `CREATE ${random.pick(["", "UNIQUE"])} INDEX ${newName("index")} ON ${t} (${c} ${
        random.pick(["", "DESC", "COLLATE NOCASE"])
      }) ${random.pick(["", `WHERE ${c} IS NOT NULL`])}`,
    () => `CREATE VIEW ${newName("view")} AS SELECT ${c} AS x, * FROM ${t}`,
    () =>
      `CREATE TRIGGER ${newName("trigger")} AFTER ${
        random.pick(["UPDATE", `UPDATE OF ${c}`, "DELETE", "INSERT"])
      } ON ${t} BEGIN SELECT ${c} FROM ${t}; UPDATE ${other} SET rowid = rowid; END`,
    () =>
      `CREATE TABLE ${
        newName("child")
      } (id INTEGER PRIMARY KEY, x REFERENCES ${t} (${c}) ON DELETE CASCADE, CHECK (x IS NOT NULL))`,
    () => `CREATE TABLE ${newName("copy")} AS SELECT * FROM ${t}`,
    () =>
      again(
        /^(create\s+table\s+(?:"[^"]+"|`[^`]+`|\[[^\]]+\]|\S+?)\s*)\(/i,
        `$1(${newName("first")} TEXT, `,
      ),
    () => again(/\)\s*$/, `, CONSTRAINT ${newName("check")} CHECK (${c} IS NOT NULL))`),
    () => again(/\btext\b/i, "BLOB"),
    () => again(/\bnot null\b/i, ""),
    () => again(/\)\s*$/, ") STRICT"),
  ];
  return random.pick(kinds)();
};

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Projects of any size to measure on. */

import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Engines that are measured. */
export type Dialect = "postgres" | "sqlite";

/** A copy of an example; in sync when its schema is replaced by what its migrations make. */
export async function exampleProject(
  root: string,
  folder: string,
  dialect: string,
): Promise<string> {
  const target = join(folder, `example-${dialect}`);
  await cp(join(root, "examples", dialect), target, { recursive: true });
  return target;
}

/** Which table of a schema gets a column that the history does not have. */
export type Changed = "first" | "last" | "none";

/** A project with `tables` tables, each with a foreign key and an index, made by one migration that is a copy of the schema before the change. */
export async function sizedProject(
  folder: string,
  dialect: Dialect,
  { tables, changed }: { readonly tables: number; readonly changed: Changed },
): Promise<string> {
  const target = join(folder, `${dialect}-${tables}-${changed}`);
  await mkdir(join(target, "migrations"), { recursive: true });
  const current = schemaOf(dialect, tables, { changed: "none" });
  await writeFile(join(target, "aim.toml"), `engine = "${dialect}"\n`);
  await writeFile(join(target, "migrations/000001_all.up.sql"), current);
  await writeFile(
    join(target, "migrations/000001_all.down.sql"),
    Array.from({ length: tables }, (_, at) => `DROP TABLE t${tables - 1 - at};\n`).join(""),
  );
  await writeFile(join(target, "schema.sql"), schemaOf(dialect, tables, { changed }));
  return target;
}

/** A project with a history of `count` small migrations, in sync with its schema. */
export async function longProject(
  folder: string,
  dialect: Dialect,
  count: number,
): Promise<string> {
  const target = join(folder, `${dialect}-history-${count}`);
  await mkdir(join(target, "migrations"), { recursive: true });
  await writeFile(join(target, "aim.toml"), `engine = "${dialect}"\n`);
  const schema: string[] = [];
  for (let at = 0; at < count; at++) {
    const [up, down] = step(dialect, at);
    const stem = join(target, "migrations", `${String(at + 1).padStart(6, "0")}_step`);
    await writeFile(`${stem}.up.sql`, up);
    await writeFile(`${stem}.down.sql`, down);
    schema.push(up);
  }
  await writeFile(join(target, "schema.sql"), schema.join(""));
  return target;
}

/** A real history with what its runner made first put into its first migration. */
export async function realProject(folder: string, source: string): Promise<string | null> {
  const target = join(folder, "real-history");
  try {
    await cp(join(source, "migrations"), join(target, "migrations"), { recursive: true });
    const order: { up: string }[] = JSON.parse(await readFile(join(source, "order.json"), "utf8"));
    const first = join(target, "migrations", order[0]?.up ?? "");
    const before = await readFile(join(source, "pre.sql"), "utf8").catch(() => "");
    if (before !== "") await writeFile(first, `${before};\n${await readFile(first, "utf8")}`);
    await writeFile(join(target, "aim.toml"), `engine = "postgres"\nformat = "diesel"\n`);
    await writeFile(join(target, "schema.sql"), "");
    return target;
  } catch {
    return null;
  }
}

/** The schema of such a project; `added` is the name of the column that the changed table gets. */
export function schemaOf(
  dialect: Dialect,
  tables: number,
  { changed, added = "added" }: { readonly changed: Changed; readonly added?: string },
): string {
  const place = { first: 0, last: tables - 1, none: -1 }[changed];
  return Array.from(
    { length: tables },
    (_, at) => tableOf(dialect, at, at === place ? `,\n  ${added} text` : ""),
  ).join("");
}

function tableOf(dialect: Dialect, at: number, extra: string): string {
  const id = dialect === "postgres"
    ? "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    : "id integer PRIMARY KEY";
  return `CREATE TABLE t${at} (
  ${id},
  parent_id bigint REFERENCES t${Math.floor(at / 2)} (id),
  name text NOT NULL,
  note text DEFAULT 'none',
  amount integer NOT NULL DEFAULT 0 CHECK (amount >= 0),
  created_at timestamp NOT NULL DEFAULT current_timestamp${extra}
);
CREATE INDEX t${at}_name ON t${at} (name, created_at);
`;
}

/** Tables, columns, indexes and views in turn. */
function step(dialect: Dialect, at: number): readonly [up: string, down: string] {
  const table = at - at % 4;
  switch (at % 4) {
    case 0:
      return [
        tableOf(dialect, at, "").replace(/REFERENCES \S+ \(id\)/, ""),
        `DROP TABLE t${at};\n`,
      ];
    case 1:
      return [
        `ALTER TABLE t${table} ADD COLUMN added_${at} integer;\n`,
        `ALTER TABLE t${table} DROP COLUMN added_${at};\n`,
      ];
    case 2:
      return [
        `CREATE INDEX t${table}_amount ON t${table} (amount);\n`,
        `DROP INDEX t${table}_amount;\n`,
      ];
    default:
      return [
        `CREATE VIEW v${at} AS SELECT id, name FROM t${table};\n`,
        `DROP VIEW v${at};\n`,
      ];
  }
}

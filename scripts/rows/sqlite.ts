/** Rows for any SQLite schema. */

import { quote } from "../../src/engines/sqlite/quote.ts";
import type { Database } from "../../src/runtimes/runtime.ts";
import type { Contents } from "./mod.ts";

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
}

/** Columns of ordinary tables, those that a virtual table keeps its index in left out; computed columns have another `hidden`. */
const COLUMNS = `
  SELECT l.name AS "table", x.name AS name, upper(x.type) AS type
  FROM pragma_table_list l, pragma_table_xinfo(l.name) x
  WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    AND x.hidden = 0
  ORDER BY l.name, x.cid`;

/** Puts two rows into each table that takes them, without a look at foreign keys; gives the number of rows. */
export async function seed(database: Database): Promise<number> {
  let count = 0;
  await database.exec("PRAGMA foreign_keys = OFF");
  for (const [table, columns] of await tablesOf(database)) {
    const names = columns.map(({ name }) => quote(name)).join(", ");
    for (const number of [1, 2]) {
      const values = columns.map(({ type }) => valueOf(type, number)).join(", ");
      const sql = `INSERT INTO ${quote(table)} (${names}) VALUES (${values})`;
      if (await database.exec(sql).then(() => true, () => false)) count++;
    }
  }
  return count;
}

/** The rows of each table, computed columns left out. */
export async function contents(database: Database): Promise<Contents> {
  const found = new Map<string, Record<string, string | null>[]>();
  for (const [table, columns] of await tablesOf(database)) {
    const texts = columns.map(({ name }) => `quote(${quote(name)}) AS ${quote(name)}`).join(", ");
    found.set(table, await database.query(`SELECT ${texts} FROM ${quote(table)}`));
  }
  return found;
}

async function tablesOf(database: Database): Promise<ReadonlyMap<string, readonly Column[]>> {
  return Map.groupBy(await database.query<Column>(COLUMNS), ({ table }) => table);
}

function valueOf(type: string, number: number): string {
  if (/INT|NUM|REAL|FLOA|DOUB|DEC|BOOL/.test(type)) return String(number);
  return /DATE|TIME/.test(type) ? `'2020-01-0${number} 10:00:00'` : `'v${number}'`;
}

/** Rows for any Postgres schema. */

import { ident } from "../../src/engines/postgres/quote.ts";
import { joinName } from "../../src/names.ts";
import type { Database } from "../../src/runtimes/runtime.ts";
import type { Contents } from "./mod.ts";

interface Column {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly type: string;
  /** `typcategory`; that of a domain is its base type's. */
  readonly category: string;
  readonly written: boolean;
}

const TABLES = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'`;

/** Puts two rows into each table that takes them, without a look at foreign keys; gives the number of rows. */
export async function seed(database: Database): Promise<number> {
  const columns = await database.query<Column>(`
    SELECT n.nspname AS schema, c.relname AS table, a.attname AS name, format_type(t.oid, NULL) AS type,
      t.typcategory::text AS category, a.attgenerated = '' AND a.attidentity <> 'a' AS written
    FROM ${TABLES} AND c.relkind IN ('r', 'p')
    ORDER BY n.nspname, c.relname, a.attnum`);
  const tables = Map.groupBy(columns, ({ schema, table }) => `${ident(schema)}.${ident(table)}`);
  let count = 0;
  await database.exec("SET session_replication_role = replica");
  for (const [table, all] of tables) {
    const into = all.filter(({ written }) => written);
    const names = into.map(({ name }) => ident(name)).join(", ");
    for (const number of [1, 2]) {
      const values = into.map((column) => valueOf(column, number)).join(", ");
      const took = into.length > 0 &&
          await takes(database, `INSERT INTO ${table} (${names}) VALUES (${values})`) ||
        await takes(database, `INSERT INTO ${table} DEFAULT VALUES`);
      if (took) count++;
    }
  }
  await database.exec("SET session_replication_role = origin");
  return count;
}

/** The rows that are stored in each table itself, computed columns left out. */
export async function contents(database: Database): Promise<Contents> {
  const columns = await database.query<Column>(`
    SELECT n.nspname AS schema, c.relname AS table, a.attname AS name
    FROM ${TABLES} AND c.relkind = 'r' AND a.attgenerated = ''
    ORDER BY n.nspname, c.relname, a.attname`);
  const found = new Map<string, Record<string, string | null>[]>();
  for (
    const list of Map.groupBy(columns, ({ schema, table }) => joinName(schema, table)).values()
  ) {
    const [first] = list;
    if (first === undefined) continue;
    const texts = list.map(({ name }) => `${ident(name)}::text AS ${ident(name)}`).join(", ");
    const from = `${ident(first.schema)}.${ident(first.table)}`;
    found.set(
      joinName(first.schema, first.table),
      await database.query(`SELECT ${texts} FROM ONLY ${from}`),
    );
  }
  return found;
}

function valueOf({ type, category }: Column, number: number): string {
  const known = BY_TYPE[type]?.(number);
  if (known !== undefined) return known;
  switch (category) {
    case "N":
      return String(number);
    case "S":
      return `'v${number}'`;
    case "B":
      return number === 1 ? "true" : "false";
    case "D":
      return type.startsWith("time ") ? `'10:0${number}'` : `'2020-01-0${number}'`;
    case "E":
      return `(SELECT (enum_range(NULL::${type}))[1])`;
    case "A":
      return "'{}'";
    default:
      return "DEFAULT";
  }
}

/** Types whose category says little. */
const BY_TYPE: Readonly<Record<string, (number: number) => string>> = {
  '"char"': (number) => `'${number}'`,
  character: (number) => `'${number}'`,
  uuid: (number) => `'00000000-0000-0000-0000-00000000000${number}'`,
  json: (number) => `'{"a": ${number}}'`,
  jsonb: (number) => `'{"a": ${number}}'`,
  bytea: (number) => `'\\x0${number}'`,
  interval: (number) => `'${number} days'`,
  inet: (number) => `'10.0.0.${number}'`,
  cidr: (number) => `'10.0.0.${number}'`,
};

async function takes(database: Database, sql: string): Promise<boolean> {
  return await database.exec(sql).then(() => true, () => false);
}

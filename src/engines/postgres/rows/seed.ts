/** Puts rows into every table of a Postgres database. */

import { DatabaseError } from "../../../core/error.ts";
import { joinName } from "../../../core/name.ts";
import { literalsOf, type Seeded } from "../../../core/observation.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { objectId, type Snapshot } from "../../../core/snapshot.ts";
import type { SeedOptions } from "../../engine.ts";
import { LAST_SERVER_OID } from "../catalog/user_objects.ts";
import { columnOf, isOf, objectOf, postgresSnapshot } from "../objects.ts";
import { type Reader, type SeedColumn, type SeedTable, seedTables } from "./tables.ts";
import { valuesFor } from "./values.ts";

/** Rows that a table gets. */
const ROWS = 3;
/** How many rows are tried before a table is given up. */
const MOST_TRIES = 60;

/** Puts rows into the tables, without triggers and foreign keys in the way. Sequences then stand where their tables' rows end. */
export async function seed(database: ScratchDatabase, options: SeedOptions = {}): Promise<Seeded> {
  const { expected } = options;
  const special = specialValues(literalsOf(options.statements ?? []));
  const tables = await seedTables((sql) => database.query(sql), expected);
  await database.exec("SET session_replication_role = replica");
  let rows = 0;
  const empty: { table: string; reason: string }[] = [];
  for (const table of tables) {
    if (options.tables?.has(objectId("table", joinName(...table.path))) === false) continue;
    const taken = await fill(database, table, { expected, special });
    rows += taken.rows;
    if (taken.rows === 0) empty.push({ table: table.name, reason: taken.reason });
  }
  await advance((sql) => database.query(sql));
  await database.exec("SET session_replication_role = origin");
  return { rows, empty };
}

async function fill(
  database: ScratchDatabase,
  table: SeedTable,
  { expected, special }: {
    readonly expected: Snapshot | undefined;
    readonly special: readonly Special[];
  },
): Promise<{ readonly rows: number; readonly reason: string }> {
  let rows = 0;
  let reason = "it has no columns";
  const checks = expected === undefined ? [] : checksOf(table, expected);
  for (let row = 1; row <= ROWS + special.length; row++) {
    const extra = special[row - ROWS - 1];
    const refusal = await fillRow(database, table, row, { expected, checks, special: extra });
    if (refusal === null) rows++;
    else if (extra === undefined) reason = refusal;
  }
  return { rows, reason };
}

/** What a column gets in a row that is there for a value of a statement. */
type Special = (column: SeedColumn) => readonly string[];

/** A row for each string, and one for each number; columns of other types have values of their own. */
function specialValues({ texts, numbers }: ReturnType<typeof literalsOf>): readonly Special[] {
  return [
    ...texts.map((text): Special => ({ category }) =>
      category === "S" ? [`'${text.replaceAll("'", "''")}'`] : []
    ),
    ...numbers.map((number): Special => ({ category }) => category === "N" ? [String(number)] : []),
  ];
}

/** What a change that is ahead asks of a table: SQL for the rows that break it. */
interface Check {
  readonly rule: string;
  readonly sql: string;
}

/** What a column's value is chosen from, and which is the present choice. */
interface Slot {
  readonly column: SeedColumn;
  readonly values: readonly string[];
  at: number;
}

/** Tries values until the server takes the row: after a refusal those that it speaks of are changed. The last refusal, or null. */
async function fillRow(
  database: ScratchDatabase,
  table: SeedTable,
  row: number,
  { expected, checks, special }: {
    readonly expected: Snapshot | undefined;
    readonly checks: readonly Check[];
    readonly special: Special | undefined;
  },
): Promise<string | null> {
  const slots = table.columns.filter(({ written }) => written).map((column) => ({
    column,
    values: [...special?.(column) ?? [], ...choices(table, column, row, expected)],
    at: 0,
  }));
  let refusal = "";
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const failed = await tryRow(database, table, slots, checks);
    if (failed === null) return null;
    refusal = failed.message;
    if (!advanceSlots(slotsOf(slots, table, failed.message))) break;
  }
  return refusal;
}

function choices(
  table: SeedTable,
  column: SeedColumn,
  row: number,
  expected: Snapshot | undefined,
): readonly string[] {
  const { salt } = column;
  const target = expected === undefined ? undefined : postgresSnapshot(expected);
  const id = objectId("column", joinName(...table.path, column.name));
  const later = target === undefined ? undefined : columnOf(target, id)?.facts.type;
  const type = later?.replace(/\(.*?\)/, "") ?? column.type;
  const size = Number(/\((\d+)/.exec(later ?? "")?.[1] ?? NaN);
  const narrow = Number.isNaN(size) ? column.size : Math.min(size, column.size ?? size);
  const other = { type, category: CATEGORIES[type] ?? "U", size: narrow, salt, row };
  const fits = type === column.type ? [] : asText(valuesFor(other));
  const enumId = objectId("enum", joinName("public", later ?? ""));
  const labels = target === undefined ? [] : objectOf(target, enumId, "enum")?.facts.labels ?? [];
  const kept = labels.map((label) => `'${label.replaceAll("'", "''")}'`);
  const turn = kept.length === 0 ? [] : [kept[(row - 1) % kept.length] ?? "", ...kept];
  const own = [...valuesFor({ ...column, size: narrow, row }), ...valuesFor({ ...column, row })];
  const literals = table.literals.get(column.name) ?? [];
  return [...new Set([...turn, ...fits, ...own, ...literals, "DEFAULT", "NULL"])];
}

/** Values of another type that the present one may take as well: what is written as a number or in quotes. */
function asText(values: readonly string[]): readonly string[] {
  return values.flatMap((value) =>
    /^'[^']*'$/.test(value) ? [value] : /^(?:\d+|true|false)$/.test(value) ? [`'${value}'`] : []
  );
}

const CATEGORIES: Readonly<Record<string, string>> = {
  smallint: "N",
  integer: "N",
  bigint: "N",
  numeric: "N",
  real: "N",
  "double precision": "N",
  boolean: "B",
  date: "D",
  "timestamp without time zone": "D",
  "timestamp with time zone": "D",
  text: "S",
  "character varying": "S",
  character: "S",
};

/** Inserts the row; what the server, or a check that is to come, says against it. */
async function tryRow(
  database: ScratchDatabase,
  table: SeedTable,
  slots: readonly Slot[],
  checks: readonly Check[],
): Promise<DatabaseError | null> {
  const names = slots.map(({ column }) => column.quoted).join(", ");
  const values = slots.map(({ values, at }) => values[at] ?? "DEFAULT").join(", ");
  const row = slots.length === 0 ? "DEFAULT VALUES" : `(${names}) VALUES (${values})`;
  await database.exec("BEGIN");
  try {
    await database.exec(`INSERT INTO ${table.quoted} ${row}`);
    for (const check of checks) {
      if (!await isBroken(database, check)) continue;
      await database.exec("ROLLBACK");
      return new DatabaseError(check.rule);
    }
    await database.exec("COMMIT");
    return null;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    await database.exec("ROLLBACK");
    return error;
  }
}

/** Whether a check that is to come refuses a row; one that speaks of what is not there yet refuses nothing. */
async function isBroken(database: ScratchDatabase, { sql }: Check): Promise<boolean> {
  await database.exec("SAVEPOINT aim_check");
  try {
    const rows = await database.query(sql);
    await database.exec("RELEASE SAVEPOINT aim_check");
    return rows.length > 0;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    await database.exec("ROLLBACK TO SAVEPOINT aim_check");
    return false;
  }
}

/** The slots that a refusal speaks of: columns of the constraint that it names, or those whose names it holds; all when there are none. */
function slotsOf(slots: readonly Slot[], table: SeedTable, message: string): readonly Slot[] {
  const constraint = /constraint "((?:[^"]|"")+)"/.exec(message)?.[1];
  const named = table.constraints.get(constraint ?? "") ?? [];
  const members = slots.filter(({ column }) =>
    named.includes(column.name) ||
    (named.length === 0 &&
      (message.includes(column.name) || column.checks.includes(constraint ?? "")))
  );
  return members.length > 0 ? members : slots;
}

/** The next combination of the slots' values; false when there is none. */
function advanceSlots(slots: readonly Slot[]): boolean {
  for (const slot of slots) {
    slot.at += 1;
    if (slot.at < slot.values.length) return true;
    slot.at = 0;
  }
  return false;
}

/** The checks and the keys that a table is to have. */
function checksOf({ path, quoted }: SeedTable, snapshot: Snapshot): readonly Check[] {
  const id = objectId("table", joinName(...path));
  return [...postgresSnapshot(snapshot).objects.values()].flatMap((object) => {
    if (object.parent !== id || !isOf(object, "constraint", "index")) return [];
    const rule = object.facts.definition;
    const condition = /^CHECK \((.*)\)(?: NOT VALID| NO INHERIT)*$/s.exec(rule)?.[1];
    if (condition !== undefined) {
      return [{ rule, sql: `SELECT 1 AS x FROM ${quoted} WHERE NOT (${condition}) LIMIT 1` }];
    }
    const isKey = object.kind === "index"
      ? object.facts.unique === true
      : ["unique", "primary key"].includes(object.facts.type);
    const key = /\((.*?)\)(?: INCLUDE .*)?$/s.exec(rule)?.[1];
    if (!isKey || key === undefined) return [];
    return [{
      rule,
      sql: `SELECT 1 AS x FROM ${quoted} GROUP BY ${key} HAVING count(*) > 1 LIMIT 1`,
    }];
  });
}

/** Sets each sequence that numbers a column to its last value, and others to some value, so that one that restarts is seen. */
async function advance(query: Reader): Promise<void> {
  const sequences = await query<{
    readonly name: string;
    readonly table: string | null;
    readonly column: string | null;
    readonly step: number;
  }>(`
    SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name,
      pg_catalog.quote_ident(tn.nspname) || '.' || pg_catalog.quote_ident(t.relname) AS table, pg_catalog.quote_ident(a.attname) AS column,
      s.seqincrement::float8 AS step
    FROM pg_catalog.pg_sequence s
    JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
      AND d.objid = c.oid AND d.refclassid = d.classid AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
    LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE c.oid > ${LAST_SERVER_OID}`);
  for (const { name, table, column, step } of sequences) {
    const least = `(SELECT last_value + ${step} * 6 FROM ${name})`;
    const last = column === null || Number(step) < 0
      ? least
      : `(SELECT coalesce(pg_catalog.max(${column})::int8, 7) FROM ${table})`;
    for (const sql of [last, least]) {
      try {
        await query(`SELECT pg_catalog.setval('${name.replaceAll("'", "''")}', ${sql})`);
        break;
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
      }
    }
  }
}

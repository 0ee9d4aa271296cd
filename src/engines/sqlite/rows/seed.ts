/** Puts rows into every table of a SQLite database. */

import { DatabaseError } from "../../../core/error.ts";
import { literalsOf, type Seeded } from "../../../core/observation.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { objectId, type Snapshot } from "../../../core/snapshot.ts";
import type { SeedOptions } from "../../engine.ts";
import { quoteList } from "../quote.ts";
import { fold } from "../tokens.ts";

/** Rows that a table gets. */
const ROWS = 3;
/** How many rows are tried before a table is given up. */
const MOST_TRIES = 60;

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  /** The text of the whole table. */
  readonly sql: string;
}

/** Columns of ordinary tables, those that a virtual table keeps its index in left out; generated columns have another `hidden`. */
const COLUMNS = `
  SELECT l.name AS "table", x.name AS name, upper(x.type) AS type, s.sql AS sql
  FROM pragma_table_list l
  JOIN sqlite_schema s ON s.type = 'table' AND s.name = l.name
  JOIN pragma_table_xinfo(l.name) x
  WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    AND x.hidden = 0
  ORDER BY s.rowid, x.cid`;

const KEYS = `
  SELECT s.name AS "table", k."from" AS name, k."table" AS other, k."to" AS other_name
  FROM sqlite_schema s, pragma_foreign_key_list(s.name) k WHERE s.type = 'table'`;

/** Puts rows into the tables, without a look at foreign keys and without firing triggers. */
export async function seed(database: ScratchDatabase, options: SeedOptions = {}): Promise<Seeded> {
  const { expected } = options;
  const columns = await database.query<Column>(COLUMNS);
  const salts = await saltsOf(database, columns, expected);
  const triggers = await database.query<{ readonly name: string; readonly sql: string }>(
    "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid",
  );
  await database.exec("PRAGMA foreign_keys = OFF");
  for (const { name } of triggers) await database.exec(`DROP TRIGGER ${always(name)}`);
  const special = specialValues(literalsOf(options.statements ?? []));
  let rows = 0;
  const empty: { table: string; reason: string }[] = [];
  for (const [table, list] of Map.groupBy(columns, ({ table }) => table)) {
    if (options.tables?.has(objectId("table", fold(table))) === false) continue;
    const filled = await fill(database, list, { expected, special, salts });
    rows += filled.rows;
    if (filled.rows === 0) empty.push({ table, reason: filled.reason });
  }
  for (const { sql } of triggers) await database.exec(sql);
  return { rows, empty };
}

/** What a column gets in a row that is there for a value of a statement. */
type Special = (type: string) => readonly string[];

/** A row for each string, and one for each number; columns of other types have values of their own. */
function specialValues({ texts, numbers }: ReturnType<typeof literalsOf>): readonly Special[] {
  return [
    ...texts.map((text): Special => (type) =>
      NUMERIC.test(type) ? [] : [`'${text.replaceAll("'", "''")}'`]
    ),
    ...numbers.map((number): Special => (type) => NUMERIC.test(type) ? [String(number)] : []),
  ];
}

const NUMERIC = /INT|NUM|REAL|FLOA|DOUB|DEC/;

async function fill(
  database: ScratchDatabase,
  columns: readonly Column[],
  { expected, special, salts }: {
    readonly expected: Snapshot | undefined;
    readonly special: readonly Special[];
    readonly salts: ReadonlyMap<string, number>;
  },
): Promise<{ readonly rows: number; readonly reason: string }> {
  const table = columns[0]?.table ?? "";
  const checks = expected === undefined ? [] : checksOf(table, expected);
  let [rows, reason] = [0, ""];
  for (let row = 1; row <= ROWS + special.length; row++) {
    const extra = special[row - ROWS - 1];
    const slots = columns.map((column) => {
      const own = (salts.get(keyOf(column)) ?? 0) * 10 + row;
      const values = [...extra?.(column.type) ?? [], ...choices(column, own, row, expected)];
      return { column, values, at: 0 };
    });
    const refusal = await fillRow(database, table, slots, checks);
    if (refusal === null) rows++;
    else if (extra === undefined) reason = refusal;
  }
  return { rows, reason };
}

/** What a change that is ahead asks of a table: SQL for the rows that break it. */
interface Check {
  readonly rule: string;
  readonly sql: string;
}

interface Slot {
  readonly column: Column;
  readonly values: readonly string[];
  at: number;
}

async function fillRow(
  database: ScratchDatabase,
  table: string,
  slots: readonly Slot[],
  checks: readonly Check[],
): Promise<string | null> {
  const names = slots.map(({ column }) => always(column.name)).join(", ");
  let refusal = "it has no columns";
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const values = slots.map(({ values, at }) => values[at] ?? "NULL").join(", ");
    await database.exec("SAVEPOINT aim_row");
    try {
      await database.exec(`INSERT INTO ${always(table)} (${names}) VALUES (${values})`);
      const broken = await brokenCheck(database, checks);
      if (broken === null) {
        await database.exec("RELEASE aim_row");
        return null;
      }
      refusal = broken;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      refusal = error.message;
    }
    await database.exec("ROLLBACK TO aim_row; RELEASE aim_row");
    const named = slots.filter(({ column }) => refusal.includes(column.name));
    if (!advance(named.length > 0 ? named : slots)) break;
  }
  return refusal;
}

/** A check that is to come and refuses a row; one that speaks of what is not there yet refuses nothing. */
async function brokenCheck(
  database: ScratchDatabase,
  checks: readonly Check[],
): Promise<string | null> {
  for (const { rule, sql } of checks) {
    try {
      if ((await database.query(sql)).length > 0) return rule;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
    }
  }
  return null;
}

/** The next combination of the slots' values; false when there is none. */
function advance(slots: readonly Slot[]): boolean {
  for (const slot of slots) {
    slot.at += 1;
    if (slot.at < slot.values.length) return true;
    slot.at = 0;
  }
  return false;
}

function choices(
  { table, name, type, sql }: Column,
  own: number,
  row: number,
  expected: Snapshot | undefined,
): readonly string[] {
  const later = expected?.objects.get(objectId("column", `${fold(table)}.${fold(name)}`))?.facts
    .type;
  const fits = typeof later === "string" && later !== type ? valuesOf(later, own, row) : [];
  const texts = sql.match(/'(?:[^']|'')*'/g) ?? [];
  return [...new Set([...fits, ...valuesOf(type, own, row), ...texts, "NULL"])];
}

/** Values for a declared type, best first: one that no other column has, then a short one. */
function valuesOf(type: string, own: number, row: number): readonly string[] {
  if (/INT|NUM|REAL|FLOA|DOUB|DEC/.test(type)) return [String(own), String(row), "0"];
  if (/BOOL/.test(type)) return [String(row % 2)];
  if (/BLOB/.test(type)) return [`X'${own.toString(16).padStart(6, "0")}'`];
  if (/DATE|TIME/.test(type)) return [`'2020-01-01 10:00:${String(own).padStart(2, "0")}'`];
  return [`'v${own}'`, `'v${row}'`, `'{"a": ${own}}'`, String(own)];
}

/** The checks and the keys that a table is to have. */
function checksOf(table: string, { objects }: Snapshot): readonly Check[] {
  const id = objectId("table", fold(table));
  return [...objects.values()].flatMap(({ parent, facts }): readonly Check[] => {
    if (parent !== id) return [];
    if (facts.type === "check") {
      const rule = String(facts.expression);
      return [{ rule, sql: `SELECT 1 FROM ${always(table)} WHERE NOT (${rule}) LIMIT 1` }];
    }
    const isKey = facts.unique === true || facts.type === "unique" || facts.type === "primary key";
    if (!isKey || !Array.isArray(facts.columns)) return [];
    const names = facts.columns.map((name) => String(name).replace(/^"(.*)"$/, "$1"));
    const key = quoteList(names);
    const sql = `SELECT 1 FROM ${always(table)} GROUP BY ${key} HAVING count(*) > 1 LIMIT 1`;
    return [{ rule: key, sql }];
  });
}

/** A number for each column; columns that a foreign key joins have the same. */
async function saltsOf(
  database: ScratchDatabase,
  columns: readonly Column[],
  expected: Snapshot | undefined,
): Promise<ReadonlyMap<string, number>> {
  const keys = await database.query<{
    readonly table: string;
    readonly name: string;
    readonly other: string;
    readonly other_name: string | null;
  }>(KEYS);
  const parents = new Map(
    keys.flatMap(({ table, name, other, other_name }) =>
      other_name === null
        ? []
        : [[keyOf({ table, name }), keyOf({ table: other, name: other_name })] as const]
    ),
  );
  for (const { parent, facts } of expected?.objects.values() ?? []) {
    if (facts.type !== "foreign key" || !Array.isArray(facts.columns)) continue;
    const others = Array.isArray(facts.references) ? facts.references : [];
    for (const [at, name] of facts.columns.entries()) {
      const table = (parent ?? "").slice("table:".length);
      const own = keyOf({ table, name: String(name) });
      const other = keyOf({ table: String(facts.table), name: String(others[at]) });
      if (!parents.has(own) && own !== other) parents.set(own, other);
    }
  }
  const salts = new Map<string, number>();
  return new Map(columns.map((column) => {
    let root = keyOf(column);
    for (let steps = 0; steps < columns.length; steps++) root = parents.get(root) ?? root;
    const salt = salts.get(root) ?? salts.size + 1;
    salts.set(root, salt);
    return [keyOf(column), salt];
  }));
}

function keyOf({ table, name }: { readonly table: string; readonly name: string }): string {
  return JSON.stringify([fold(table), fold(name)]);
}

function always(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

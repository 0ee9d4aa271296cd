/** How rows are taken out of a database of one dialect as statements for another, and how both are counted and summed up. */

import { columnOf } from "./adapt.ts";
import type {
  LogicalType,
  NeutralColumn,
  NeutralForeignKey,
  NeutralSchema,
  NeutralTable,
} from "./neutral.ts";

/** What a dialect has to do with that. Columns are given as SQL. */
export interface DataSide {
  readonly quote: (name: string) => string;
  /** A value as a text that every dialect writes alike; NULL stays NULL. */
  readonly text: (column: string, type: LogicalType) => string;
  /** A text as a literal, in which backslashes are doubled where the other side wants that. */
  readonly quoted: (text: string, backslashes: boolean) => string;
  readonly joined: (parts: readonly string[]) => string;
  readonly literal: (text: string) => string;
  /** True in SQL for a value that the type of the other side does not take; null where it takes all. */
  readonly misfit: (column: string, from: LogicalType, to: LogicalType) => string | null;
  /** What stands around a text to make it a value of the type; `isBare` for a number. */
  readonly value: (type: LogicalType) => {
    readonly open: string;
    readonly close: string;
    readonly isBare: boolean;
  };
  readonly backslashes: boolean;
  /** INSERT up to the first value. */
  readonly insert: (table: NeutralTable, columns: readonly NeutralColumn[]) => string;
  /** What may be summed up: a number; null where only values are counted. */
  readonly measure: (column: string, type: LogicalType) => string | null;
  /** Before rows are read. */
  readonly reading: readonly string[];
  /** Before rows are written: nothing but they happens. */
  readonly before: (schema: NeutralSchema) => readonly string[];
  /** After that: keys are checked again, and numbers go on behind those that are there. */
  readonly after: (schema: NeutralSchema) => readonly string[];
  /** Counts rows of a table, by its name as SQL, for a condition, as `table_name` (the label) and `row_count`. */
  readonly countWhere: (label: string, table: string, condition: string) => string;
  /** Takes out rows for a condition. */
  readonly remove: (table: string, condition: string) => string;
  /** Whether values of a type are kept to their last digit. */
  readonly isExact: (type: LogicalType) => boolean;
  /** Command lines of the dialect's own client: `read` prints the rows that a file asks for, `run` runs what it is given. */
  readonly client: { readonly read: (file: string) => string; readonly run: string };
}

/** Numbers are summed up by what is left of them by this one, so that no sum is too great. */
export const REMAINDER = 1_000_003;

/** Two sides of a copy: the tables as the source has them, and as the target has. */
export interface Copy {
  readonly from: DataSide;
  readonly to: DataSide;
}

/** A table of a copy, with the columns that hold values of their own. */
export interface CopiedTable {
  readonly source: NeutralTable;
  readonly target: NeutralTable;
  readonly columns: readonly { readonly source: NeutralColumn; readonly target: NeutralColumn }[];
}

/** The tables that both have, those that are referred to first. */
export function copiedTables(
  source: NeutralSchema,
  target: NeutralSchema,
): readonly CopiedTable[] {
  const byName = new Map(target.tables.map((table) => [table.name, table]));
  return inOrder(source.tables).flatMap((table): readonly CopiedTable[] => {
    const there = byName.get(table.name);
    if (there === undefined) return [];
    const columns = table.columns.flatMap((column) => {
      const other = there.columns.find(({ name }) => name === column.name);
      if (other === undefined || column.generated !== null || other.generated !== null) return [];
      return [{ source: column, target: other }];
    });
    return columns.length === 0 ? [] : [{ source: table, target: there, columns }];
  });
}

/** A table behind those that it refers to, where there is no circle. */
function inOrder(tables: readonly NeutralTable[]): readonly NeutralTable[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const done = new Set<string>();
  const order: NeutralTable[] = [];
  const visit = (table: NeutralTable, above: ReadonlySet<string>) => {
    if (done.has(table.name) || above.has(table.name)) return;
    for (const { table: name } of table.foreignKeys) {
      const other = byName.get(name);
      if (other !== undefined) visit(other, new Set([...above, table.name]));
    }
    if (done.has(table.name)) return;
    done.add(table.name);
    order.push(table);
  };
  for (const table of tables) visit(table, new Set());
  return order;
}

/** A table's own name as SQL. */
export function tableSql({ path }: Pick<NeutralTable, "path">, { quote }: DataSide): string {
  return path.map(quote).join(".");
}

/** A query of the source that gives, as `line`, an INSERT of the target for each row. */
export function exportQuery(table: CopiedTable, copy: Copy): string {
  return `SELECT ${lineOf(table, copy)} AS line\nFROM ${tableSql(table.source, copy.from)}`;
}

/** A condition for the rows that give a line. */
export function lineCondition(table: CopiedTable, copy: Copy, line: string): string {
  return `${lineOf(table, copy)} = ${copy.from.literal(line)}`;
}

function lineOf(table: CopiedTable, { from, to }: Copy): string {
  const parts: string[] = [];
  for (const [at, { source, target }] of table.columns.entries()) {
    const text = from.text(from.quote(source.name), source.type);
    const { open, close, isBare } = to.value(target.type);
    const value = isBare ? text : from.quoted(text, to.backslashes);
    const whole = open === "" && close === ""
      ? value
      : from.joined([from.literal(open), value, from.literal(close)]);
    if (at > 0) parts.push(from.literal(", "));
    parts.push(`coalesce(${whole}, 'NULL')`);
  }
  const columns = table.columns.map(({ target }) => target);
  const head = from.literal(`${to.insert(table.target, columns)} (`);
  return from.joined([head, ...parts, from.literal(");")]);
}

/** A query that counts rows and values of a side and sums them up where both sides measure alike, a row for each column. */
export function checkQuery(table: CopiedTable, which: "source" | "target", copy: Copy): string {
  const side = which === "source" ? copy.from : copy.to;
  return table.columns.map((column) => {
    const { name, type } = column[which];
    const own = side.quote(name);
    const measured = measuresAlike(column, copy) ? side.measure(own, type) : null;
    return [
      `SELECT ${side.literal(table.source.name)} AS table_name, ${
        side.literal(name)
      } AS column_name,`,
      `  count(*) AS row_count, count(${own}) AS value_count, ${measured ?? "0"} AS value_sum`,
      `FROM ${tableSql(table[which], side)}`,
    ].join("\n");
  }).join("\nUNION ALL\n");
}

/** A condition of the source for rows that the target does not take; null where it takes all. */
export function misfitCondition(
  { columns, target: there }: CopiedTable,
  { from }: Copy,
): string | null {
  const conditions = columns.flatMap(({ source, target }) => {
    const own = from.quote(source.name);
    const isKey = (parts: NeutralTable["uniques"][number]["parts"] | undefined) =>
      parts?.some(({ expression }) => columnOf(expression) === target.name) === true;
    const isRequired = target.isRequired || isKey(there.primaryKey?.parts);
    return [
      ...isRequired && !source.isRequired ? [`${own} IS NULL`] : [],
      ...[from.misfit(own, source.type, target.type) ?? []].flat(),
    ];
  });
  return conditions.length === 0 ? null : conditions.map((one) => `(${one})`).join("\n  OR ");
}

/** Whether sums of both sides may be compared: their types measure the same thing, to the last digit. */
function measuresAlike(
  { source, target }: CopiedTable["columns"][number],
  { from, to }: Copy,
): boolean {
  if (measureKind(source.type) !== measureKind(target.type)) return false;
  return from.isExact(source.type) && to.isExact(target.type) &&
    isWide(source.type) === isWide(target.type);
}

function isWide(type: LogicalType): boolean {
  return type.kind === "int" && type.unsigned && type.bits === 64;
}

/** A condition for rows that refer to none. */
export function orphanCondition(
  key: NeutralForeignKey,
  parent: NeutralTable,
  side: DataSide,
): string {
  const { quote } = side;
  const list = (names: readonly string[]) => names.map(quote).join(", ");
  const present = (names: readonly string[]) =>
    names.map((name) => `${quote(name)} IS NOT NULL`).join(" AND ");
  const columns = list(key.references);
  const own = key.columns.length === 1 ? list(key.columns) : `(${list(key.columns)})`;
  return `${
    present(key.columns)
  } AND ${own} NOT IN (SELECT ${columns} FROM (SELECT ${columns} FROM ${
    tableSql(parent, side)
  } WHERE ${present(key.references)}) AS parents)`;
}

/** What is summed up of a type: numbers, letters, bytes, days; nothing where the texts of dialects differ. */
export function measureKind(type: LogicalType): "number" | "letters" | "bytes" | "moment" | "none" {
  switch (type.kind) {
    case "int":
    case "decimal":
    case "float":
    case "bool":
    case "year":
      return "number";
    case "text":
    case "enum":
    case "set":
    case "uuid":
      return "letters";
    case "binary":
      return "bytes";
    case "date":
    case "timestamp":
      return "moment";
    default:
      return "none";
  }
}

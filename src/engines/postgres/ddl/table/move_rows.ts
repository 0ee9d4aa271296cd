/** Rows that no longer fit their partition, or belong to a new one: they are moved to where they fit. */

import { ASSUME_EMPTY } from "../../../../core/choice.ts";
import type { PlannedStatement } from "../../../../core/statement.ts";
import { rowReason } from "../../../common/statement.ts";
import type { PreservedRows } from "../../../object_kind.ts";
import { askAboutRows } from "../../../common/data_choice.ts";
import { joinName, lastName } from "../../names.ts";
import {
  columnOf,
  dependentsOf,
  type PostgresContext,
  type PostgresSnapshot,
  type Table,
  tableOf,
} from "../../objects.ts";
import { ident, literal, reference } from "../../quote.ts";
import { isKept } from "../clauses/action.ts";
import { columnIn, freeName, schemaOf } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import { isGenerated } from "./column/generated.ts";
import { type Bound, bracketedLists, covers, overlap, readBound } from "./partition_bound.ts";

/** How rows are moved: taken out of a table, and put into its partitioned table once its partitions are there. */
export interface MovedRows {
  readonly take: readonly PlannedStatement[];
  readonly put: readonly PlannedStatement[];
  /** Ids of the other partitions. */
  readonly partitions: readonly string[];
}

const NONE: MovedRows = { take: [], put: [], partitions: [] };

/** Rows of a partition that gets another bound, where they may not fit it. */
export function rowsOfNarrowed(before: Table, after: Table, context: PostgresContext): MovedRows {
  const [was, is] = [before, after].map((table) =>
    readBound(table.facts.partition_of?.bound ?? "")
  );
  const parent = partitionedTable(after, context);
  if (was === undefined || was === null || is === undefined || is === null) return NONE;
  if (parent === undefined || covers(is, was)) return NONE;
  const others = partitionsOf(parent, context).filter(({ id }) => id !== after.id);
  const fits = is.by === "default" ? null : condition(parent, is, context);
  const elsewhere = others.map(boundOf).map((bound) =>
    bound === null ? null : condition(parent, bound, context)
  );
  const misfits = is.by === "default"
    ? elsewhere.includes(null) ? null : elsewhere.join(" OR ")
    : fits === null
    ? null
    : `(${fits}) IS NOT TRUE`;
  if (misfits === null || misfits === "") return NONE;
  return {
    ...moves(after, parent, misfits, context),
    partitions: others.map(({ id }) => id),
  };
}

/** Rows of the default partition that belong to a new one; nothing where nobody wants them moved. */
export function rowsOfDefault(partition: Table, context: PostgresContext): MovedRows {
  const bound = boundOf(partition);
  const parent = partitionedTable(partition, context);
  if (bound === null || parent === undefined || bound.by === "default") return NONE;
  if (tableOf(context.from, parent.id) === undefined) return NONE;
  const other = partitionsOf(parent, context).find((table) => boundOf(table)?.by === "default");
  if (other === undefined || context.action(other.id) !== "keep") return NONE;
  if (context.action(parent.id) === "replace") return NONE;
  const belong = condition(parent, bound, context);
  const answer = askAboutRows({
    id: `rows:${partition.name}`,
    question:
      `What becomes of rows of ${other.name} that belong to the new partition ${partition.name}?`,
    evidence: {
      partition: partition.name,
      default: other.name,
      bound: partition.facts.partition_of?.bound ?? "",
    },
    options: [
      ...belong === null ? [] : [{ id: "move", label: "They are moved to the new partition" }],
      { id: ASSUME_EMPTY, label: "There are none: the migration fails when it meets one" },
    ],
    fallback: null,
    ifEmpty: ASSUME_EMPTY,
  }, context);
  if (answer?.option !== "move" || belong === null) return NONE;
  return moves(other, parent, belong, context);
}

/** Rows of a partition that is dropped while others get its place, or part of it; null where there are none such or they are given up. */
export function rowsOfDropped(table: Table, context: PostgresContext): PreservedRows | null {
  const parent = partitionedTable(table, context);
  const bound = boundOf(table);
  if (bound === null || parent === undefined || !isKept(parent.id, context)) return null;
  if (tableOf(context.from, parent.id)?.facts.force_row_security === true) return null;
  const others = partitionsOf(parent, context);
  const takers = others.filter((other) => {
    const its = boundOf(other);
    if (its === null) return false;
    if (context.hints.isDown === true && its.by === "default") return true;
    return context.action(other.id) !== "keep" && overlap(bound, its);
  });
  if (takers.length === 0 || !losesLeaves(table, context)) return null;
  const answer = askAboutRows({
    id: `rows:${table.name}`,
    question: `Partition ${table.name} is dropped, others get its place: what becomes of its rows?`,
    evidence: { partition: table.name, others: takers.map(({ name }) => name) },
    options: [
      { id: "move", label: "They are moved; the migration fails when one fits no partition" },
      { id: "discard", label: "They are lost" },
    ],
    fallback: "move",
  }, context);
  if (answer?.option !== "move") return null;
  const { take: [save], put } = moves(table, parent, "true", context);
  if (save === undefined) return null;
  return {
    save: [{ ...save, sql: save.sql.replace(/ WHERE true$/, "") }],
    restore: put,
    sources: [],
    targets: others.flatMap((other) => [other, ...below(other, context.to)]).map(({ id }) => id),
    createdAfter: [],
  };
}

/** True when a table that holds rows is dropped with it, or is it. */
function losesLeaves(table: Table, context: PostgresContext): boolean {
  if (table.facts.partition_by === undefined) return true;
  return below(table, context.from).some((other) =>
    other.facts.partition_by === undefined && context.action(other.id) === "drop"
  );
}

/** The partitions of a table, over all generations. */
function below(table: Table, snapshot: PostgresSnapshot): readonly Table[] {
  return dependentsOf(snapshot, table.id).filter((other) => other.kind === "table")
    .filter((other) => other.facts.partition_of?.parent === table.name)
    .flatMap((partition) => [partition, ...below(partition, snapshot)]);
}

function moves(table: Table, parent: Table, which: string, context: PostgresContext): MovedRows {
  const waiting = reference(
    joinName(schemaOf(table.name), freeName(table.name, "_rows", context)),
  );
  const columns = context.members(context.from, table.id)
    .filter((member) => member.kind === "column")
    .filter(({ name }) => {
      const column = columnOf(context.to, columnIn(parent.name, lastName(name)));
      return column !== undefined && !isGenerated(column);
    });
  const names = columns.map(({ name }) => ident(lastName(name))).join(", ");
  const isAlways = columns.some(({ facts }) => facts.identity?.generation === "always");
  return {
    take: [
      planned(
        table,
        `CREATE TABLE ${waiting} AS SELECT ${names} FROM ${reference(table.name)} WHERE ${which}`,
        rowReason("save_rows", table),
      ),
      planned(
        table,
        `DELETE FROM ${reference(table.name)} WHERE ${which}`,
        rowReason("delete_rows", table),
      ),
    ],
    put: [
      planned(
        table,
        `INSERT INTO ${reference(parent.name)} (${names})${
          isAlways ? " OVERRIDING SYSTEM VALUE" : ""
        } SELECT ${names} FROM ${waiting}`,
        rowReason("restore_rows", table),
      ),
      planned(table, `DROP TABLE ${waiting}`, rowReason("drop_saved_rows", table)),
    ],
    partitions: [],
  };
}

/** What is true of a row that fits; null where that cannot be said. */
function condition(parent: Table, bound: Bound, context: PostgresContext): string | null {
  const by = parent.facts.partition_by ?? "";
  const keys = bracketedLists(by)[0] ?? [];
  const names = new Set(
    context.members(context.to, parent.id).filter(({ kind }) => kind === "column")
      .map(({ name }) => ident(lastName(name))),
  );
  // An operator class or a collation of the key would have to be said in each comparison.
  const arePlain = keys.every((key) =>
    names.has(key) || (key.startsWith("(") && key.endsWith(")"))
  );
  if (!arePlain && bound.by !== "hash") return null;
  if (bound.by === "list") return listCondition(keys[0] ?? "", bound.values);
  if (bound.by === "range") return rangeCondition(keys, bound);
  if (bound.by === "default" || !keys.every((key) => names.has(key))) return null;
  return `satisfies_hash_partition(${
    literal(reference(parent.name))
  }::regclass, ${bound.modulus}, ${bound.remainder}, ${keys.join(", ")})`;
}

function listCondition(key: string, values: readonly string[]): string {
  const others = values.filter((value) => value !== "NULL");
  return [
    ...others.length === 0 ? [] : [`${key} IN (${others.join(", ")})`],
    ...others.length === values.length ? [] : [`${key} IS NULL`],
  ].join(" OR ");
}

function rangeCondition(
  keys: readonly string[],
  { from, to }: Extract<Bound, { readonly by: "range" }>,
): string {
  const limits = [
    limit(keys, from, { whole: ">=", MINVALUE: ">=", MAXVALUE: ">" }),
    limit(keys, to, { whole: "<", MINVALUE: "<", MAXVALUE: "<=" }),
  ].filter((part) => part !== null);
  const present = keys.map((key) => `${key} IS NOT NULL`);
  return (limits.length === 0 ? present : limits).join(" AND ");
}

function limit(
  keys: readonly string[],
  values: readonly string[],
  operators: { readonly whole: string; readonly MINVALUE: string; readonly MAXVALUE: string },
): string | null {
  const end = values.findIndex((value) => value === "MINVALUE" || value === "MAXVALUE");
  const count = end < 0 ? values.length : end;
  if (count === 0) return null;
  const operator = end < 0 ? operators.whole : operators[values[end] as "MINVALUE" | "MAXVALUE"];
  const row = (items: readonly string[]) => count === 1 ? items[0] : `(${items.join(", ")})`;
  return `${row(keys.slice(0, count))} ${operator} ${row(values.slice(0, count))}`;
}

/** The partitioned table that a partition belongs to before and after. */
function partitionedTable(partition: Table, context: PostgresContext): Table | undefined {
  const parent = partition.facts.partition_of?.parent;
  return parent === undefined ? undefined : tableOf(context.to, `table:${parent}`);
}

function partitionsOf(parent: Table, { to }: PostgresContext): readonly Table[] {
  return dependentsOf(to, parent.id).filter((other) => other.kind === "table")
    .filter((other) => other.facts.partition_of?.parent === parent.name);
}

function boundOf(table: Table): Bound | null {
  return readBound(table.facts.partition_of?.bound ?? "");
}

/** True for two tables with bounds of one partitioned table that overlap. */
export function boundsOverlap(before: Table, after: Table): boolean {
  const [was, is] = [boundOf(before), boundOf(after)];
  return was === null || is === null || overlap(was, is);
}

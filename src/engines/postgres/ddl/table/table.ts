/** Tables. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { Alteration } from "../../../object_kind.ts";
import type { FactOf, KindOf, PostgresContext, PostgresObject, Table } from "../../objects.ts";
import { ident, reference } from "../../quote.ts";
import { isKept } from "../clauses/action.ts";
import { allRefs, metadata } from "../clauses/metadata.ts";
import { optionStatements } from "../clauses/options.ts";
import { keysTo, majorOf, parentsOf, partitionedAbove } from "../clauses/relation.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned, type StatementFacts } from "../clauses/statement.ts";
import { attachStatements, detachStatements } from "./attach_detach.ts";
import { columnChanges } from "./column/column.ts";
import { createTable } from "./create.ts";
import { parentIndexesWithoutChild } from "./key/child_index.ts";
import { othersHave } from "./key/index_flags.ts";
import { promotionsOf } from "./key/promote_index.ts";
import { loggedOrder } from "./logged.ts";
import { lostValues, preservedRows, preservesRows } from "./preserve_rows.ts";
import {
  boundsOverlap,
  type MovedRows,
  rowsOfDefault,
  rowsOfDropped,
  rowsOfNarrowed,
} from "./move_rows.ts";
import { isReattached, mustRecreate, renameNotNulls } from "./reattached.ts";
import { madeOf, notOf } from "./typed_table.ts";
import { attributeSet, becomes, dropped, subjectOf } from "../../../common/statement.ts";
import type { Reason } from "../../../../core/reason.ts";

/** `table`: plain, partitioned, partition, child, typed. */
export const tables: KindOf<"table"> = {
  kind: "table",
  rank: 20,
  asksRename: true,
  reservedNames: (table) => [`relation ${table.name}`, `type ${table.name}`],
  placedIn: (table) => table.facts.partition_of?.parent ?? null,
  overlaps: boundsOverlap,
  create: (table, members, context) => [
    ...createPartition(table, members, context),
    ...securityStatements(null, table),
    ...identityStatements(null, table, context),
    ...metadata(null, table, refs(table), context),
  ],
  createdBefore: parentIndexesWithoutChild,
  takesOver: defaultsAbove,
  preserveRows: preservedRows,
  moveRows: rowsOfDropped,
  drop: (table, context) => [
    ...detachReferenced(table, context),
    planned(
      table,
      `DROP TABLE ${reference(table.name)}`,
      dropped(table),
      losses(table, context),
    ),
  ],
  alter: ({ before, after, facts }, context) => alterTable(before, after, facts, context),
  rename: (before, after) => renameInSchema("TABLE", before, after),
};

/** What is lost with a table: its rows, or only the values of dropped columns when it is recreated. */
function losses(table: Table, context: PostgresContext): StatementFacts {
  if (rowsOfDropped(table, context) !== null) return {};
  if (!preservesRows(table, context)) {
    return { destroys: `the rows of table ${table.name}`, reversible: "structure" };
  }
  const lost = lostValues(table, context);
  return lost.length === 0 ? {} : { destroys: lost.join(", "), reversible: "structure" };
}

/** CREATE TABLE; rows of the default partition that belong to it are moved where that is wanted. */
function createPartition(
  table: Table,
  members: readonly PostgresObject[],
  context: PostgresContext,
): readonly PlannedStatement[] {
  const { take, put } = rowsOfDefault(table, context);
  return [...take, ...createTable(table, members, context), ...put];
}

/** Defaults of the columns of its parents: a new child has those that are there. */
function defaultsAbove(table: Table, context: PostgresContext): readonly string[] {
  return parentsOf(table).flatMap((parent) =>
    context.members(context.to, `table:${parent}`).map(({ name }) => `default:${name}`)
  );
}

/** A partition of a table that foreign keys refer to must be detached before it can be dropped. */
function detachReferenced(table: Table, context: PostgresContext): readonly PlannedStatement[] {
  const referenced = partitionedAbove(table, context.from).some(({ name }) =>
    keysTo(name, context).some(({ id }) => isKept(id, context))
  );
  const parent = table.facts.partition_of?.parent;
  return !referenced || parent === undefined ? [] : [planned(
    table,
    `ALTER TABLE ${reference(parent)} DETACH PARTITION ${reference(table.name)}`,
    {
      action: "detach",
      object: subjectOf(table),
      parent,
      as: "partition",
      because: { cause: "referenced" },
    },
  )];
}

function alterTable(
  before: Table,
  after: Table,
  facts: readonly FactOf<"table">[],
  context: PostgresContext,
): Alteration | "replace" {
  const changed = new Set(facts);
  if (changed.has("partition_by") || mustRecreate(before, after, context)) return "replace";
  if (changed.has("access_method") && majorOf(context) < 15) return "replace";
  const alter = `ALTER TABLE ${reference(after.name)}`;
  const add = (sql: string, reason: Reason, rewrites = false) =>
    planned(after, `${alter} ${sql}`, reason, rewrites ? { rewrites: after.name } : {});
  const type = after.facts.of;
  const move = reattach(before, after, context);
  const promoted = promotionsOf(after.id, context);
  const { earlier, tangled } = changed.has("unlogged")
    ? loggedOrder(after, context)
    : { earlier: [], tangled: [] };
  return {
    first: move.first,
    last: { statements: move.put, after: move.partitions },
    recreates: [...move.recreates, ...tangled],
    alteredAfter: [
      ...earlier,
      ...promoted.columns,
      ...changed.has("of") && type !== undefined
        ? context.members(context.to, `composite:${type}`).map(({ id }) => id)
        : [],
    ],
    statements: [
      ...move.statements,
      ...promoted.statements,
      ...changed.has("of") && type !== undefined ? [madeOf(after)] : [],
      ...changed.has("unlogged")
        ? [add(
          after.facts.unlogged === true ? "SET UNLOGGED" : "SET LOGGED",
          becomes(after, after.facts.unlogged === true ? "unlogged" : "logged"),
          true,
        )]
        : [],
      ...changed.has("access_method")
        ? [add(
          `SET ACCESS METHOD ${accessMethod(after)}`,
          attributeSet(after, "access method"),
          true,
        )]
        : [],
      ...changed.has("tablespace")
        ? [add(
          `SET TABLESPACE ${ident(after.facts.tablespace ?? "pg_default")}`,
          attributeSet(after, "tablespace"),
          true,
        )]
        : [],
      ...optionStatements(before, after, "options", alter),
      ...optionStatements(before, after, "toast_options", alter, "toast."),
      ...securityStatements(before, after),
      ...identityStatements(before, after, context),
      ...metadata(before, after, refs(after), context),
    ],
  };
}

/** A partitioned table may have none, so that its partitions get the usual one of their time. */
function accessMethod(table: Table): string {
  const method = table.facts.access_method;
  if (method !== undefined) return ident(method);
  return table.facts.partition_by === undefined ? "heap" : "DEFAULT";
}

/** Detaches the table, changes its columns, attaches it. */
function reattach(
  before: Table,
  after: Table,
  context: PostgresContext,
): Required<Pick<Alteration, "first" | "statements" | "recreates">> & Omit<MovedRows, "take"> {
  if (!isReattached(context, after.id)) {
    return { first: [], statements: [], recreates: [], put: [], partitions: [] };
  }
  const columns = columnChanges(before, after, context);
  const { take, ...rest } = rowsOfNarrowed(before, after, context);
  return {
    ...rest,
    first: detachStatements(before, after, context),
    statements: [
      ...take,
      ...leavesType(before, after, columns.statements) ? [notOf(after)] : [],
      ...columns.statements,
      ...renameNotNulls(after, context),
      ...attachStatements(before, after, context),
    ],
    recreates: [
      ...columns.recreates,
      ...parentIndexesWithoutChild(after, context).filter((id) => context.from.objects.has(id)),
    ],
  };
}

/** True when the table leaves its type: for good, or while its columns change to those of another. */
function leavesType(
  before: Table,
  after: Table,
  changes: readonly PlannedStatement[],
): boolean {
  const [was, is] = [before.facts.of, after.facts.of];
  return was !== undefined && was !== is && (is === undefined || changes.length > 0);
}

/** ENABLE, DISABLE, FORCE and NO FORCE ROW LEVEL SECURITY. */
function securityStatements(
  before: Table | null,
  after: Table,
): readonly PlannedStatement[] {
  const statements: PlannedStatement[] = [];
  for (const [fact, yes, no] of SECURITY) {
    if (before?.facts[fact] === after.facts[fact]) continue;
    statements.push(planned(
      after,
      `ALTER TABLE ${reference(after.name)} ${
        after.facts[fact] === true ? yes : no
      } ROW LEVEL SECURITY`,
      attributeSet(
        after,
        fact === "row_security" ? "row-level security" : "row-level security for its owner",
        after.facts[fact] === true ? "enabled" : "disabled",
      ),
    ));
  }
  return statements;
}

const SECURITY = [
  ["row_security", "ENABLE", "DISABLE"],
  ["force_row_security", "FORCE", "NO FORCE"],
] as const;

/** REPLICA IDENTITY FULL, NOTHING or back to the default; an index that is the identity says so itself. */
function identityStatements(
  before: Table | null,
  after: Table,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const was = before?.facts.replica_identity;
  const is = after.facts.replica_identity;
  if (was === is) return [];
  if (
    is === undefined && othersHave("replica_identity", { id: after.id, parent: after.id }, context)
  ) {
    return [];
  }
  return [planned(
    after,
    `ALTER TABLE ${reference(after.name)} REPLICA IDENTITY ${(is ?? "default").toUpperCase()}`,
    attributeSet(after, "replica identity"),
  )];
}

function refs(table: Table) {
  return allRefs(`TABLE ${reference(table.name)}`);
}

/** Tables. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { Alteration, ObjectKind, PlanContext } from "../../../object_kind.ts";
import { ident, reference } from "../../quote.ts";
import { stays } from "../clauses/action.ts";
import { allRefs, belongings } from "../clauses/metadata.ts";
import { optionStatements } from "../clauses/options.ts";
import { flag, keysTo, majorOf, record, wholesOf } from "../clauses/relation.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned, type StatementFacts, text } from "../clauses/statement.ts";
import { isMoving, join, leave, mustRebuild, renameOwn } from "./attach_detach.ts";
import { columnChanges } from "./column/column.ts";
import { createTable } from "./create.ts";
import { wholesWithoutPart } from "./key/child_index.ts";
import { othersHave } from "./key/index_flags.ts";
import { persistenceOrder } from "./logged.ts";
import { keepsRows, keptRows, lostValues } from "./preserve_rows.ts";
import { madeOf, notOf } from "./typed_table.ts";

/** `table`: plain, partitioned, partition, child, typed. */
export const tables: ObjectKind = {
  kind: "table",
  rank: 20,
  asksRename: true,
  slots: (table) => [`relation ${table.name}`, `type ${table.name}`, ...place(table)],
  create: (table, members, context) => [
    ...createTable(table, members, context),
    ...securityStatements(null, table),
    ...identityStatements(null, table, context),
    ...belongings(null, table, refs(table), context),
  ],
  displaces: wholesWithoutPart,
  keepsRows: keptRows,
  drop: (table, context) => [
    ...detachReferenced(table, context),
    planned(
      table,
      `DROP TABLE ${reference(table.name)}`,
      `Table ${table.name} is gone`,
      losses(table, context),
    ),
  ],
  alter: ({ before, after, facts }, context) => alterTable(before, after, facts, context),
  rename: (before, after) => renameInSchema("TABLE", before, after),
};

/** What goes with a table: its rows, or only the values of columns that it has no longer when it is made again. */
function losses(table: SchemaObject, context: PlanContext): StatementFacts {
  if (!keepsRows(table, context)) {
    return { destroys: `the rows of table ${table.name}`, reversible: "structure" };
  }
  const lost = lostValues(table, context);
  return lost.length === 0 ? {} : { destroys: lost.join(", "), reversible: "structure" };
}

/** A bound is free for a new partition once the one that has it is gone. */
function place(table: SchemaObject): readonly string[] {
  const partition = record(table, "partition_of");
  return partition === null ? [] : [`bound ${partition.parent} ${partition.bound}`];
}

/** A partition of a table that foreign keys refer to must be detached before it can be dropped. */
function detachReferenced(table: SchemaObject, context: PlanContext): readonly PlannedStatement[] {
  const referenced = wholesOf(table, context.from).some(({ name }) =>
    keysTo(name, context).some(({ id }) => stays(id, context))
  );
  const parent = record(table, "partition_of")?.parent;
  return !referenced ? [] : [planned(
    table,
    `ALTER TABLE ${reference(String(parent))} DETACH PARTITION ${reference(table.name)}`,
    `Foreign keys refer to ${parent}, so that its partition must leave it before it is dropped`,
  )];
}

function alterTable(
  before: SchemaObject,
  after: SchemaObject,
  facts: readonly string[],
  context: PlanContext,
): Alteration | "replace" {
  const changed = new Set(facts);
  if (changed.has("partition_by") || mustRebuild(before, after, context)) return "replace";
  if (changed.has("access_method") && majorOf(context) < 15) return "replace";
  const alter = `ALTER TABLE ${reference(after.name)}`;
  const add = (sql: string, why: string, rewrites = false) =>
    planned(after, `${alter} ${sql}`, why, rewrites ? { rewrites: after.name } : {});
  const type = text(after, "of");
  const move = moveTable(before, after, context);
  const { earlier, tangled } = changed.has("unlogged")
    ? persistenceOrder(after, context)
    : { earlier: [], tangled: [] };
  return {
    rebuilds: [...move.rebuilds, ...tangled],
    laterThan: [
      ...earlier,
      ...changed.has("of") && type !== null
        ? context.members(context.to, `composite:${type}`).map(({ id }) => id)
        : [],
    ],
    statements: [
      ...move.statements,
      ...changed.has("of") && type !== null ? [madeOf(after)] : [],
      ...changed.has("unlogged")
        ? [add(
          flag(after, "unlogged") ? "SET UNLOGGED" : "SET LOGGED",
          `Table ${after.name} is ${flag(after, "unlogged") ? "not " : ""}written to the log`,
          true,
        )]
        : [],
      ...changed.has("access_method")
        ? [add(
          `SET ACCESS METHOD ${accessMethod(after)}`,
          `Table ${after.name} is stored by another access method`,
          true,
        )]
        : [],
      ...changed.has("tablespace")
        ? [add(
          `SET TABLESPACE ${ident(text(after, "tablespace") ?? "pg_default")}`,
          `Table ${after.name} stands in another tablespace`,
          true,
        )]
        : [],
      ...optionStatements(before, after, "options", alter),
      ...optionStatements(before, after, "toast_options", alter, "toast."),
      ...securityStatements(before, after),
      ...identityStatements(before, after, context),
      ...belongings(before, after, refs(after), context),
    ],
  };
}

/** A partitioned table may have none, so that its partitions get the usual one of their time. */
function accessMethod(table: SchemaObject): string {
  const method = text(table, "access_method");
  if (method !== null) return ident(method);
  return table.facts.partition_by === undefined ? "heap" : "DEFAULT";
}

/** Leaves parents, changes columns, joins parents. */
function moveTable(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): Required<Pick<Alteration, "statements" | "rebuilds">> {
  if (!isMoving(context, after.id)) return { statements: [], rebuilds: [] };
  const columns = columnChanges(before, after, context);
  return {
    statements: [
      ...leave(before, after, context),
      ...leavesType(before, after, columns.statements) ? [notOf(after)] : [],
      ...columns.statements,
      ...renameOwn(after, context),
      ...join(before, after, context),
    ],
    rebuilds: [
      ...columns.rebuilds,
      ...wholesWithoutPart(after, context).filter((id) => context.from.objects.has(id)),
    ],
  };
}

/** True when the table leaves its type: for good, or while its columns change to those of another. */
function leavesType(
  before: SchemaObject,
  after: SchemaObject,
  changes: readonly PlannedStatement[],
): boolean {
  const [was, is] = [text(before, "of"), text(after, "of")];
  return was !== null && was !== is && (is === null || changes.length > 0);
}

/** ENABLE, DISABLE, FORCE and NO FORCE ROW LEVEL SECURITY. */
function securityStatements(
  before: SchemaObject | null,
  after: SchemaObject,
): readonly PlannedStatement[] {
  const statements: PlannedStatement[] = [];
  for (const [fact, yes, no] of SECURITY) {
    if ((before !== null && flag(before, fact)) === flag(after, fact)) continue;
    statements.push(planned(
      after,
      `ALTER TABLE ${reference(after.name)} ${flag(after, fact) ? yes : no} ROW LEVEL SECURITY`,
      `Policies ${flag(after, fact) ? "" : "do not "}hold for ${
        fact === "row_security" ? "" : "the owner of "
      }table ${after.name}`,
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
  before: SchemaObject | null,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const was = before === null ? null : text(before, "replica_identity");
  const is = text(after, "replica_identity");
  if (was === is) return [];
  if (is === null && othersHave("replica_identity", { ...after, parent: after.id }, context)) {
    return [];
  }
  return [planned(
    after,
    `ALTER TABLE ${reference(after.name)} REPLICA IDENTITY ${(is ?? "default").toUpperCase()}`,
    `Replicas tell the rows of ${after.name} apart in another way`,
  )];
}

function refs(table: SchemaObject) {
  return allRefs(`TABLE ${reference(table.name)}`);
}

/** The rebuild of a table that foreign keys point at. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { rowReason, statement, step, subjectOf } from "../../common/statement.ts";
import type { TableChange } from "../../common/table_change.ts";
import type { Alteration, PlanContext } from "../../object_kind.ts";
import { quote } from "../quote.ts";
import { type Copy, copyOf } from "./copy_rows.ts";
import { detachReferring } from "./detach_referring.ts";
import { indexText } from "./index_kind.ts";
import { isUniqueIndex, partsOf } from "./member.ts";
import { preserveReferring } from "./preserve_referring.ts";
import { because, copyStatement, dropStatement, moveCounter } from "./rebuild_steps.ts";
import { changesEarlier, referencesTo } from "./references.ts";
import { tableText } from "./render.ts";
import { temporaryName } from "./temporary_name.ts";

/**
 * Where foreign keys are enforced, SQLite deletes the rows of a table before it drops it,
 * counts the references that are left open, and lets the transaction commit only when rows that satisfy them were
 * inserted into a table of the same name. So the rows are saved, the table is recreated under its own name, and the
 * rows are restored; rows of other tables that the deletion reached are saved and restored as well.
 */
export function rebuildInPlace(
  change: TableChange,
  members: readonly SchemaObject[],
  context: PlanContext,
): Alteration {
  const { before, after } = change;
  const name = temporaryName("old", before.name, context);
  const copy = copyOf(change, context);
  const detached = detachReferring(change, context);
  const kept = preserveReferring(change, new Set(detached.tables), context);
  const early = members.filter((member) =>
    member.kind === "index" && context.action(member.id) === "keep" && isReferenced(member, context)
  );
  const statements = [
    ...deferChecks(change),
    ...step("tables whose foreign keys no longer fit, without them", detached.statements),
    ...step("rows of other tables that would be deleted or changed, put aside", kept.before),
    ...step("the rows of the table, put aside", saveRows(change, copy, name)),
    ...step("the table as it is to be", [
      dropStatement(change, before.name, context),
      statement(tableText(after, [...change.columns.to, ...change.constraints.to]), after, {
        action: "recreate",
        object: subjectOf(after),
      }),
      ...early.map((index) => recreateIndex(index, after, context)),
    ]),
    ...step("its rows, put back", restoreRows(change, copy, name)),
    ...step("the rows of other tables, put back", kept.after),
  ];
  const isEarlier = (id: string) => changesEarlier(id, before.id, context);
  const altered = [...kept.tables, ...detached.tables].filter((id) =>
    context.action(id) === "alter"
  );
  return {
    statements,
    alsoDrops: members.filter((member) =>
      ["index", "trigger"].includes(member.kind) && !early.includes(member)
    ).map((member) => member.id),
    recreates: kept.triggers,
    alteredBefore: altered.filter((id) => !isEarlier(id)),
    alteredAfter: altered.filter(isEarlier),
  };
}

function deferChecks({ before, after }: TableChange): readonly PlannedStatement[] {
  return step("foreign keys are checked at the end of the transaction", [
    statement("PRAGMA defer_foreign_keys = ON", after, {
      action: "defer_foreign_keys",
      object: subjectOf(before),
      because: { cause: "referenced" },
    }),
  ]);
}

/** The table's rows under another name, with their rowids where these must survive. */
function saveRows(change: TableChange, copy: Copy, name: string): readonly PlannedStatement[] {
  const { before, after } = change;
  const rowid = copy.rowid === null ? "" : `${copy.rowid} AS _aim_rowid, `;
  return [
    statement(
      `CREATE TABLE ${quote(name)} AS\nSELECT ${rowid}* FROM ${quote(before.name)}`,
      after,
      rowReason("save_rows", before, because(change)),
    ),
    ...moveCounter(change, before.name, name),
  ];
}

function restoreRows(change: TableChange, copy: Copy, name: string): readonly PlannedStatement[] {
  const { after } = change;
  const saved = copy.rowid === null ? copy : { ...copy, rowid: "_aim_rowid" };
  return [
    ...moveCounter(change, name, after.name),
    copyStatement(change, saved, { into: after.name, from: name }),
    statement(`DROP TABLE ${quote(name)}`, after, rowReason("drop_saved_rows", after)),
  ];
}

/** An index that foreign keys refer to must be there before there are rows. */
function recreateIndex(
  index: SchemaObject,
  table: SchemaObject,
  context: PlanContext,
): PlannedStatement {
  return statement(
    indexText(context.to.objects.get(index.id) ?? index, table.name),
    [table, index],
    { action: "recreate", object: subjectOf(index), because: { cause: "referenced" } },
  );
}

/** True when a foreign key points at the columns of a unique index. */
function isReferenced(index: SchemaObject, context: PlanContext): boolean {
  if (!isUniqueIndex(index)) return false;
  const columns = partsOf(index).toSorted().join("\n");
  return referencesTo(index.parent ?? "", context).some((reference) =>
    (reference.references ?? []).toSorted().join("\n") === columns
  );
}

/** The steps that every rebuild of a table has. */

import type { Because } from "../../../core/reason.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { rowReason, statement, subjectOf } from "../../common/statement.ts";
import type { TableChange } from "../../common/table_change.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { literal, quote, quoteList } from "../quote.ts";
import { keepsValues } from "./affinity.ts";
import type { Copy } from "./copy_rows.ts";
import { isGenerated, keyFacts, localName } from "./member.ts";
import { failsOnOf, failsOnWithout } from "./new_data.ts";
import { rowidColumn } from "./rowid.ts";

/** The rows of one table are copied into another. */
export function copyStatement(
  change: TableChange,
  copy: Copy,
  names: { readonly into: string; readonly from: string },
): PlannedStatement {
  const rowid = copy.rowid;
  const targets = [...rowid === null ? [] : ["rowid"], ...copy.values.map(({ column }) => column)];
  const values = [
    ...rowid === null ? [] : [rowid],
    ...copy.values.map(({ expression }) => expression),
  ];
  return statement(
    `INSERT OR ABORT INTO ${quote(names.into)} (${quoteList(targets)})\nSELECT ${
      values.join(", ")
    }\nFROM ${quote(names.from)}`,
    change.after,
    rowReason("copy_rows", change.after),
    { rewrites: change.after.name },
  );
}

/** The old table is dropped, and with it what no column of the new one stores, what becomes generated, and what an expression replaced. */
export function dropStatement(
  change: TableChange,
  name: string,
  context: PlanContext,
): PlannedStatement {
  const { after, columns } = change;
  const isPlain = (column: SchemaObject) => !isGenerated(column);
  const lost = [
    ...columns.dropped.filter(isPlain),
    ...columns.changed.filter(({ before, after }) => isPlain(before) && !isPlain(after))
      .map(({ before }) => before),
  ];
  const replaced = columns.changed.map(({ after }) => after).filter(({ name }) =>
    context.hints.answers.get(`convert:${name}`)?.option === "expression"
  );
  const destroys = [
    ...valuesOf("the values of", lost),
    ...valuesOf("the former values of", replaced),
    ...columns.changed.filter((pair) => !replaced.includes(pair.after))
      .flatMap((pair) => changedValues(pair, change)),
  ];
  const indexes = context.members(context.from, change.before.id)
    .flatMap((member) =>
      member.kind === "index" ? failsOnWithout(member, context).failsOn ?? [] : []
    );
  const failsOn = [failsOnOf(change) ?? [], indexes].flat();
  return statement(
    `DROP TABLE ${quote(name)}`,
    after,
    rowReason("drop_former", after),
    {
      ...destroys.length === 0 ? {} : { destroys: destroys.join(", "), reversible: "structure" },
      ...failsOn.length === 0 ? {} : { failsOn: failsOn.join(", ") },
    },
  );
}

/** Values that another affinity changes without an error. */
function changedValues(
  { before, after }: { readonly before: SchemaObject; readonly after: SchemaObject },
  change: TableChange,
): readonly string[] {
  if (isGenerated(before) || isGenerated(after)) return [];
  const declared = (column: SchemaObject, table: SchemaObject) => ({
    type: factsOf(column, "column").type,
    isStrict: factsOf(table, "table").strict === true,
  });
  const isKey = rowidColumn(change.columns.from, change.constraints.from, change.before) === before;
  const had = declared(before, change.before);
  const has = declared(after, change.after);
  return keepsValues(isKey ? { ...had, isStrict: true } : had, has)
    ? []
    : [`the part of ${after.name} that ${has.type ?? "no type"} cannot hold`];
}

function valuesOf(what: string, columns: readonly SchemaObject[]): readonly string[] {
  if (columns.length === 0) return [];
  const names = columns.map(({ name }) => name).join(", ");
  return [`${what} ${columns.length > 1 ? "columns" : "column"} ${names}`];
}

/** The counter of AUTOINCREMENT moves with the rows, where there is one before and after. */
export function moveCounter(
  { after, constraints }: TableChange,
  from: string,
  to: string,
): readonly PlannedStatement[] {
  const counts = (sides: readonly SchemaObject[]) =>
    sides.some((constraint) => keyFacts(constraint)?.autoincrement === true);
  if (!counts(constraints.from) || !counts(constraints.to)) return [];
  return [
    statement(
      `UPDATE sqlite_sequence SET name = ${literal(to)} WHERE name = ${literal(from)}`,
      after,
      { action: "continue_numbers", object: subjectOf(after) },
    ),
  ];
}

/** What makes the rebuild necessary. */
export function because({ columns, constraints, options }: TableChange): Because {
  const changed = [...columns.changed, ...constraints.changed].map(({ after }) => after);
  return {
    cause: "alter_table",
    added: [...columns.added, ...constraints.added].map(localName),
    changed: changed.map(localName),
    dropped: [...columns.dropped, ...constraints.dropped].map(localName),
    options,
  };
}

/** The way to change what ALTER TABLE cannot: a new table, the rows copied, the old one gone. */

import type { Because } from "../../../reason.ts";
import type { PlannedStatement, SchemaObject } from "../../../schema.ts";
import { rowReason, statement, subjectOf } from "../../common/statement.ts";
import type { Alteration, PlanContext } from "../../object_kind.ts";
import { literal, quote, quoteList } from "../quote.ts";
import { fold } from "../tokens.ts";
import { checksElsewhere, withoutChecks } from "./alter_table.ts";
import { type Copy, copyOf } from "./copy_rows.ts";
import { detachReferring } from "./detach_referring.ts";
import { indexText } from "./index_kind.ts";
import { preserveReferring } from "./preserve_referring.ts";
import { temporaryName } from "./temporary_name.ts";
import { isGenerated, isKey, isUniqueIndex, keyFacts, localName, partsOf } from "./member.ts";
import { brokenViews, readersOf, readersOfColumns } from "./readers.ts";
import { changesEarlier, referencesTo } from "./references.ts";
import { tableText, underName } from "./render.ts";
import { deduplicate } from "./deduplicate.ts";
import type { TableChange } from "./table_change.ts";

/**
 * A rebuild that is right inside a transaction, whether foreign keys are enforced there or not. Nobody can switch their
 * enforcement off inside a transaction, and most runners open one.
 */
export function rebuildTable(change: TableChange, context: PlanContext): Alteration {
  const members = context.members(context.from, change.before.id);
  const referenced = referencesTo(change.before.id, context).some((reference) =>
    context.fate(reference.child) !== "create"
  );
  const swap = referenced ? null : bySwap(change, members, context);
  const way = swap ?? inPlace(change, members, context);
  const { added, changed } = change.constraints;
  const first = [...added, ...changed.map(({ after }) => after)].filter(isKey)
    .flatMap((key) => deduplicate(key, context));
  const gone = goneReaders(change, members, context).map(({ id }) => id);
  return {
    ...way,
    statements: [...first, ...way.statements],
    ...gone.length === 0 ? {} : { rebuilds: [...way.rebuilds ?? [], ...gone] },
  };
}

/**
 * For a table that no foreign key points at: the new table is filled under another name and takes the old one's place.
 * The rename would look at all views and triggers while the table is missing, hence the pragma where there are any; but
 * then it would not rename the table inside of the table's own expressions, and the way does not work (null).
 */
function bySwap(
  change: TableChange,
  members: readonly SchemaObject[],
  context: PlanContext,
): Alteration | null {
  const { before, after } = change;
  const name = temporaryName("new", before.name, context);
  const blind = [...readersOf(before.id, context), ...readersOf(after.id, reversed(context))]
    .some((reader) => context.fate(reader.id) !== "drop" || goesWithTable(reader, context)) ||
    brokenViews(context.from).length + brokenViews(context.to).length > 0;
  const wanted = tableText(after, [...change.columns.to, ...change.constraints.to]);
  const renamed = underName(wanted, after.name, name);
  const qualified = renamed.split(quote(name)).length > 2;
  if (qualified && blind) return null;
  const copy = copyOf(change, context);
  const rename = statement(
    `ALTER TABLE ${quote(name)} RENAME TO ${quote(after.name)}`,
    after,
    { action: "rename", object: { kind: "table", name }, to: after.name },
  );
  return {
    statements: [
      statement(
        renamed,
        after,
        { action: "recreate", object: subjectOf(after), because: because(change) },
      ),
      ...moveCounter(change, before.name, name),
      copyStatement(change, copy, { into: name, from: before.name }),
      dropStatement(change, before.name, context),
      ...blind ? withoutChecks([rename], after) : [rename],
    ],
    takes: members.filter((member) => ["index", "trigger"].includes(member.kind))
      .map((member) => member.id),
  };
}

/** What names a column that goes stands in the way of every change of another table from then on. */
function goneReaders(
  { before, columns }: TableChange,
  members: readonly SchemaObject[],
  context: PlanContext,
): readonly SchemaObject[] {
  const names = new Set(columns.dropped.map((column) => fold(localName(column))));
  if (names.size === 0 || !checksElsewhere(before.id, context)) return [];
  return readersOfColumns(before.id, names, context).filter((one) => !members.includes(one));
}

/** True for a trigger that goes when its table does, which may be after the rebuild. */
function goesWithTable({ kind, parent }: SchemaObject, context: PlanContext): boolean {
  return kind === "trigger" && parent !== null && context.fate(parent) === "drop";
}

/**
 * For a table that foreign keys point at. Where they are enforced, SQLite deletes the rows of a table before it drops it,
 * counts the references that are left open, and lets the transaction commit only when rows that satisfy them were
 * inserted into a table of the same name. So the rows are put aside, the table is made anew under its own name, and the
 * rows come back; rows of other tables that the deletion reached are put aside and back as well.
 */
function inPlace(
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
    member.kind === "index" && context.fate(member.id) === "keep" && isReferenced(member, context)
  );
  const rowid = copy.rowid === null ? "" : `${copy.rowid} AS _aim_rowid, `;
  const statements: PlannedStatement[] = [
    statement(
      "PRAGMA defer_foreign_keys = ON",
      after,
      {
        action: "defer_foreign_keys",
        object: subjectOf(before),
        because: { cause: "referenced" },
      },
    ),
    ...detached.statements,
    ...kept.before,
    statement(
      `CREATE TABLE ${quote(name)} AS\nSELECT ${rowid}* FROM ${quote(before.name)}`,
      after,
      rowReason("save_rows", before, because(change)),
    ),
    ...moveCounter(change, before.name, name),
    dropStatement(change, before.name, context),
    statement(
      tableText(after, [...change.columns.to, ...change.constraints.to]),
      after,
      { action: "recreate", object: subjectOf(after) },
    ),
    ...early.map((member) =>
      statement(
        indexText(context.to.objects.get(member.id) ?? member, after.name),
        [after, member],
        {
          action: "recreate",
          object: subjectOf(member),
          because: { cause: "referenced" },
        },
      )
    ),
    ...moveCounter(change, name, after.name),
    copyStatement(change, copy.rowid === null ? copy : { ...copy, rowid: "_aim_rowid" }, {
      into: after.name,
      from: name,
    }),
    statement(`DROP TABLE ${quote(name)}`, after, rowReason("drop_saved_rows", after)),
    ...kept.after,
  ];
  const isEarlier = (id: string) => changesEarlier(id, before.id, context);
  const altered = [...kept.tables, ...detached.tables].filter((id) => context.fate(id) === "alter");
  return {
    statements,
    takes: members.filter((member) =>
      ["index", "trigger"].includes(member.kind) && !early.includes(member)
    ).map((member) => member.id),
    rebuilds: kept.triggers,
    earlierThan: altered.filter((id) => !isEarlier(id)),
    laterThan: altered.filter(isEarlier),
  };
}

/** True when a foreign key points at the columns of a unique index. */
function isReferenced(index: SchemaObject, context: PlanContext): boolean {
  if (!isUniqueIndex(index)) return false;
  const columns = partsOf(index).toSorted().join("\n");
  return referencesTo(index.parent ?? "", context).some((reference) =>
    (reference.references ?? []).toSorted().join("\n") === columns
  );
}

function copyStatement(
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
    `INSERT INTO ${quote(names.into)} (${quoteList(targets)})\nSELECT ${values.join(", ")}\nFROM ${
      quote(names.from)
    }`,
    change.after,
    rowReason("copy_rows", change.after),
    { rewrites: change.after.name },
  );
}

/** The old table goes, and with it what no column of the new one holds, what is computed from now on, and what an expression replaced. */
function dropStatement(
  { after, columns }: TableChange,
  name: string,
  context: PlanContext,
): PlannedStatement {
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
  ];
  return statement(
    `DROP TABLE ${quote(name)}`,
    after,
    rowReason("drop_former", after),
    destroys.length === 0 ? {} : { destroys: destroys.join(", "), reversible: "structure" },
  );
}

function valuesOf(what: string, columns: readonly SchemaObject[]): readonly string[] {
  if (columns.length === 0) return [];
  const names = columns.map(({ name }) => name).join(", ");
  return [`${what} ${columns.length > 1 ? "columns" : "column"} ${names}`];
}

/** The counter of AUTOINCREMENT goes with the rows, where there is one before and after. */
function moveCounter(
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
function because({ columns, constraints, options }: TableChange): Because {
  const changed = [...columns.changed, ...constraints.changed].map(({ after }) => after);
  return {
    cause: "alter_table",
    added: [...columns.added, ...constraints.added].map(localName),
    changed: changed.map(localName),
    dropped: [...columns.dropped, ...constraints.dropped].map(localName),
    options,
  };
}

/** The context as seen from the other side, to ask what will read a table. */
function reversed(context: PlanContext): PlanContext {
  const { to } = context;
  return {
    ...context,
    dependents: (id) => [...to.objects.values()].filter((object) => object.needs.includes(id)),
  };
}

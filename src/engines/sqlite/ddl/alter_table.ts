/** Changes of a table that ALTER TABLE can do. */

import type { Reason } from "../../../reason.ts";
import type { PlannedStatement, SchemaObject } from "../../../schema.ts";
import { created, dropped, statement, subjectOf } from "../../common/statement.ts";
import type { Alteration, PlanContext } from "../../object_kind.ts";
import { sameJson } from "../../../changes.ts";
import { factsOf, styleOf } from "../facts.ts";
import { quote } from "../quote.ts";
import { fold } from "../tokens.ts";
import { backfill } from "./backfill.ts";
import { distinctValues } from "./distinct_values.ts";
import {
  checkFacts,
  columnNames,
  foreignKeyFacts,
  isGenerated,
  isKey,
  localName,
} from "./member.ts";
import { brokenViews, mentions, readersOfColumns } from "./readers.ts";
import { columnText, constraintName, constraintText, inlineColumn } from "./render.ts";
import { type TableChange, tableChange } from "./table_change.ts";

/** The statements, or null when the table must be rebuilt. */
export function alterTable(change: TableChange, context: PlanContext): Alteration | null {
  if (needsRebuild(change, context)) return null;
  const modern = isModern(context);
  const added = addColumns(change, modern);
  const dropped = dropColumns(change, context, modern);
  const changed = changeInPlace(change, context, modern);
  if (added === null || dropped === null || changed === null) return null;
  return {
    statements: [...added, ...dropped.statements, ...changed],
    rebuilds: dropped.rebuilds,
  };
}

/** True for what no version can do in place. */
function needsRebuild(change: TableChange, context: PlanContext): boolean {
  return change.options || change.order || distinctValues(change, context).size > 0;
}

/** SQLite 3.53 can set NOT NULL and add and drop CHECK; without a stated version nothing newer than 3.35 is used. */
function isModern(context: PlanContext): boolean {
  const [major = 0, minor = 0] = (context.hints.deployedVersion ?? "3.35").split(".").map(Number);
  return major > 3 || (major === 3 && minor >= 53);
}

function addColumns(change: TableChange, modern: boolean): readonly PlannedStatement[] | null {
  const { after, columns, constraints } = change;
  const carried = new Map<string, SchemaObject[]>();
  const names = columns.added.map((column) => fold(localName(column)));
  for (const constraint of constraints.added) {
    const carrier = carrierOf(constraint, names);
    if (carrier !== null) carried.set(carrier, [...carried.get(carrier) ?? [], constraint]);
    else if (!modern || !isCheck(constraint)) return null;
  }
  const statements: PlannedStatement[] = [];
  for (const column of columns.added) {
    const own = carried.get(fold(localName(column))) ?? [];
    if (!canBeAdded(column, own)) return null;
    const text = columnText(column, own);
    statements.push(
      statement(
        `ALTER TABLE ${quote(after.name)} ADD COLUMN ${text}`,
        [column, ...own],
        created(column),
      ),
    );
  }
  return statements;
}

/** The new column in whose definition a constraint can stand: the last of those that it names. */
function carrierOf(constraint: SchemaObject, names: readonly string[]): string | null {
  const inline = inlineColumn(constraint);
  if (inline !== null) return names.includes(inline) ? inline : null;
  const columns = foreignKeyFacts(constraint)?.columns;
  if (columns !== undefined) {
    const only = columns.length === 1 ? columns[0] ?? "" : "";
    return names.includes(only) ? only : null;
  }
  if (!isCheck(constraint)) return null;
  const used = names.filter((name) => mentions(constraint, name));
  return used.at(-1) ?? null;
}

/** What SQLite's manual lists under "ALTER TABLE ADD COLUMN", and what fails as soon as there are rows. */
function canBeAdded(column: SchemaObject, constraints: readonly SchemaObject[]): boolean {
  const { default: value, generated, not_null: notNull, stored } = factsOf(column, "column");
  if (constraints.some(isKey)) return false;
  if (generated !== undefined) return stored !== true;
  if (notNull === true && (value === undefined || value === "NULL")) return false;
  if (value === undefined) return true;
  if (value.startsWith("(") || value.startsWith("CURRENT_")) return false;
  const refers = constraints.some((constraint) => foreignKeyFacts(constraint) !== null);
  return !refers || value === "NULL";
}

interface Drops {
  readonly statements: readonly PlannedStatement[];
  readonly rebuilds: readonly string[];
}

/**
 * Indexes of the column are dropped before. Views and triggers that read it are left alone with the check for them switched off,
 * unless more is to come: before the next change SQLite looks at all of them, and refuses when they name what is gone.
 */
function dropColumns(change: TableChange, context: PlanContext, modern: boolean): Drops | null {
  const { before, columns, constraints } = change;
  const names = new Set(columns.dropped.map((column) => fold(localName(column))));
  for (const constraint of constraints.dropped) {
    const carrier = inlineIn(constraint);
    const goes = carrier !== null && names.has(carrier) && !isKey(constraint);
    if (!goes && !(modern && isNamedCheck(constraint))) return null;
  }
  if (columns.dropped.length === 0) return { statements: [], rebuilds: [] };
  if (columns.dropped.some((column) => isUsedInside(column, change))) return null;
  const kept = columns.from.filter((column) => !names.has(fold(localName(column))));
  if (kept.every(isGenerated)) return null;

  const readers = readersOfColumns(before.id, names, context);
  const stepAside = readers.length > 0 &&
    (columns.dropped.length > 1 || checksElsewhere(before.id, context));
  const indexes = context.members(context.from, before.id).filter((member) =>
    member.kind === "index" && [...names].some((name) => mentions(member, name))
  );
  const drops = columns.dropped.map((column) => {
    return statement(
      `ALTER TABLE ${quote(change.after.name)} DROP COLUMN ${quote(localName(column))}`,
      column,
      dropped(column),
      isGenerated(column)
        ? { reversible: "column-order" }
        : { destroys: `the values of column ${column.name}`, reversible: "structure" },
    );
  });
  const away = [...indexes, ...brokenViews(context.from), ...stepAside ? readers : []];
  return {
    statements: readers.length > 0 && !stepAside ? withoutChecks(drops, before) : drops,
    rebuilds: [...new Set(away.map(({ id }) => id))],
  };
}

/** True when the plan changes another table by more than new columns at its end: SQLite looks at all views and triggers then. */
export function checksElsewhere(id: string, context: PlanContext): boolean {
  const { from, to } = context;
  for (const before of from.objects.values()) {
    if (before.id === id || before.parent !== null || context.fate(before.id) !== "alter") continue;
    if (before.kind === "virtual table") return true;
    const after = to.objects.get(before.id);
    if (before.kind !== "table" || after === undefined) continue;
    if (!onlyAddsColumns(tableChange(before, after, context), context)) return true;
  }
  return false;
}

/** True for what ALTER TABLE ADD COLUMN can do in every version. */
function onlyAddsColumns(change: TableChange, context: PlanContext): boolean {
  const { columns, constraints } = change;
  const others = [columns.dropped, columns.changed, constraints.dropped, constraints.changed];
  return !needsRebuild(change, context) && others.every((list) => list.length === 0) &&
    addColumns(change, false) !== null;
}

/** The statements with SQLite's look at all views and triggers switched off for them. */
export function withoutChecks(
  statements: readonly PlannedStatement[],
  table: SchemaObject,
): readonly PlannedStatement[] {
  const reason: Reason = { action: "skip_reference_checks", object: subjectOf(table) };
  return [
    statement("PRAGMA legacy_alter_table = ON", table, reason),
    ...statements,
    statement("PRAGMA legacy_alter_table = OFF", table, reason),
  ];
}

/** The column that a constraint of the old table stands in, by its text. */
function inlineIn(constraint: SchemaObject): string | null {
  return styleOf(constraint, "constraint").inline === true ? inlineColumn(constraint) : null;
}

/** True when the table itself refers to a column outside of its definition. */
function isUsedInside(column: SchemaObject, { columns, constraints }: TableChange): boolean {
  const name = fold(localName(column));
  const generated = columns.from.some((other) => other !== column && mentions(other, name));
  const constrained = constraints.from.some((constraint) => {
    if (inlineIn(constraint) === name) return isKey(constraint);
    return isCheck(constraint)
      ? mentions(constraint, name)
      : columnNames(constraint).includes(name);
  });
  return generated || constrained;
}

/** What newer versions change without a rebuild. */
function changeInPlace(
  change: TableChange,
  context: PlanContext,
  modern: boolean,
): readonly PlannedStatement[] | null {
  const { after, columns, constraints } = change;
  if (!modern) {
    return columns.changed.length + constraints.changed.length > 0 ? null : [];
  }
  const table = `ALTER TABLE ${quote(after.name)}`;
  const statements: PlannedStatement[] = [];
  const away = new Set(columns.dropped.map((column) => fold(localName(column))));
  const added = columns.added.map((column) => fold(localName(column)));
  const drop = (constraint: SchemaObject) => {
    const name = constraintName(constraint) ?? "";
    statements.push(
      statement(
        `${table} DROP CONSTRAINT ${quote(name)}`,
        constraint,
        dropped(constraint),
      ),
    );
  };
  const add = (constraint: SchemaObject) =>
    statements.push(
      statement(
        `${table} ADD ${constraintText(constraint)}`,
        constraint,
        created(constraint),
      ),
    );
  for (const { before, after } of constraints.changed) {
    if (!isNamedCheck(before) || !isCheck(after)) return null;
    drop(before);
    add(after);
  }
  for (const constraint of constraints.dropped) {
    const carrier = inlineIn(constraint);
    if (carrier === null || !away.has(carrier)) drop(constraint);
  }
  for (const constraint of constraints.added) {
    if (carrierOf(constraint, added) === null) add(constraint);
  }
  for (const { before, after } of columns.changed) {
    if (!onlyNullability(before, after)) return null;
    const set = factsOf(after, "column").not_null === true;
    const name = quote(localName(after));
    const value = set ? backfill({ column: after, isNew: false, distinct: false }, context) : null;
    if (value !== null) {
      statements.push(
        statement(
          `UPDATE ${quote(change.after.name)} SET ${name} = ${value} WHERE ${name} IS NULL`,
          after,
          { action: "backfill", object: subjectOf(after), value },
        ),
      );
    }
    statements.push(
      statement(
        `${table} ALTER COLUMN ${name} ${set ? "SET" : "DROP"} NOT NULL`,
        after,
        { action: "become", object: subjectOf(after), state: set ? "NOT NULL" : "nullable" },
      ),
    );
  }
  return statements;
}

function onlyNullability(before: SchemaObject, after: SchemaObject): boolean {
  const [{ not_null: _was, ...old }, { not_null: _is, ...wanted }] = [
    factsOf(before, "column"),
    factsOf(after, "column"),
  ];
  const isPlain = [old, wanted].every((facts) =>
    facts.not_null_name === undefined && facts.not_null_on_conflict === undefined
  );
  return isPlain && sameJson(old, wanted);
}

function isCheck(constraint: SchemaObject): boolean {
  return checkFacts(constraint) !== null;
}

function isNamedCheck(constraint: SchemaObject): boolean {
  return checkFacts(constraint)?.name !== undefined;
}

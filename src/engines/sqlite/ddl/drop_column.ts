/** Columns that ALTER TABLE DROP COLUMN can drop. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { dropped, statement } from "../../common/statement.ts";
import type { TableChange } from "../../common/table_change.ts";
import type { PlanContext } from "../../object_kind.ts";
import { quote } from "../quote.ts";
import { fold } from "../tokens.ts";
import { columnNames, isCheck, isGenerated, isKey, isNamedCheck, localName } from "./member.ts";
import { brokenViews, mentions, readersOfColumns } from "./readers.ts";
import { checksElsewhere, withoutChecks } from "./reference_checks.ts";
import { inlineIn } from "./render.ts";

/** What drops columns: statements, and ids of what is dropped before and recreated after. */
interface Drops {
  readonly statements: readonly PlannedStatement[];
  readonly recreates: readonly string[];
}

/**
 * Indexes of the column are dropped before. Views and triggers that read it are left alone with the check for them switched off,
 * unless more is to come: before the next change SQLite looks at all of them, and refuses when they name what was dropped.
 */
export function dropColumns(
  change: TableChange,
  context: PlanContext,
  modern: boolean,
): Drops | null {
  const { before, columns, constraints } = change;
  const names = new Set(columns.dropped.map((column) => fold(localName(column))));
  for (const constraint of constraints.dropped) {
    const carrier = inlineIn(constraint);
    const isDropped = carrier !== null && names.has(carrier) && !isKey(constraint);
    if (!isDropped && !(modern && isNamedCheck(constraint))) return null;
  }
  if (columns.dropped.length === 0) return { statements: [], recreates: [] };
  if (columns.dropped.some((column) => isUsedInside(column, change))) return null;
  const kept = columns.from.filter((column) => !names.has(fold(localName(column))));
  if (kept.every(isGenerated)) return null;

  const readers = readersOfColumns(before.id, names, context);
  const isRecreated = readers.length > 0 &&
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
  const away = [...indexes, ...brokenViews(context.from), ...isRecreated ? readers : []];
  return {
    statements: readers.length > 0 && !isRecreated ? withoutChecks(drops, before) : drops,
    recreates: [...new Set(away.map(({ id }) => id))],
  };
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

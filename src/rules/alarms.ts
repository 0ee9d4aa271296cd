/** Alarms from operations: the loop that most rules are. */

import type { ColumnClause, Operation } from "../core/operation.ts";
import type { TableShape } from "../core/shape.ts";
import type { Alarm, Examined } from "./rule.ts";
import { type Touch, touches } from "./tables.ts";

/** An alarm for each operation that the message is made for; null for none. */
export function alarms(
  migration: Examined,
  message: (touch: Touch) => string | null,
): readonly Alarm[] {
  return touches(migration).flatMap((touch) => {
    const text = message(touch);
    const { statement, operation, table } = touch;
    return text === null ? [] : [{ statement, message: text, object: table?.name ?? operation.on }];
  });
}

/** The same for operations on tables that were there before the migration. */
export function alarmsOnOld(
  migration: Examined,
  message: (touch: Touch & { readonly table: TableShape }) => string | null,
): readonly Alarm[] {
  return alarms(
    migration,
    (touch) => touch.table === null ? null : message({ ...touch, table: touch.table }),
  );
}

/** Columns that an operation makes. */
export function columnsOf({ column, columns = [] }: Operation): readonly ColumnClause[] {
  return column === undefined ? columns : [...columns, column];
}

/** An alarm for each column that is made with a type, or gets one. */
export function columnsOfType(migration: Examined, type: RegExp): readonly Alarm[] {
  return alarms(migration, ({ operation }) => {
    const { action, on, name, value = "" } = operation;
    const made = columnsOf(operation).find((column) => type.test(column.type));
    const found = made ??
      (action === "change-type" && type.test(value) ? { name, type: value } : null);
    return found === null ? null : `${on}.${found.name} has the type ${found.type}`;
  });
}

/** True for a required column that rows which are there have no value for. */
export function isUnfilled(column: ColumnClause | undefined): boolean {
  return column !== undefined && column.isRequired && column.default === null &&
    !column.isIdentity && column.generated === null;
}

/** The table of a foreign key that rows are held against: a new column refers to nothing, unless its default does. */
export function validatedReference({ action, constraint, column }: Operation): string | null {
  if (action === "add-column") {
    return column === undefined || column.default === null ? null : column.references;
  }
  const isKey = action === "add-constraint" && constraint?.type === "foreign key";
  return isKey && !constraint.isUnvalidated ? constraint.references : null;
}

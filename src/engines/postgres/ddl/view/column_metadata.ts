/** Comments and privileges on the columns of views. */

import type { Facts, PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { PlanContext } from "../../../object_kind.ts";
import { ident, reference } from "../../quote.ts";
import { commentStatements } from "../clauses/comment.ts";
import { grantStatements } from "../clauses/grants.ts";
import { record } from "./view_options.ts";

/** COMMENT ON COLUMN and GRANT ... (column) from the fact `column_settings`. */
export function columnBelongings(
  before: SchemaObject | null,
  after: SchemaObject,
  { owner, context }: { readonly owner: string; readonly context: PlanContext },
): readonly PlannedStatement[] {
  const had = settingsOf(before);
  const has = settingsOf(after);
  const live = new Set(columnNames(after));
  const names = [...new Set([...Object.keys(had), ...Object.keys(has)])].filter((name) =>
    live.has(name)
  );
  return names.flatMap((name) => {
    const column = (settings: Readonly<Record<string, Facts>>): SchemaObject => ({
      ...after,
      facts: settings[name] ?? {},
    });
    const known = before === null ? null : column(had);
    const ref = reference(after.name);
    return [
      ...commentStatements(known, column(has), `COLUMN ${ref}.${ident(name)}`),
      ...grantStatements(known, column(has), { on: `TABLE ${ref}`, column: name, owner }, context),
    ];
  });
}

/** The fact `column_settings`: facts by column name. */
export function settingsOf(object: SchemaObject | null): Readonly<Record<string, Facts>> {
  return record(object?.facts.column_settings) as Readonly<Record<string, Facts>>;
}

function columnNames(object: SchemaObject): readonly string[] {
  const { columns } = object.facts;
  return Array.isArray(columns) ? columns.map((column) => String(record(column).name)) : [];
}

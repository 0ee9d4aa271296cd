/** Comments and privileges on the columns of views. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { CommonFacts } from "../../catalog/common.ts";
import type { ObjectOf, PostgresContext, With } from "../../objects.ts";
import { ident, reference } from "../../quote.ts";
import { commentStatements } from "../clauses/comment.ts";
import { grantStatements } from "../clauses/grants.ts";

/** COMMENT ON COLUMN and GRANT ... (column) from the fact `column_settings`. */
export function columnMetadata(
  before: View | null,
  after: View,
  { owner, context }: { readonly owner: string; readonly context: PostgresContext },
): readonly PlannedStatement[] {
  const had = settingsOf(before);
  const has = settingsOf(after);
  const live = new Set((after.facts.columns ?? []).map(({ name }) => name));
  const names = [...new Set([...Object.keys(had), ...Object.keys(has)])].filter((name) =>
    live.has(name)
  );
  return names.flatMap((name) => {
    const column = (settings: ReturnType<typeof settingsOf>): With<CommonFacts> => ({
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

/** What is set for the columns, by their names. */
export function settingsOf(object: View | null): NonNullable<View["facts"]["column_settings"]> {
  return object?.facts.column_settings ?? {};
}

type View = ObjectOf<"view" | "materialized view">;

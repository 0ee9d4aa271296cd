/** Indexes. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import { sameJson } from "../../../core/change.ts";
import { created, dropped, statement, type StatementFacts } from "../../common/statement.ts";
import { alterByFact } from "../../common/facts.ts";
import type { ObjectKind, PlanContext } from "../../object_kind.ts";
import type { IndexFacts } from "../catalog/index_object.ts";
import { factsOf, styleOf } from "../facts.ts";
import { quote } from "../quote.ts";
import { fold } from "../tokens.ts";
import { deduplicate } from "./deduplicate.ts";

/** An index of its own; those of PRIMARY KEY and UNIQUE belong to their constraints. */
export const index: ObjectKind = {
  kind: "index",
  rank: 35,
  reservedNames: (object) => [`relation ${fold(object.name)}`],
  create: (object, _members, context) => [
    ...factsOf(object, "index").unique === true ? deduplicate(object, context) : [],
    statement(
      indexText(object, context.to.objects.get(object.parent ?? "")?.name),
      object,
      created(object),
    ),
  ],
  drop: (object, context) => [
    statement(
      `DROP INDEX ${quote(object.name)}`,
      object,
      dropped(object),
      failsOnOf(object, context),
    ),
  ],
  alter: alterByFact<IndexFacts>({
    table: "replace",
    unique: "replace",
    columns: "replace",
    where: "replace",
  }),
};

/** Rows that a unique index kept apart, unless one like it stays. */
function failsOnOf(object: SchemaObject, context: PlanContext): StatementFacts {
  const { unique, columns, where } = factsOf(object, "index");
  if (unique !== true) return {};
  const stays = [...context.to.objects.values()].some((other) => {
    if (other.kind !== "index" || other.parent !== object.parent) return false;
    const facts = factsOf(other, "index");
    return facts.unique === true && sameJson([facts.columns, facts.where ?? null], [
      columns,
      where ?? null,
    ]);
  });
  if (stays || !context.to.objects.has(object.parent ?? "")) return {};
  return {
    failsOn: `rows of ${(object.parent ?? "").slice("table:".length)} that are equal in ${
      columns.join(", ")
    }`,
  };
}

/** CREATE INDEX on a table of that name. */
export function indexText(object: SchemaObject, table: string | undefined): string {
  const facts = factsOf(object, "index");
  const { columns: terms, where } = { ...facts, ...styleOf(object, "index") };
  const unique = facts.unique === true ? "UNIQUE " : "";
  const on = quote(table ?? (object.parent ?? "").slice("table:".length));
  return `CREATE ${unique}INDEX ${quote(object.name)} ON ${on} (${terms.join(", ")})` +
    (where === undefined ? "" : `\nWHERE ${where}`);
}

/** Indexes. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import { created, dropped, statement } from "../../common/statement.ts";
import { alterByFact } from "../../common/facts.ts";
import type { ObjectKind } from "../../object_kind.ts";
import type { IndexFacts } from "../catalog/index_object.ts";
import { factsOf, styleOf } from "../facts.ts";
import { quote } from "../quote.ts";
import { fold } from "../tokens.ts";
import { deduplicate } from "./deduplicate.ts";
import { failsOnWithout } from "./new_data.ts";

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
      failsOnWithout(object, context),
    ),
  ],
  alter: alterByFact<IndexFacts>({
    table: "replace",
    unique: "replace",
    columns: "replace",
    where: "replace",
  }),
};

/** CREATE INDEX on a table of that name. */
export function indexText(object: SchemaObject, table: string | undefined): string {
  const facts = factsOf(object, "index");
  const { columns: terms, where } = { ...facts, ...styleOf(object, "index") };
  const unique = facts.unique === true ? "UNIQUE " : "";
  const on = quote(table ?? (object.parent ?? "").slice("table:".length));
  return `CREATE ${unique}INDEX ${quote(object.name)} ON ${on} (${terms.join(", ")})` +
    (where === undefined ? "" : `\nWHERE ${where}`);
}

/** Indexes. */

import type { SchemaObject } from "../../../schema.ts";
import type { ObjectKind } from "../../object_kind.ts";
import { quote } from "../quote.ts";
import { fold } from "../tokens.ts";
import { has, listOf, textOf } from "./read.ts";
import { statement } from "./statement.ts";
import { withoutDuplicates } from "./unique.ts";

/** An index of its own; those of PRIMARY KEY and UNIQUE belong to their constraints. */
export const index: ObjectKind = {
  kind: "index",
  rank: 35,
  slots: (object) => [`relation ${fold(object.name)}`],
  create: (object, _members, context) => [
    ...has(object.facts, "unique") ? withoutDuplicates(object, context) : [],
    statement(
      indexText(object, context.to.objects.get(object.parent ?? "")?.name),
      [object.id],
      `Index ${object.name} is new`,
    ),
  ],
  drop: (object) => [
    statement(`DROP INDEX ${quote(object.name)}`, [object.id], `Index ${object.name} is gone`),
  ],
  alter: () => "replace",
};

/** CREATE INDEX on a table of that name. */
export function indexText(object: SchemaObject, table: string | undefined): string {
  const { facts, style } = object;
  const terms = listOf(style, "columns") ?? listOf(facts, "columns") ?? [];
  const unique = has(facts, "unique") ? "UNIQUE " : "";
  const where = textOf(style, "where") ?? textOf(facts, "where");
  const on = quote(table ?? (object.parent ?? "").slice("table:".length));
  return `CREATE ${unique}INDEX ${quote(object.name)} ON ${on} (${terms.join(", ")})` +
    (where === null ? "" : `\nWHERE ${where}`);
}

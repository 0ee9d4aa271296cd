/** Indexes. */

import type { SchemaObject } from "../../../schema.ts";
import type { ObjectKind } from "../../object_kind.ts";
import { quote } from "../quote.ts";
import { fold, tokenize } from "../tokens.ts";
import { has, listOf, textOf } from "./read.ts";
import { statement } from "./statement.ts";

/** An index of its own; those of PRIMARY KEY and UNIQUE belong to their constraints. */
export const index: ObjectKind = {
  kind: "index",
  rank: 35,
  slots: (object) => [`relation ${fold(object.name)}`],
  create: (object, _members, context) => [
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
  const written = listOf(style, "columns");
  const terms = (listOf(facts, "columns") ?? []).map((term, at) => {
    const text = written?.[at];
    return text === undefined || text === "" ? term : termText(text, term);
  });
  const unique = has(facts, "unique") ? "UNIQUE " : "";
  const where = textOf(style, "where") ?? textOf(facts, "where");
  const on = quote(table ?? (object.parent ?? "").slice("table:".length));
  return `CREATE ${unique}INDEX ${quote(object.name)} ON ${on} (${terms.join(", ")})` +
    (where === null ? "" : `\nWHERE ${where}`);
}

/** The author's text of a term with the collation and direction that the canonical text ends in. */
function termText(written: string, term: string): string {
  const tail = /(?: COLLATE (?:"(?:[^"]|"")*"|\S+))?(?: DESC)?$/.exec(term)?.[0] ?? "";
  const tokens = tokenize(written);
  const only = tokens.length === 1 ? tokens[0] : undefined;
  const plain = only?.kind === "quoted" || only?.kind === "name";
  return (plain ? quote(only.value) : written) + tail;
}

/** An index or a key as it stands in CREATE TABLE and behind ADD. */

import { lastName } from "../../../core/name.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { factsOf, type IndexFacts, type IndexPart } from "../facts.ts";
import { literal, quote } from "../quote.ts";
import { optionText } from "./option_text.ts";

/** `UNIQUE INDEX email (email)`; of the primary key `PRIMARY KEY (id)`. */
export function indexText(
  index: SchemaObject,
  isMariadb: boolean,
  facts: IndexFacts = factsOf(index, "index"),
): string {
  const parts = [
    ...facts.columns.map(partText),
    ...facts.without_overlaps === undefined
      ? []
      : [`${quote(facts.without_overlaps)} WITHOUT OVERLAPS`],
  ];
  const head = facts.type === "primary"
    ? "PRIMARY KEY"
    : `${HEADS[facts.type]} ${quote(lastName(index.name))}`;
  return [
    `${head} (${parts.join(", ")})`,
    ...facts.using === undefined ? [] : [`USING ${facts.using}`],
    ...Object.entries(facts.options ?? {}).map(([name, value]) => optionText(name, value)),
    ...facts.parser === undefined ? [] : [`WITH PARSER ${quote(facts.parser)}`],
    ...facts.comment === undefined ? [] : [`COMMENT ${literal(facts.comment)}`],
    ...facts.invisible === true ? [isMariadb ? "IGNORED" : "INVISIBLE"] : [],
  ].join(" ");
}

const HEADS: Readonly<Record<Exclude<IndexFacts["type"], "primary">, string>> = {
  unique: "UNIQUE INDEX",
  plain: "INDEX",
  fulltext: "FULLTEXT INDEX",
  spatial: "SPATIAL INDEX",
  vector: "VECTOR INDEX",
};

function partText({ column, expression, length, descending }: IndexPart): string {
  const what = column === undefined ? `(${expression ?? ""})` : quote(column);
  return `${what}${length === undefined ? "" : `(${length})`}${descending === true ? " DESC" : ""}`;
}

/** The clause that drops it from its table. */
export function dropIndex(index: SchemaObject): string {
  return factsOf(index, "index").type === "primary"
    ? "DROP PRIMARY KEY"
    : `DROP INDEX ${quote(lastName(index.name))}`;
}

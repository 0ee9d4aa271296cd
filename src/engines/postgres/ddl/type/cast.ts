/** Casts. */

import type { KindOf, ObjectOf } from "../../objects.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { metadata, type MetadataRefs } from "../clauses/metadata.ts";
import { planned } from "../clauses/statement.ts";

/** CREATE CAST; Postgres can change nothing of it but the comment. */
export const cast: KindOf<"cast"> = {
  kind: "cast",
  rank: 45,
  create: (object, _members, context) => [
    planned(object, definition(object), `Cast ${object.name} is new`),
    ...metadata(null, object, refs(object), context),
  ],
  drop: (object) => [planned(object, `DROP CAST (${object.name})`, `Cast ${object.name} is gone`)],
  alter: alterBy({ function: "replace", method: "replace", context: "replace" }, refs),
};

function definition(object: ObjectOf<"cast">): string {
  const method = object.facts.method;
  const context = object.facts.context;
  const way = method === "binary"
    ? "WITHOUT FUNCTION"
    : method === "inout"
    ? "WITH INOUT"
    : `WITH FUNCTION ${object.facts.function}`;
  return `CREATE CAST (${object.name}) ${way}${
    context === undefined ? "" : ` AS ${context.toUpperCase()}`
  }`;
}

function refs(object: ObjectOf<"cast">): MetadataRefs {
  return { comment: `CAST (${object.name})`, owner: null, grants: null };
}

/** Casts. */

import type { KindOf, ObjectOf } from "../../objects.ts";
import { commentStatements } from "../clauses/comment.ts";
import { otherFacts } from "../clauses/metadata.ts";
import { planned } from "../clauses/statement.ts";

/** CREATE CAST; Postgres can change nothing of it but the comment. */
export const cast: KindOf<"cast"> = {
  kind: "cast",
  rank: 45,
  create: (object) => [
    planned(object, definition(object), `Cast ${object.name} is new`),
    ...commentStatements(null, object, `CAST (${object.name})`),
  ],
  drop: (object) => [planned(object, `DROP CAST (${object.name})`, `Cast ${object.name} is gone`)],
  alter: ({ before, after, facts }) =>
    otherFacts(facts).length > 0
      ? "replace"
      : { statements: commentStatements(before, after, `CAST (${after.name})`) },
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

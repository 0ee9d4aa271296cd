/** Casts. */

import type { SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { commentStatements } from "../clauses/comment.ts";
import { otherFacts } from "../clauses/metadata.ts";
import { planned, text } from "../clauses/statement.ts";

/** CREATE CAST; Postgres can change nothing of it but the comment. */
export const cast: ObjectKind = {
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

function definition(object: SchemaObject): string {
  const method = text(object, "method");
  const context = text(object, "context");
  const way = method === "binary"
    ? "WITHOUT FUNCTION"
    : method === "inout"
    ? "WITH INOUT"
    : `WITH FUNCTION ${text(object, "function")}`;
  return `CREATE CAST (${object.name}) ${way}${
    context === null ? "" : ` AS ${context.toUpperCase()}`
  }`;
}

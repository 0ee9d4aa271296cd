/** An index of Postgres as one of no dialect. */

import { lastName } from "../../../core/name.ts";
import type { NeutralIndex, NeutralPart } from "../../convert/neutral.ts";
import { withCursor } from "../../convert/parse.ts";
import type { TreeCursor } from "../../convert/reading.ts";
import { expressionAt } from "../../convert/parse_expression.ts";
import type { ObjectOf } from "../objects.ts";
import type { PostgresScope } from "./scope.ts";

/** Reads it; null, and a note, for one that has no equal. */
export function readIndex(
  index: ObjectOf<"index">,
  table: string,
  { reading, notes }: PostgresScope,
): NeutralIndex | null {
  const name = lastName(index.name);
  const label = `index ${table}.${name}`;
  return notes.attempt(label, () =>
    withCursor(index.facts.definition, reading, (cursor) => {
      const method = cursor.name();
      const parts = partsAt(cursor);
      if (cursor.takes("INCLUDE")) {
        const columns = cursor.names();
        notes.changed(
          label,
          "one without INCLUDE",
          `it does not hold ${columns.join(", ")} elsewhere`,
        );
      }
      if (cursor.takes("NULLS")) {
        cursor.takes("NOT");
        cursor.expect("DISTINCT");
        notes.changed(
          label,
          "one in which NULL is like no other",
          "NULLS NOT DISTINCT has no equal",
        );
      }
      const where = cursor.takes("WHERE") ? expressionAt(cursor) : null;
      return {
        name,
        isUnique: index.facts.unique === true,
        parts,
        where,
        kind: method === "gin"
          ? "inverted"
          : method === "gist" || method === "spgist"
          ? "spatial"
          : "plain",
      };
    }));
}

function partsAt(cursor: TreeCursor): readonly NeutralPart[] {
  cursor.expectMark("(");
  const parts: NeutralPart[] = [];
  do {
    const expression = expressionAt(cursor);
    // The class of operators.
    while (
      cursor.peek()?.kind === "word" &&
      !["ASC", "DESC", "NULLS"].includes(cursor.peek()?.upper ?? "")
    ) {
      cursor.take();
    }
    const isDescending = cursor.takes("DESC");
    if (!isDescending) cursor.takes("ASC");
    if (!cursor.takes("NULLS", "FIRST")) cursor.takes("NULLS", "LAST");
    parts.push({ expression, length: null, isDescending });
  } while (cursor.takesMark(","));
  cursor.expectMark(")");
  return parts;
}

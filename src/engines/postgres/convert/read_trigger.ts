/** A trigger of Postgres, with the function that it runs, as one of no dialect. */

import { lastName } from "../../../core/name.ts";
import type { NeutralTrigger } from "../../convert/neutral.ts";
import { parseBody, withCursor } from "../../convert/parse.ts";
import { expressionAt } from "../../convert/parse_expression.ts";
import { type Expression, Untranslatable } from "../../convert/tree.ts";
import { isOf, type ObjectOf } from "../objects.ts";
import { flatName, type PostgresScope } from "./scope.ts";

/** Reads it; null, and a note, for one that has no equal. The ids of functions that are read are added to `used`. */
export function readTrigger(
  trigger: ObjectOf<"trigger">,
  scope: PostgresScope,
  used: Set<string>,
): NeutralTrigger | null {
  const { reading, notes, snapshot } = scope;
  const table = flatName((trigger.parent ?? "").replace(/^[^:]*:/, ""));
  const name = lastName(trigger.name);
  const { definition, enabled } = trigger.facts;
  return notes.attempt(`trigger ${table}.${name}`, () => {
    if (definition === undefined || enabled !== undefined) {
      throw new Untranslatable("it does not fire as usual");
    }
    return withCursor(definition, reading, (cursor) => {
      const timing = cursor.takes("BEFORE") ? "before" : "after";
      if (timing === "after") cursor.expect("AFTER");
      const events: ("insert" | "update" | "delete")[] = [];
      const columns: string[] = [];
      do {
        const event = cursor.name();
        if (event !== "insert" && event !== "update" && event !== "delete") {
          throw new Untranslatable(`a trigger on ${event} has no equal`);
        }
        events.push(event);
        if (cursor.takes("OF")) { do columns.push(cursor.name()); while (cursor.takesMark(",")); }
      } while (cursor.takes("OR"));
      cursor.expect("ON");
      cursor.name();
      while (cursor.takesMark(".")) cursor.name();
      cursor.expect("FOR", "EACH", "ROW");
      const when = cursor.takes("WHEN") ? expressionAt(cursor) : null;
      cursor.expect("EXECUTE");
      if (!cursor.takes("FUNCTION")) cursor.expect("PROCEDURE");
      const path = [cursor.name()];
      while (cursor.takesMark(".")) path.push(cursor.name());
      cursor.expectMark("(");
      cursor.expectMark(")");
      const called = path.length === 1 ? ["public", ...path] : path;
      const id = `function:${called.join(".")}()`;
      const routine = snapshot.objects.get(id);
      if (
        routine === undefined || !isOf(routine, "function") || routine.facts.language !== "plpgsql"
      ) {
        throw new Untranslatable(`the function ${path.join(".")}() is not one of PL/pgSQL here`);
      }
      const body = parseBody(routine.facts.body, reading);
      used.add(id);
      return {
        name,
        table,
        timing,
        events,
        columns,
        when: both(when, body.when),
        steps: body.steps,
      };
    });
  });
}

function both(left: Expression | null, right: Expression | null): Expression | null {
  if (left === null || right === null) return left ?? right;
  return { node: "binary", op: "and", left, right };
}

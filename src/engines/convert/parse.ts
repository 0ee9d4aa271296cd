/** SQL of a dialect, read into the tree. What has no form there is refused with an Untranslatable that says why. */

import { expressionAt } from "./parse_expression.ts";
import { parseQueryAt, statementAt } from "./parse_query.ts";
import { type Reading, TreeCursor } from "./reading.ts";
import type { Expression, Query } from "./tree.ts";
import type { TriggerStep } from "./neutral.ts";

/** All of a text as one expression. Throws Untranslatable. */
export function parseExpression(sql: string, reading: Reading): Expression {
  return withCursor(sql, reading, (cursor) => expressionAt(cursor));
}

/** All of a text as one query. Throws Untranslatable. */
export function parseQuery(sql: string, reading: Reading): Query {
  return withCursor(sql, reading, parseQueryAt);
}

/** The body of a trigger. */
export interface TriggerBody {
  /** Of an IF around all of it. */
  readonly when: Expression | null;
  readonly steps: readonly TriggerStep[];
}

/**
 * The body of a trigger as steps: values of the new row and statements about rows, with what a body begins and ends with. Throws
 * Untranslatable.
 */
export function parseBody(sql: string, reading: Reading): TriggerBody {
  return withCursor(sql, reading, (cursor) => {
    const isBlock = cursor.takes("BEGIN");
    const isHeld = cursor.takes("IF");
    const when = isHeld ? expressionAt(cursor) : null;
    if (isHeld) cursor.expect("THEN");
    const steps = stepsUntilEnd(cursor);
    if (isHeld) {
      cursor.expect("END", "IF");
      cursor.takesMark(";");
      if (cursor.takes("RETURN")) {
        cursor.take();
        cursor.takesMark(";");
      }
    }
    if (isBlock) cursor.expect("END");
    return { when, steps };
  });
}

function stepsUntilEnd(cursor: TreeCursor): readonly TriggerStep[] {
  const steps: TriggerStep[] = [];
  while (!cursor.isDone && !cursor.sees("END")) {
    if (cursor.takes("RETURN")) {
      cursor.take();
      cursor.takesMark(";");
      continue;
    }
    steps.push(...stepsAt(cursor));
    if (!cursor.takesMark(";")) break;
  }
  return steps;
}

function stepsAt(cursor: TreeCursor): readonly TriggerStep[] {
  const isSet = cursor.takes("SET");
  if (!isSet && !cursor.sees("NEW")) return [{ kind: "run", statement: statementAt(cursor) }];
  const steps: TriggerStep[] = [];
  do {
    cursor.expect("NEW");
    cursor.expectMark(".");
    const column = cursor.name();
    if (!cursor.takesMark(":=")) cursor.expectMark("=");
    steps.push({ kind: "assign", column, value: expressionAt(cursor) });
  } while (isSet && cursor.takesMark(","));
  return steps;
}

/** What `read` makes of all of a text. Throws Untranslatable. */
export function withCursor<T>(sql: string, reading: Reading, read: (cursor: TreeCursor) => T): T {
  const cursor = new TreeCursor(sql, reading, parseQueryAt);
  const result = read(cursor);
  cursor.takesMark(";");
  if (!cursor.isDone) throw cursor.unexpected("the end");
  return result;
}

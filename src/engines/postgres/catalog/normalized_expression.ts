/** Expressions as the server prints them, in a form that it prints the same when it has parsed it. */

import { signs } from "../signs.ts";

/**
 * `state IN ('a', 'b')` over a `varchar` comes out as `(state)::text = ANY ((ARRAY['a'::character varying, ...])::text[])`, and read
 * back the cast goes into each element: the same to whoever asks, and another text. Without the cast, which the server adds by itself,
 * it comes out as it was. A cast that somebody wrote stands at the elements already.
 */
export function normalized(expression: string): string;
export function normalized(expression: string | null): string | null;
export function normalized(expression: string | null): string | null {
  if (expression === null || !expression.includes("[])")) return expression;
  let text = "";
  let done = 0;
  for (const { 0: head, index } of expression.matchAll(HEAD)) {
    if (index < done) continue;
    const start = index + head.length;
    const end = endOfArray(expression, start);
    TAIL.lastIndex = end;
    const tail = TAIL.exec(expression)?.[0];
    if (tail === undefined) continue;
    text += `${expression.slice(done, index)}${head.slice(0, 3)} (ARRAY[${
      expression.slice(start, end)
    }])`;
    done = end + tail.length;
  }
  return text + expression.slice(done);
}

const HEAD = /\b(?:ANY|ALL) \(\(?ARRAY\[/g;
const TAIL = /\]\)?::(?:"(?:[^"]|"")*"|[\w. ]|\([\d,]+\))+\[\]\)/y;

/** The place of the bracket that closes the one before `start`. */
function endOfArray(text: string, start: number): number {
  let depth = 1;
  for (const { sign, at } of signs(text, start)) {
    if (sign === "[") depth++;
    else if (sign === "]" && --depth === 0) return at;
  }
  return text.length;
}

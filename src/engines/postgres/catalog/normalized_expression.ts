/** Expressions as the server prints them, in a form that it prints the same when it has parsed it. */

import { signs } from "../signs.ts";

/**
 * `state IN ('a', 'b')` over a `varchar` is printed as `(state)::text = ANY ((ARRAY['a'::character varying, ...])::text[])`, and when
 * that is loaded, as a dump is, the cast goes into each element: `ANY (ARRAY[('a'::character varying)::text, ...])`. Both are
 * given with the cast in the elements, and without one where the server adds it by itself: between `varchar` and `text`.
 */
export function normalized(expression: string): string;
export function normalized(expression: string | null): string | null;
export function normalized(expression: string | null): string | null {
  if (expression === null || !expression.includes("ARRAY[")) return expression;
  let text = "";
  let done = 0;
  for (const { index } of expression.matchAll(/\bARRAY\[/g)) {
    if (index < done) continue;
    const start = index + "ARRAY[".length;
    const end = endOfArray(expression, start);
    if (end === start) continue;
    const elements = elementsOf(expression.slice(start, end)).map((element) => normalized(element));
    const { from, to, type } = castOf(expression, index, end);
    const cast = type === null ? elements : elements.map((element) => castTo(element, type));
    const before = text + expression.slice(done, from);
    const plain = isTextComparison(before) ? cast.map(withoutCast) : [];
    text = `${before}ARRAY[${
      (plain.every((element) => element !== null) && plain.length > 0 ? plain : cast).join(", ")
    }]`;
    done = to;
  }
  return text + expression.slice(done);
}

/** The cast of an array as a whole, its brackets among it; `from` and `to` say what the array takes of the text. */
function castOf(text: string, start: number, end: number) {
  const none = { from: start, to: end + 1, type: null };
  const isEnclosed = text[start - 1] === "(" && text[end + 1] === ")";
  const at = isEnclosed ? end + 2 : end + 1;
  CAST.lastIndex = at;
  const [whole, type] = CAST.exec(text) ?? [];
  if (whole === undefined || type === undefined) return none;
  return { from: isEnclosed ? start - 1 : start, to: at + whole.length, type };
}

const CAST = /::((?:"(?:[^"]|"")*"|[\w. ]|\([\d,]+\))+)\[\]/y;

/** A cast of an element, as the server prints it; an array inside of an array has it in its own elements. */
function castTo(element: string, type: string): string {
  if (!element.startsWith("ARRAY[") || endOfArray(element, 6) !== element.length - 1) {
    return `(${element})::${type}`;
  }
  const inner = elementsOf(element.slice(6, -1)).map((one) => castTo(one, type));
  return `ARRAY[${inner.join(", ")}]`;
}

/** True in front of an array with whose elements a text is compared. */
function isTextComparison(before: string): boolean {
  return /::text\)* (?:[=<>~!*]+|LIKE|ILIKE) (?:ANY|ALL) \($/.test(before);
}

/** The constant of a `varchar` without its cast to `text`; null for anything else. */
function withoutCast(element: string): string | null {
  return /^\(?('(?:[^']|'')*'::character varying)\)?::text$/.exec(element)?.[1] ??
    (/^'(?:[^']|'')*'::character varying$/.test(element) ? element : null);
}

/** The place of the bracket that closes the one before `start`. */
function endOfArray(text: string, start: number): number {
  let depth = 1;
  for (const { sign, at } of signs(text, start)) {
    if (sign === "[") depth++;
    else if (sign === "]" && --depth === 0) return at;
  }
  return text.length;
}

/** The elements between the brackets of an array. */
function elementsOf(text: string): readonly string[] {
  const elements: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { sign, at } of signs(text, 0)) {
    if (sign === "[" || sign === "(") depth++;
    else if (sign === "]" || sign === ")") depth--;
    else if (sign === "," && depth === 0) {
      elements.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...elements, text.slice(start).trim()];
}

/** Brackets around expressions. */

import { signs } from "../../signs.ts";

/** An expression without the outermost pair of brackets. */
export function inBrackets(expression: string): string {
  return isWrapped(expression) ? expression.slice(1, -1) : expression;
}

/** `CHECK (n > 0)` of what the server prints, `CHECK ((n > 0))`; any other text as it is. */
export function checkClause(definition: string): string {
  const [, inner, rest = ""] =
    /^CHECK \((.*)\)((?: NO INHERIT)?(?: NOT VALID)?)$/s.exec(definition) ??
      [];
  return inner === undefined ? definition : `CHECK (${inBrackets(inner)})${rest}`;
}

function isWrapped(expression: string): boolean {
  if (!expression.startsWith("(") || !expression.endsWith(")")) return false;
  let depth = 0;
  for (const { sign, at } of signs(expression, 0)) {
    if (sign === "(") depth++;
    else if (sign === ")" && --depth === 0 && at < expression.length - 1) return false;
  }
  return depth === 0;
}

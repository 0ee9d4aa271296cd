/** The bound of a partition as a condition on its rows, as the server itself derives it. */

import { tokensOf } from "../../../sql/scanner.ts";
import { lexicon } from "../lexicon.ts";

/**
 * The condition for a key of one column: `RANGE (id)` with `FOR VALUES FROM (1) TO (10)` gives `id IS NOT NULL AND id >= 1 AND
 * id < 10`. Null for keys of several columns or expressions, for HASH, DEFAULT, and lists with NULL.
 */
export function boundCondition(key: string, bound: string): string | null {
  const [, strategy = "", column] = /^(RANGE|LIST) \(("(?:[^"]|"")+"|[a-z_][\w$]*)\)$/.exec(key) ??
    [];
  if (column === undefined) return null;
  const parts = valuesIn(bound);
  if (parts.some((values) => values.some((value) => /^null$/i.test(value)))) return null;
  const conditions = strategy === "RANGE"
    ? rangeConditions(column, parts)
    : listConditions(column, parts);
  return conditions === null ? null : [`${column} IS NOT NULL`, ...conditions].join(" AND ");
}

function rangeConditions(
  column: string,
  parts: readonly (readonly string[])[],
): readonly string[] | null {
  const [from, to] = parts;
  const [low, high] = [from?.[0], to?.[0]];
  if (parts.length !== 2 || low === undefined || high === undefined) return null;
  if (from?.length !== 1 || to?.length !== 1) return null;
  return [
    ...(low.toUpperCase() === "MINVALUE" ? [] : [`${column} >= ${low}`]),
    ...(high.toUpperCase() === "MAXVALUE" ? [] : [`${column} < ${high}`]),
  ];
}

function listConditions(
  column: string,
  [values, ...others]: readonly (readonly string[])[],
): readonly string[] | null {
  return values === undefined || values.length === 0 || others.length > 0
    ? null
    : [`${column} IN (${values.join(", ")})`];
}

/** The values of each pair of parentheses: `FROM (1) TO (10)` has two. */
function valuesIn(bound: string): readonly (readonly string[])[] {
  const found: string[][] = [];
  let depth = 0;
  let start = 0;
  for (const token of tokensOf(bound, lexicon)) {
    const text = bound.slice(token.start, token.end);
    if (text === "(" && depth++ === 0) {
      found.push([]);
      start = token.end;
    } else if ((text === "," && depth === 1) || (text === ")" && --depth === 0)) {
      found.at(-1)?.push(bound.slice(start, token.start).trim());
      start = token.end;
    }
  }
  return found;
}

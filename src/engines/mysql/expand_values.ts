/** Whether two values differ, as columns of an expansion compare them. */

/** A collation may take texts for equal that are not; their bytes tell. */
export function differs(one: string, other: string, type: string): string {
  if (!TEXTS.test(type)) return `NOT (${one} <=> ${other})`;
  return `NOT (${bytes(one)} <=> ${bytes(other)})`;
}

function bytes(value: string): string {
  return `CAST(CONVERT(${value} USING utf8mb4) AS BINARY)`;
}

const TEXTS = /^(?:(?:var)?char|(?:tiny|medium|long)?text|enum|set)\b/i;

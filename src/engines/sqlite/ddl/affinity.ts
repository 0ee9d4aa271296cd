/** What SQLite makes of a declared type. */

/** The five affinities. */
export type Affinity = "INTEGER" | "TEXT" | "BLOB" | "REAL" | "NUMERIC";

/** The affinity of a declared type in capitals, undefined for none: SQLite's manual, "Determination Of Column Affinity". */
export function affinityOf(type: string | undefined): Affinity {
  if (type === undefined) return "BLOB";
  if (type.includes("INT")) return "INTEGER";
  if (/CHAR|CLOB|TEXT/.test(type)) return "TEXT";
  if (type.includes("BLOB")) return "BLOB";
  return /REAL|FLOA|DOUB/.test(type) ? "REAL" : "NUMERIC";
}

/** How a column is declared. */
export interface Declared {
  readonly type: string | undefined;
  /** True in a STRICT table, which refuses what is not of the type. */
  readonly isStrict: boolean;
}

/**
 * True when all values come out as they were, or are turned back by the former affinity: a text that looks like a number becomes one
 * (`00501` is 501), a number becomes a text of fifteen digits, an integer a floating point number.
 */
export function keepsValues(before: Declared, after: Declared): boolean {
  if (after.isStrict && after.type === "ANY") return true;
  if (before.isStrict && before.type === "ANY") return affinityOf(after.type) === "BLOB";
  const [from, to] = [affinityOf(before.type), affinityOf(after.type)];
  if (from === to || to === "BLOB") return true;
  // Integers are written to the last digit; another table may hold 0.1 in an integer column as well.
  if (before.isStrict && from === "INTEGER") return to !== "REAL";
  return to !== "REAL" && to !== "TEXT" && from !== "TEXT" && from !== "BLOB";
}

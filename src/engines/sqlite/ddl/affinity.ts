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

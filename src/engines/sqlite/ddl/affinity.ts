/** What SQLite makes of a declared type. */

/** The five affinities. */
export type Affinity = "INTEGER" | "TEXT" | "BLOB" | "REAL" | "NUMERIC";

/** The affinity of a declared type in capitals: SQLite's manual, "Determination Of Column Affinity". */
export function affinityOf(type: string | null): Affinity {
  if (type === null) return "BLOB";
  if (type.includes("INT")) return "INTEGER";
  if (/CHAR|CLOB|TEXT/.test(type)) return "TEXT";
  if (type.includes("BLOB")) return "BLOB";
  return /REAL|FLOA|DOUB/.test(type) ? "REAL" : "NUMERIC";
}

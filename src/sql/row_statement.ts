/** Statements about rows, by their first words. */

/** True for a statement that changes rows, or begins like one: `WITH` may stand before it. */
export function changesRows(sql: string): boolean {
  return /^(?:INSERT|UPDATE|DELETE|WITH|MERGE|REPLACE)\b/i.test(sql);
}

/** True for a query, or what begins like one. */
export function isQuery(sql: string): boolean {
  return /^(?:SELECT|WITH)\b/i.test(sql);
}

/** The table, as written, whose rows a statement deletes; null for any other statement. */
export function deletedTable(sql: string): string | null {
  return /^DELETE\s+FROM\s+(?:ONLY\s+)?([^\s(]+)/i.exec(sql)?.[1] ?? null;
}

/** True for a statement that defines something, or changes or describes what is defined. */
export function defines(sql: string): boolean {
  return /^(?:CREATE|COMMENT\s+ON|ALTER\s+(?:TABLE|SEQUENCE|INDEX|VIEW))\b/i.test(sql);
}

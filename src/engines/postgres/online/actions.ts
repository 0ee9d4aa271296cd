/** The actions of an ALTER TABLE, as its text has them. */

import { tokensOf } from "../../../sql/scanner.ts";
import { lexicon } from "../lexicon.ts";

/** An ALTER TABLE in pieces. */
export interface AlterTable {
  /** `ALTER TABLE ONLY users` */
  readonly head: string;
  readonly actions: readonly string[];
}

/** Cuts an ALTER TABLE at the commas between its actions; null for any other statement. */
export function readAlterTable(sql: string): AlterTable | null {
  const tokens = tokensOf(sql, lexicon).filter(({ kind }) =>
    kind !== "blank" && kind !== "comment"
  );
  const word = (at: number) => {
    const token = tokens[at];
    return token === undefined ? "" : sql.slice(token.start, token.end).toUpperCase();
  };
  if (word(0) !== "ALTER" || word(1) !== "TABLE") return null;
  let at = 2;
  if (word(at) === "IF") at += 2;
  if (word(at) === "ONLY") at++;
  at++;
  while (word(at) === ".") at += 2;
  const first = tokens[at];
  const last = tokens[at - 1];
  if (first === undefined || last === undefined) return null;
  const actions: string[] = [];
  let [depth, start] = [0, first.start];
  for (const token of tokens.slice(at)) {
    const text = sql.slice(token.start, token.end);
    if (text === "(" || text === "[") depth++;
    if (text === ")" || text === "]") depth--;
    if (text !== "," || depth > 0) continue;
    actions.push(sql.slice(start, token.start).trim());
    start = token.end;
  }
  actions.push(sql.slice(start).trim());
  return { head: sql.slice(0, last.end), actions };
}

/** The statement again, a line for each action where there are several. */
export function alterText(head: string, actions: readonly string[]): string {
  const [only, ...others] = actions;
  return others.length === 0 ? `${head} ${only}` : `${head}\n  ${actions.join(",\n  ")}`;
}

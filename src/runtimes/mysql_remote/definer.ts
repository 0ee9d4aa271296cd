/** Code that states another definer, which an account of a server that others use may not: it would run with that one's rights. */

const WORD = "(?:`[^`]*`|'[^']*'|\"[^\"]*\"|[\\w$.%-]+)";

/** `CREATE`, then options but no text and no bracket, then the clause. */
const CLAUSE = new RegExp(
  `^((?:CREATE|ALTER)\\b[^('"\`]{0,200}?)\\bDEFINER\\s*=\\s*${WORD}(?:\\s*@\\s*${WORD})?`,
  "i",
);

/** The statement with its own account as definer; null where it states none. */
export function withoutDefiner(sql: string): string | null {
  const text = sql.trimStart();
  return CLAUSE.test(text) ? text.replace(CLAUSE, "$1") : null;
}

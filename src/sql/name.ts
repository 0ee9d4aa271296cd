/** Names as they stand in SQL. */

/** The meaning of a quoted piece: its quotes taken off, what is doubled inside written once. A text without quotes as it is. */
export function unquoted(text: string): string {
  const open = text.charAt(0);
  if (open === "[") return text.slice(1, -1);
  if (open !== '"' && open !== "'" && open !== "`") return text;
  return text.slice(1, -1).replaceAll(open + open, open);
}

/** The name that a token means: quotes taken off, or what `fold` makes of a name without them. */
export function nameOf(text: string, fold: (name: string) => string): string {
  return /^["'`[]/.test(text) ? unquoted(text) : fold(text);
}

/** Capital ASCII letters as small ones; all others as they are. */
export function lowerAscii(name: string): string {
  return /[A-Z]/.test(name) ? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name;
}

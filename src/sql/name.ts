/** Names as they stand in SQL. */

/** The meaning of a quoted piece: its quotes taken off, what is doubled inside written once. A text without quotes as it is. */
export function unquoted(text: string): string {
  const open = text.charAt(0);
  if (open === "[") return text.slice(1, -1);
  if (open !== '"' && open !== "'" && open !== "`") return text;
  return text.slice(1, -1).replaceAll(open + open, open);
}

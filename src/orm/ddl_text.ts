/** The text that a tool printed, without what it says besides DDL. */

/** What can stand at the beginning of a statement of DDL, or of a comment. */
const BEGINS =
  /^\s*(?:--|\/\*|CREATE|ALTER|COMMENT|SET|INSERT|DO|DROP|PRAGMA|BEGIN|START|SELECT|GRANT|USE)\b|^\s*(?:--|\/\*)/i;

/** Most lines of talk before the first statement. */
const MOST_TALK = 40;

/** The DDL of a command's output; lines before the first statement, where tools say what they read, are taken out. */
export function withoutTalk(output: string): string {
  const text = output.replaceAll("\r\n", "\n").replace(/^\ufeff/, "");
  const lines = text.split("\n");
  const first = lines.findIndex((line) => BEGINS.test(line));
  return first < 0 || first > MOST_TALK ? text : lines.slice(first).join("\n");
}

/** Commands of the clients `mysql` and `mariadb`, which no server knows. */

/** A command and what follows it on its line. */
export interface ClientCommand {
  /** In small letters; `delimiter` also for `\d`. */
  readonly name: string;
  /** The first word behind it, quotes taken off; for DELIMITER the delimiter. */
  readonly argument: string;
  /** The line. */
  readonly text: string;
  /** Offset of the end of the line. */
  readonly end: number;
}

/** The command at the beginning of a statement; null for none. */
export function clientCommand(sql: string, start: number): ClientCommand | null {
  COMMAND.lastIndex = start;
  const match = COMMAND.exec(sql);
  if (match === null) return null;
  const [whole, word = "", rest = ""] = match;
  const name = SHORT[word] ?? word.toLowerCase();
  const argument = rest.trim().split(/\s+/)[0] ?? "";
  return {
    name,
    argument: argument.replace(/^(['"`])(.+)\1$/, "$2"),
    text: whole.trim(),
    end: start + whole.length,
  };
}

/** `source` and `system` are names as well, so that something must follow them on their line. */
const COMMAND =
  /(delimiter|\\d)(?=[ \t])([^\r\n]*)|(?:source|system|pager|tee|notee|nopager|prompt|connect|rehash)(?=[ \t]+[^ \t\r\n=(])[^\r\n]*|\\[.!TPR][^\r\n]*/iy;

const SHORT: Readonly<Record<string, string>> = { "\\d": "delimiter" };

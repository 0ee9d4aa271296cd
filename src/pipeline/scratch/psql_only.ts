/** What only psql understands, in a script that its runner hands to the server: the server reads it as SQL and refuses it. */

import type { Engine } from "../../engines/engine.ts";
import { DatabaseError } from "../../core/error.ts";
import type { Script } from "../../formats/format.ts";
import type { Statement } from "../../core/statement.ts";
import { Scanner } from "../../sql/scanner.ts";

/** Where the server stops, and what it says. */
export interface ServerRefusal {
  readonly statement: Statement;
  readonly reason: DatabaseError;
}

/** The refusal of the first command or row of data that the runner does not take out of the script; null when there is none. */
export function psqlOnly(
  { text, refuses = [] }: Script,
  { lexicon, split }: Pick<Engine, "lexicon" | "split">,
): ServerRefusal | null {
  if (refuses.length === 0 || !text.includes("\\") && !/\bstdin\b/i.test(text)) return null;
  const command = refuses.includes("commands") ? commandIn(text, lexicon) : null;
  if (refuses.includes("copy-data")) {
    const copy = split(text.slice(0, command ?? text.length))
      .find(({ copyData }) => copyData !== undefined);
    if (copy !== undefined) {
      return refusal(text, lexicon, {
        from: copy.offset + copy.sql.length + 1,
        hint:
          "Rows that follow a statement are read by psql, not by this runner: write statements that insert them",
      });
    }
  }
  if (command === null) return null;
  return refusal(text, lexicon, {
    from: command,
    hint: "A line that begins with a backslash is a command of psql, not of this runner: remove it",
  });
}

/** Offset of the first backslash outside of strings and comments. */
function commandIn(text: string, lexicon: Engine["lexicon"]): number | null {
  const scanner = new Scanner(text, lexicon);
  while (scanner.next()) {
    if (scanner.kind === "bad" && text.charAt(scanner.start) === "\\") return scanner.start;
  }
  return null;
}

/** A syntax error at the first token from an offset on. */
function refusal(
  text: string,
  lexicon: Engine["lexicon"],
  { from, hint }: { readonly from: number; readonly hint: string },
): ServerRefusal {
  const scanner = new Scanner(text, lexicon, from);
  let found = false;
  do found = scanner.next(); while (
    found && (scanner.kind === "blank" || scanner.kind === "comment")
  );
  const [start, end] = found ? [scanner.start, scanner.end] : [from, from];
  const sql = text.slice(start, end);
  const message = found ? `syntax error at or near "${sql}"` : "syntax error at end of input";
  return {
    statement: { sql, offset: Math.min(start, text.length), transactional: true },
    reason: new DatabaseError(message, { hint }),
  };
}

/** What to do about text of another program that the server stumbles over: variables of psql, words of other clients. */

import type { DatabaseError } from "../../core/error.ts";
import type { Statement } from "../../core/statement.ts";
import { errorPosition } from "./error_position.ts";

/** A hint for a syntax error that such text causes; null for any other. */
export function clientHint(reason: DatabaseError, { sql }: Statement): string | null {
  const near = /^syntax error at or near "(.+?)"/s.exec(reason.message)?.[1];
  if (near === undefined) return null;
  const at = errorPosition(reason, sql)?.offset ?? 0;
  const variable = /^:(?:\w+|"[^"\n]+"|'[^'\n]+')/.exec(sql.slice(at))?.[0];
  if (variable !== undefined) {
    return `${variable} is a variable of psql, which is not replaced here: write its value`;
  }
  return HINTS[near.toUpperCase()] ?? null;
}

const HINTS: Readonly<Record<string, string | undefined>> = {
  GO: "GO is a command of sqlcmd: end statements with semicolons instead",
  DELIMITER: "DELIMITER is a command of the mysql client: leave it out, and write bodies in $$",
  "`": "Names are quoted by double quotes in Postgres, not by backticks",
};

/** Where errors of MySQL and MariaDB stand: at the text that a message says is near, else at the first name that it quotes. */

import type { DatabaseError } from "../../core/error.ts";
import { firstNamed } from "../common/error_position.ts";
import type { ErrorPosition } from "../engine.ts";
import { lexicon } from "./lexicon.ts";

/** The position of an error; null when nothing tells. */
export function errorPosition(error: DatabaseError, statement: string): ErrorPosition | null {
  const near = /\bnear '(.*)' at line (\d+)$/s.exec(error.message);
  if (near !== null) {
    const offset = placeOf(near[1] ?? "", Number(near[2]), statement);
    return offset === null ? null : { offset, missing: null };
  }
  const quoted = [...error.message.matchAll(/['`]([^'`]+)['`]/g)].map(([, name = ""]) => name);
  const bare = /^(?:FUNCTION|PROCEDURE) (\S+) does not exist/.exec(error.message)?.[1];
  const found = firstNamed(bare === undefined ? quoted : [bare, ...quoted], statement, lexicon);
  if (found === null) return null;
  return { offset: found.offset, missing: isMissingObject(error) ? found.name : null };
}

/** Where a text stands in a statement, on that line or behind it. */
function placeOf(text: string, line: number, statement: string): number | null {
  if (text === "") return statement.length;
  let from = 0;
  for (let at = 1; at < line && from >= 0; at++) {
    const end = statement.indexOf("\n", from);
    if (end < 0) break;
    from = end + 1;
  }
  const found = statement.indexOf(text, from);
  const place = found < 0 ? statement.indexOf(text) : found;
  return place < 0 ? null : place;
}

/** Numbers of errors about databases, tables, columns, keys, routines, triggers, events and sequences that are not there. */
const MISSING: ReadonlySet<string> = new Set(
  ("1005 1049 1051 1054 1072 1091 1109 1146 1176 1215 1305 1356 1360 1539 1822 1824 3734 4091")
    .split(
      " ",
    ),
);

/** Whether an error is that there is no such object, yet. */
export function isMissingObject({ code }: DatabaseError): boolean {
  return MISSING.has(code);
}

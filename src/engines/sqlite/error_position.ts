/** Where SQLite's errors stand: at the offset that was found, else at the name behind the message's last colon, or in its quotes. */

import type { DatabaseError } from "../../core/error.ts";
import { firstNamed } from "../common/error_position.ts";
import type { ErrorPosition } from "../engine.ts";
import { lexicon } from "./lexicon.ts";

/** The position of an error; null when nothing tells. */
export function errorPosition(error: DatabaseError, statement: string): ErrorPosition | null {
  const { message } = error;
  const quoted = [...message.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
  const last = /: (\S+)$/.exec(message)?.[1];
  const found = firstNamed(last === undefined ? quoted : [...quoted, last], statement, lexicon);
  const offset = error.offset ?? found?.offset;
  if (offset === undefined) return null;
  const missing = found !== null && /\bno such\b|^unknown /.test(message) ? found.name : null;
  return { offset, missing };
}

/** Whether an error is that there is no such object, yet. */
export function isMissingObject({ message }: DatabaseError): boolean {
  return /^(?:error in \w+ .*: )?no such (?:table|view|index|column|trigger): /.test(message);
}

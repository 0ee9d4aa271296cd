/** What a Postgres server answered as an error of ours. */

import { DatabaseError } from "../../core/error.ts";
import { MEMORY_HINT, TIMEOUT_HINT } from "../limits.ts";
import type { ErrorFields } from "./messages.ts";

const QUERY_CANCELED = "57014";
const OUT_OF_MEMORY = "53200";
const DISK_FULL = "53100";

/** The error with its code, place in `sql` and hint; one that a limit of ours brought says which. */
export function replyError(
  fields: ErrorFields,
  { isTimeout, excess, sql, statement }: {
    readonly isTimeout: boolean;
    /** Why the statement was told to end where that was for its memory. */
    readonly excess?: string;
    readonly sql: string;
    readonly statement?: number;
  },
): DatabaseError {
  const position = Number(fields.P);
  const details = {
    code: fields.C,
    offset: position > 0 ? utf16Offset(sql, position - 1) : undefined,
    hint: fields.H,
    statement,
    detail: [fields.D, fields.W].filter((part) => part !== undefined).join("\n") || undefined,
  };
  if (fields.C === QUERY_CANCELED && excess !== undefined) {
    return new DatabaseError(excess, { ...details, code: OUT_OF_MEMORY, hint: MEMORY_HINT });
  }
  if (fields.C === QUERY_CANCELED && isTimeout) {
    return new DatabaseError("canceling statement due to statement timeout", {
      ...details,
      hint: TIMEOUT_HINT,
    });
  }
  if (fields.C === OUT_OF_MEMORY || fields.C === DISK_FULL) {
    return new DatabaseError(fields.M ?? "out of memory", { ...details, hint: MEMORY_HINT });
  }
  return new DatabaseError(fields.M ?? "unknown error", details);
}

/** The server counts characters, JavaScript UTF-16 units. */
function utf16Offset(text: string, characters: number): number {
  let offset = 0;
  for (const character of text) {
    if (characters-- <= 0) break;
    offset += character.length;
  }
  return offset;
}

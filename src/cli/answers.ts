/** `--rename` and `--answer`, read. */

import { UsageError } from "../errors.ts";
import type { Answer, Rename } from "../schema.ts";

/** Reads `users.fullname=name` or `table:people=users`. Throws UsageError for anything else. */
export function readRename(text: string): Rename {
  const match = /^(?:([a-z][a-z ]*):)?([^=]+)=([^=]+)$/.exec(text);
  if (match === null) {
    throw new UsageError(`Cannot read --rename "${text}"`, {
      code: "flag-value",
      hint:
        "write --rename users.fullname=name for a column, --rename table:people=users for a table",
    });
  }
  const [, kind = null, from = "", to = ""] = match;
  return { kind, from: from.trim(), to: to.trim(), by: "flag" };
}

/** Reads `id=option` or `id=option=expression` into an entry of the answers. Throws UsageError for anything else. */
export function readAnswer(text: string): readonly [id: string, answer: Answer] {
  const match = /^([^=]+)=([^=]+)(?:=(.*))?$/s.exec(text);
  if (match === null) {
    throw new UsageError(`Cannot read --answer "${text}"`, {
      code: "flag-value",
      hint: "write it as the open choice shows it: --answer <id>=<option>",
    });
  }
  const [, id = "", option = "", expression] = match;
  return [id, { option, by: "flag", ...(expression === undefined ? {} : { expression }) }];
}

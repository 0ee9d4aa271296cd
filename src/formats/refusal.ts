/** Errors that point into a migration file. */

import { UsageError } from "../errors.ts";
import type { SourceFile } from "./format.ts";

/** A UsageError at `offset` of `file`, with the line for the frame. */
export function refusal(
  message: string,
  file: SourceFile,
  offset: number,
  hint?: string,
): UsageError {
  const before = file.text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  const lineEnd = file.text.indexOf("\n", offset);
  return new UsageError(message, {
    code: "migration-format",
    place: {
      file: file.path,
      line: before.split("\n").length,
      column: offset - lineStart + 1,
    },
    source: file.text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd).replace(/\r$/, ""),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** A UsageError about a file as a whole. */
export function fileRefusal(message: string, path: string, hint?: string): UsageError {
  return new UsageError(message, {
    code: "migration-format",
    place: { file: path, line: 1, column: 1 },
    ...(hint === undefined ? {} : { hint }),
  });
}

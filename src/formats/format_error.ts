/** Errors that point into a migration file. */

import { UsageError } from "../core/error.ts";
import { positionAt } from "../sql/position.ts";
import type { SourceFile } from "./format.ts";

/** A UsageError at `offset` of `file`, with the line for the frame. */
export function refusal(
  message: string,
  file: SourceFile,
  offset: number,
  hint?: string,
): UsageError {
  const { source, ...position } = positionAt(file.text, offset);
  return new UsageError(message, {
    code: "migration-format",
    place: { file: file.path, ...position },
    source,
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

/** A `rebase` of a format whose order does not stand in the paths of its files alone: it throws a UsageError that says what to do. */
export function noRebase(title: string, hint: string): () => never {
  return () => {
    throw new UsageError(
      `Cannot put migrations of ${title} behind others: their order stands in the files`,
      { code: "rebase", hint },
    );
  };
}

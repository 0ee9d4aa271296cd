/** All formats, loaded: for what looks at each of them. */

import type { MigrationFormat, SourceFile } from "./format.ts";
import { LOADERS } from "./mod.ts";

/** All formats, in the order of the list. */
export const FORMATS: readonly MigrationFormat[] = await Promise.all(
  [...LOADERS.values()].map((load) => load()),
);

/** How sure each format is of a folder, surest first; those that see nothing of theirs are left out. */
export function rankFormats(
  files: readonly SourceFile[],
): readonly { readonly format: MigrationFormat; readonly confidence: number }[] {
  return FORMATS.map((format) => ({ format, confidence: format.recognises(files) }))
    .filter(({ confidence }) => confidence > 0)
    .sort((a, b) => b.confidence - a.confidence);
}

/** The format that a folder's files most likely are in, or null. */
export function detectFormat(files: readonly SourceFile[]): MigrationFormat | null {
  return rankFormats(files)[0]?.format ?? null;
}

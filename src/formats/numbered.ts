/** Folders of single files named `<version>_<name>.sql`. */

import type { SourceFile } from "./format.ts";
import { fileRefusal } from "./refusal.ts";
import { compareNumbers } from "./versions.ts";

/** A file with its version and name. */
export interface NumberedFile {
  readonly file: SourceFile;
  readonly version: string;
  readonly name: string;
}

/** Orders by version as a number; throws UsageError for two files of one version. */
export function inOrder(
  files: readonly NumberedFile[],
  runner: string,
): readonly NumberedFile[] {
  const sorted = [...files].sort((a, b) => compareNumbers(a.version, b.version));
  for (const [index, file] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before === undefined || compareNumbers(before.version, file.version) !== 0) continue;
    const [first, second] = [before.file.path, file.file.path].sort();
    throw fileRefusal(
      `Cannot order "${first}" and "${second}": both are version ${file.version}`,
      second ?? "",
      `${runner} refuses duplicate versions; rename one of them`,
    );
  }
  return sorted;
}

/** Throws UsageError for files that are programs in another language. */
export function refusePrograms(
  paths: readonly string[],
  language: string,
): void {
  const [first] = paths;
  if (first === undefined) return;
  const all = paths.map((path) => `"${path}"`).join(", ");
  throw fileRefusal(
    `Cannot replay ${all}: ${paths.length === 1 ? "it is a" : "they are"} ${language} migration${
      paths.length === 1 ? "" : "s"
    }`,
    first,
    "aim replays SQL only; write the step as SQL, or squash the history up to it",
  );
}

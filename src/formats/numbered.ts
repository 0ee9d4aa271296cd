/** Folders of single files named `<version>_<name>.sql`. */

import type { SourceFile } from "./format.ts";
import type { UsageError } from "../core/error.ts";
import { fileRefusal } from "./format_error.ts";
import { compareNumbers } from "./versions.ts";

/** A file with its version and name. */
export interface NumberedFile {
  readonly file: SourceFile;
  readonly version: string;
  readonly name: string;
}

/** Orders by version as a number; throws UsageError for two files of one version, and for a version that no 64 bits hold. */
export function inOrder<T extends NumberedFile>(files: readonly T[], hint: string): readonly T[] {
  for (const { file, version } of files) refuseTooLarge(version, file.path);
  const sorted = [...files].sort((a, b) => compareNumbers(a.version, b.version));
  refuseDuplicates(sorted, {
    hint,
    compare: compareNumbers,
    pathOf: ({ file }) => file.path,
    versionOf: ({ version }) => version,
  });
  return sorted;
}

/** Throws UsageError for a version of digits that is beyond what runners that keep it as a number can hold. */
export function refuseTooLarge(version: string, path: string): void {
  if (BigInt(version) <= LARGEST) return;
  throw fileRefusal(
    `Cannot read the version of "${path}": ${version} is larger than ${LARGEST}`,
    path,
    "The runner keeps versions as numbers of 64 bits; renumber the file",
  );
}

const LARGEST = 2n ** 63n - 1n;

/** How to tell what a migration is called. */
export interface DuplicateCheck<T> {
  readonly hint: string;
  /** Compares versions; 0 when the runner takes them for the same. */
  compare(a: string, b: string): number;
  pathOf(one: T): string;
  versionOf(one: T): string;
  /** What the message says; `versionOf` when absent. */
  shownVersion?(one: T): string;
}

/** Throws UsageError where two neighbours of a list in order of version have the same one. */
export function refuseDuplicates<T>(
  sorted: readonly T[],
  { hint, compare, pathOf, versionOf, shownVersion = versionOf }: DuplicateCheck<T>,
): void {
  for (const [index, one] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before === undefined || compare(versionOf(before), versionOf(one)) !== 0) continue;
    const [first = "", second = ""] = [pathOf(before), pathOf(one)].sort();
    throw fileRefusal(
      `Cannot order "${first}" and "${second}": both are version ${shownVersion(one)}`,
      second,
      hint,
    );
  }
}

/** The error for a file that is a program in another language. */
export function programRefusal(path: string, language: string): UsageError {
  return fileRefusal(
    `Cannot replay "${path}": it is a ${language} migration`,
    path,
    "Let the runner's own program apply it: `[history] command` names it; or write the step as SQL",
  );
}

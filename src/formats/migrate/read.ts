/** Reading golang-migrate's pairs. */

import type { History, ReadOptions, Script, SourceFile } from "../format.ts";
import {
  byPath,
  comparePairs,
  type PairFile,
  pairFile,
  pairKey,
  pairMigration,
  withoutDown,
} from "../pairs.ts";
import { refuseDuplicates, refuseTooLarge } from "../numbered.ts";
import { fileRefusal } from "../format_error.ts";
import { refuseTemplate } from "../templates.ts";
import { sameDialect, sentBy, unmarked } from "../transaction_mode.ts";
import { compareText } from "../versions.ts";

/** The migrations of the pairs for one dialect, in order of version. Throws UsageError for programs and for duplicate versions. */
export function parseMigrate(
  files: readonly SourceFile[],
  { dialect, lexicon }: ReadOptions,
): History {
  const texts = byPath(files);
  const found = files.map((file) => pairFile(file.path)).filter((file) => file !== null);
  const code = found.find((file) => /^(?:go|js|ts|rb|py|fizz|sh)$/.test(file.extension));
  if (code !== undefined) {
    throw fileRefusal(
      `Cannot replay "${code.path}": it is not SQL`,
      code.path,
      "golang-migrate runs SQL alone; write the step as SQL",
    );
  }
  for (const { version, path } of found) refuseTooLarge(version, path);
  const meant = forDialect(found.filter((file) => /sql$/i.test(file.extension)), dialect);
  refuseSameKey(meant);
  refuseSameVersion(meant);
  const notes: string[] = [];
  const alone: string[] = [];
  const migrations = keyed(meant).sort((a, b) => comparePairs(leading(a), leading(b)))
    .flatMap(({ up, down }) => {
      if (up === null) {
        notes.push(`${down.path} has no .up.sql beside it and is left out`);
        return [];
      }
      if (down === null) alone.push(up.path);
      const scriptOf = (file: PairFile): Script => {
        const source = texts.get(file.path) ?? { path: file.path, text: "" };
        refuseTemplate(source, lexicon);
        return {
          file: file.path,
          text: source.text,
          transaction: file.autocommit ? "none" : unmarked("migrate", dialect),
          ...sentBy("migrate", dialect),
        };
      };
      return [pairMigration(up, down, scriptOf)];
    });
  return { migrations, notes: [...oddities(found), ...withoutDown(alone), ...notes] };
}

/** The files for `dialect`: those tagged with it, and those without a tag where none is tagged with it. */
function forDialect(files: readonly PairFile[], dialect: string): readonly PairFile[] {
  if (files.every((file) => file.dialect === null)) return files;
  const ours = files.filter((file) => file.dialect !== null && sameDialect(file.dialect, dialect));
  const special = new Set(ours.map((file) => `${pairKey(file)} ${file.direction}`));
  return files.filter((file) =>
    file.dialect === null ? !special.has(`${pairKey(file)} ${file.direction}`) : ours.includes(file)
  );
}

/** Throws UsageError where two files are the same direction of the same migration. */
function refuseSameKey(files: readonly PairFile[]): void {
  const keyOf = (file: PairFile) => `${pairKey(file)} ${file.direction} ${file.dialect ?? ""}`;
  refuseDuplicates([...files].sort((a, b) => compareText(keyOf(a), keyOf(b))), {
    hint: "golang-migrate refuses two files of one version and direction; remove one of them",
    compare: compareText,
    pathOf: ({ path }) => path,
    versionOf: keyOf,
    shownVersion: ({ version, name, direction }) => `${version}, ${name} ${direction}`,
  });
}

/**
 * Throws UsageError where one version has two files of one direction, whatever their names: golang-migrate's source driver keeps
 * one a version and direction (`source.Migrations.Append`) and stops with "duplicate migration file".
 */
function refuseSameVersion(files: readonly PairFile[]): void {
  for (const direction of ["up", "down"]) {
    const sorted = files.filter((file) => file.direction === direction).sort(comparePairs);
    refuseDuplicates(sorted.map((file) => ({ file, version: versionOf(file) })), {
      hint: "golang-migrate refuses two files of one version and direction; renumber one of them",
      compare: compareText,
      pathOf: ({ file }) => file.path,
      versionOf: ({ version }) => version,
      shownVersion: ({ file }) => `${file.version} ${direction}`,
    });
  }
}

/** The version with the folders above it. */
function versionOf(file: PairFile): string {
  return [...file.folders, BigInt(file.version)].join("/");
}

type Pair =
  | { readonly up: PairFile; readonly down: PairFile | null }
  | { readonly up: null; readonly down: PairFile };

function leading(pair: Pair): PairFile {
  return pair.up === null ? pair.down : pair.up;
}

/** Files joined by version and name; where one version has one up and one down file of different names, those two as well. */
function keyed(files: readonly PairFile[]): Pair[] {
  const ups = files.filter((file) => file.direction === "up");
  const downs = new Map<string, PairFile>();
  for (const file of files) if (file.direction === "down") downs.set(pairKey(file), file);
  const pairs = ups.map((up) => {
    const down = downs.get(pairKey(up)) ?? null;
    downs.delete(pairKey(up));
    return { up, down };
  });
  for (const down of [...downs.values()]) {
    const alone = pairs.filter(({ up }) => versionOf(up) === versionOf(down));
    const only = alone[0];
    if (alone.length !== 1 || only === undefined || only.down !== null) continue;
    only.down = down;
    downs.delete(pairKey(down));
  }
  return [...pairs, ...[...downs.values()].map((down) => ({ up: null, down }))];
}

/** What golang-migrate itself would not take. */
function oddities(files: readonly PairFile[]): readonly string[] {
  const notes: string[] = [];
  const prefixed = files.find((file) => /(?:^|\/)V\d/.test(file.path));
  if (prefixed !== undefined) {
    notes.push(`names such as ${prefixed.path} are read, but golang-migrate itself skips them`);
  }
  return notes;
}

/** Reading Drizzle's migrations. */

import type { Range } from "../../sql/ranges.ts";
import type { History, Migration, ReadOptions, Script, SourceFile } from "../format.ts";
import { fileRefusal } from "../format_error.ts";
import { isCutInBodies, sentBy, unmarked } from "../transaction_mode.ts";
import { compareText } from "../versions.ts";
import { BREAKPOINT, JOURNAL, readJournal } from "./journal.ts";
import { isSnapshot, snapshotOf } from "./snapshot.ts";

/** True for the path of a file that Drizzle runs, of its journal, and of a snapshot. */
export function isDrizzleFile(path: string): boolean {
  return path === JOURNAL || isSnapshot(path) || /^[^/]+\.sql$/.test(path) || isFolderFile(path);
}

/** True for the path of a migration since 1.0. */
export function isFolderFile(path: string): boolean {
  return /^\d+[^/]*\/migration\.sql$/.test(path);
}

/** The migrations in the order of the journal; since 1.0, of the folders' names. Throws UsageError for a file of the journal that is not there. */
export function parseDrizzle(files: readonly SourceFile[], { dialect }: ReadOptions): History {
  const journal = readJournal(files);
  if (journal === null) return { migrations: folders(files, dialect), notes: [] };
  const byPath = new Map(files.map((file) => [file.path, file]));
  const known = new Set(journal.entries.map(({ tag }) => `${tag}.sql`));
  const migrations = journal.entries.map(({ tag, when }): Migration => {
    const file = byPath.get(`${tag}.sql`);
    if (file === undefined) {
      throw fileRefusal(
        `Cannot replay "${tag}.sql": it is not there, though the journal names it`,
        JOURNAL,
        "Add the file, or take it out of the journal",
      );
    }
    return {
      version: String(when),
      name: tag.replace(/^\d+_/, ""),
      up: script(file, dialect),
      down: null,
      files: [file.path, snapshotOf(tag)].filter((path) => byPath.has(path)),
    };
  });
  const notes = files.filter(({ path }) => path.endsWith(".sql") && !known.has(path))
    .map(({ path }) => `${path} is not in the journal and is left out`);
  return { migrations, notes };
}

function folders(files: readonly SourceFile[], dialect: string): readonly Migration[] {
  const paths = new Set(files.map(({ path }) => path));
  return files.filter(({ path }) => isFolderFile(path))
    .sort((a, b) => compareText(a.path, b.path))
    .map((file): Migration => {
      const [, version = "", name = ""] = /^(\d+)_?(.*)\/migration\.sql$/.exec(file.path) ?? [];
      const snapshot = file.path.replace(/migration\.sql$/, "snapshot.json");
      const own = [file.path, snapshot].filter((path) => paths.has(path));
      return { version, name, up: script(file, dialect), down: null, files: own };
    });
}

/** The mark between statements is a comment to every server. */
function script(file: SourceFile, dialect: string): Script {
  const blocks: Range[] = [];
  let start = 0;
  for (const part of file.text.split(BREAKPOINT)) {
    blocks.push({ start, end: start + part.length });
    start += part.length + BREAKPOINT.length;
  }
  return {
    file: file.path,
    text: separated(file.text),
    transaction: unmarked("drizzle", dialect),
    ...sentBy("drizzle", dialect),
    ...(isCutInBodies(dialect) ? { blocks } : {}),
  };
}

/** The text with a semicolon in place of each mark, so that a statement ends there whether it has one or not. */
function separated(text: string): string {
  return text.replaceAll(BREAKPOINT, `;${" ".repeat(BREAKPOINT.length - 1)}`);
}

/** A schema as several files: one for each table or each schema, numbered in an order that loads. */

import { readdir, readFile, unlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { UsageError } from "../../core/error.ts";
import { splitName } from "../../core/name.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { SourceFile } from "../../formats/format.ts";
import { systemCode } from "../../host/read_text.ts";
import { replaceFile } from "../files/replace.ts";
import type { SchemaPart } from "../plan/written_down.ts";

/** What each file is for. */
export type SplitBy = "table" | "schema";

/**
 * The files, in their order. What belongs to a table, or to a schema, is one file unless something that it needs stands between
 * two parts of it; what belongs to no table is a file for each kind of objects.
 */
export function splitFiles(
  parts: readonly SchemaPart[],
  { objects }: Snapshot,
  by: SplitBy,
): readonly SourceFile[] {
  const runs: { readonly name: string; readonly texts: string[] }[] = [];
  for (const { root, text } of parts) {
    const { kind = "", name: own = "" } = objects.get(root) ?? {};
    const name = by === "table" ? kind === "table" ? own : kind : schemaOf(kind, own);
    const last = runs.at(-1);
    if (last !== undefined && (last.name === name || root === "")) last.texts.push(text);
    else runs.push({ name, texts: [text] });
  }
  return runs.map(({ name, texts }, at) => ({
    path: `${String((at + 1) * 10).padStart(5, "0")}_${slug(name)}.sql`,
    text: `${texts.join("\n\n")}\n`,
  }));
}

/** The schema that an object is in; that of an object outside of all schemas is called by its kind. */
function schemaOf(kind: string, name: string): string {
  const parts = splitName(name.replace(/\(.*$/s, ""));
  return parts.length > 1 || kind === "schema" ? parts[0] ?? kind : kind;
}

/** The longest part of a file's name that comes from an object's. */
const LONGEST_SLUG = 80;

function slug(name: string): string {
  const plain = name.replaceAll(/[^\p{L}\p{N}_.-]+/gu, "_").slice(0, LONGEST_SLUG);
  return plain.replaceAll(/^[._-]+|[._-]+$/g, "") || "objects";
}

/**
 * Puts the files into a folder, which has no other SQL files then; false where it is so already. Throws UsageError where it says
 * something else and `force` is off.
 */
export async function writeSplit(
  folder: string,
  files: readonly SourceFile[],
  { root, force }: { readonly root: string; readonly force: boolean },
): Promise<boolean> {
  const shown = relative(root, folder) || folder;
  const there = await sqlFilesIn(folder, shown);
  const wanted = new Map(files.map(({ path, text }) => [path, text]));
  const stale = there.filter((name) => !wanted.has(name));
  const old = new Map<string, string>();
  for (const name of there) {
    if (wanted.has(name)) old.set(name, await readFile(join(folder, name), "utf8"));
  }
  const changed = files.filter(({ path, text }) => old.get(path) !== text);
  if (stale.length === 0 && changed.length === 0) return false;
  const [other] = [...stale, ...changed.map(({ path }) => path).filter((path) => old.has(path))];
  if (other !== undefined && !force) {
    throw new UsageError(
      `Cannot write into "${shown}": ${other} is there and says something else`,
      {
        code: "exists",
        hint:
          "pass --force to replace its SQL files by those of the database, or -o for another folder",
      },
    );
  }
  for (const { path, text } of changed) await replaceFile(folder, path, text);
  for (const name of stale) await unlink(join(folder, name));
  return true;
}

/** Names of SQL files in a folder and those below it; none where there is no such folder. */
async function sqlFilesIn(folder: string, shown: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory() && entry.name.endsWith(".sql"))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw new UsageError(`Cannot write into "${shown}": it is no folder`, {
      code: "pull-file",
      hint: "pass -o FOLDER",
      cause: error,
    });
  }
}

/** What a conversion writes: only where nothing else stands, or the user says so. */

import { mkdir, readFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { SetupError, UsageError } from "../../core/error.ts";
import type { SourceFile } from "../../formats/format.ts";
import { systemCode } from "../../host/read_text.ts";
import { replaceFile } from "../files/replace.ts";

/**
 * Writes files by their absolute paths. Throws UsageError, before any is written, for one that is there and says something else,
 * unless `force`; SetupError for what cannot be written.
 */
export async function writeOutput(
  files: readonly SourceFile[],
  { root, force }: { readonly root: string; readonly force: boolean },
): Promise<void> {
  for (const { path, text } of files) {
    const known = await textOf(path);
    if (known === null || known === text || known.trim() === "" || force) continue;
    throw new UsageError(
      `Cannot write "${relative(root, path) || path}": it is there and says something else`,
      {
        code: "exists",
        hint: "pass --force to write over it, or another name",
      },
    );
  }
  for (const { path, text } of files) {
    try {
      await mkdir(dirname(path), { recursive: true });
      await replaceFile(dirname(path), basename(path), text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SetupError(`Cannot write "${relative(root, path) || path}": ${reason}`, {
        code: "output",
        cause: error,
      });
    }
  }
}

/** Files of a plan by the folder that they go to. */
export function inFolder(folder: string, files: readonly SourceFile[]): readonly SourceFile[] {
  return files.map(({ path, text }) => ({ path: join(folder, path), text }));
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw new UsageError(`Cannot write "${path}": it is no file`, { code: "output", cause: error });
  }
}

/** Writes a migration that is proven, if the folder is still the one that it was proven for. */

import { UsageError } from "../../core/error.ts";
import type { SourceFile } from "../../formats/format.ts";
import { reachOf, realOf } from "./bounds.ts";
import { readMigrations, withoutPlans } from "./read_sources.ts";
import { findLeftovers, undoLeftovers } from "./leftovers.ts";
import { describeHolder, type FolderLock, lockFolder } from "./lock.ts";
import { note, type Project } from "../project.ts";
import type { Sources } from "../sources.ts";
import { writeFiles } from "./write.ts";

/** Who writes, for those that wait. */
const COMMAND = "aim generate";

/**
 * Writes files into the migrations folder, alone: proofs of several runs may go on side by side, but one writes, and the others
 * find that the folder is not what they read. `replaces` are files that go, or whose text changes. Throws UsageError when another run is writing, or the folder has changed.
 */
export async function writeProven(
  project: Project,
  { files: read, folder }: Pick<Sources, "files" | "folder">,
  files: readonly SourceFile[],
  replaces: readonly string[] = [],
): Promise<void> {
  const { config, format, signal } = project;
  const real = await realOf(config.migrations);
  await using lock = await lockFolder(real, COMMAND);
  if (folder !== undefined && folder !== real) {
    throw changed(config.migrations, `it is "${real}" now, and was "${folder}"`, lock);
  }
  const difference = differenceOf(
    read,
    await readMigrations(config.migrations, withoutPlans(format)),
  );
  if (difference !== null) throw changed(config.migrations, difference, lock);
  await writeFiles(config.migrations, files, { signal, replaces });
  lock.wrote();
}

/** Takes back what a run that was killed while it wrote left in the folder; before the folder is read. */
export async function recover(project: Project): Promise<void> {
  const { config } = project;
  const real = await realOf(config.migrations);
  if (!(await reachOf(config, "migrations"))(real)) return;
  if ((await findLeftovers(real)).length === 0) return;
  await using _lock = await lockFolder(real, COMMAND);
  const undone = await undoLeftovers(await findLeftovers(real));
  if (undone.length === 0) return;
  note(project, `Took back what a run that was killed had begun to write: ${undone.join(", ")}`);
}

/** What is not as it was read; null when nothing is. */
function differenceOf(before: readonly SourceFile[], now: readonly SourceFile[]): string | null {
  const texts = new Map(before.map(({ path, text }) => [path, text]));
  for (const { path, text } of now) {
    const known = texts.get(path);
    if (known === undefined) return `"${path}" was created`;
    if (known !== text) return `"${path}" has changed`;
    texts.delete(path);
  }
  const [gone] = texts.keys();
  return gone === undefined ? null : `"${gone}" was deleted`;
}

function changed(folder: string, what: string, { last }: FolderLock): UsageError {
  const who = last === null ? "" : `; ${describeHolder(last)} wrote there last`;
  return new UsageError(
    `Cannot write to "${folder}": it has changed since it was read: ${what}${who}`,
    {
      code: "folder-changed",
      hint: "Run aim again, which plans and proves from what is there now",
    },
  );
}

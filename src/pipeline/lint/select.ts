/** Which migrations of a history a command is about. */

import { resolve } from "node:path";
import { UsageError } from "../../core/error.ts";
import type { Migration } from "../../formats/format.ts";
import { gitTree, isBlob } from "../../host/git.ts";
import type { Project } from "../project.ts";
import type { Sources } from "../sources.ts";

/** Which migrations are meant: files, or those at the end of the history. */
export type LintSelection =
  | { readonly files: readonly string[] }
  | { readonly latest: number }
  /** Those that a git revision has not, or has with another text. */
  | { readonly notIn: string }
  /** Indices into the history. */
  | { readonly indices: ReadonlySet<number> }
  | { readonly all: true };

/** The selected migrations, as indices into the history. Throws UsageError for a file that is no migration. */
export async function selected(
  project: Project,
  { history: { migrations }, files }: Pick<Sources, "history" | "files">,
  selection: LintSelection,
): Promise<ReadonlySet<number>> {
  if ("all" in selection) return new Set(migrations.keys());
  if ("indices" in selection) return selection.indices;
  if ("latest" in selection) {
    return new Set([...migrations.keys()].slice(-selection.latest));
  }
  if ("notIn" in selection) return await notIn(project, { migrations, files }, selection.notIn);
  return new Set(selection.files.map((file) => indexOf(project, migrations, file)));
}

async function notIn(
  { config }: Project,
  { migrations, files }: {
    readonly migrations: readonly Migration[];
    readonly files: Sources["files"];
  },
  revision: string,
): Promise<ReadonlySet<number>> {
  const tree = await gitTree(config.migrations, revision).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot compare with git: ${reason}`, {
      code: "git",
      hint: "name a branch, a tag or a commit; in CI it must have been fetched",
    });
  });
  if (tree === null) {
    throw new UsageError("Cannot compare with git: the migrations are in no repository", {
      code: "git",
      hint: "name files, or pass --latest N",
    });
  }
  const changed = new Set(
    files.filter(({ path, text }) => !isBlob(text, tree.get(path) ?? "")).map(({ path }) => path),
  );
  return new Set(
    [...migrations.entries()].filter(([, migration]) =>
      migration.files.some((path) => changed.has(path))
    ).map(([index]) => index),
  );
}

function indexOf(project: Project, migrations: readonly Migration[], file: string): number {
  const folder = project.config.migrations;
  const wanted = new Set([resolve(file), resolve(folder, file)]);
  const index = migrations.findIndex(({ files, up }) =>
    [...files, up.file].some((path) => wanted.has(resolve(folder, path)))
  );
  if (index >= 0) return index;
  throw new UsageError(`Cannot find the migration "${file}": ${folder} has none of that name`, {
    code: "no-migration",
    hint: "name files of the migrations folder",
  });
}

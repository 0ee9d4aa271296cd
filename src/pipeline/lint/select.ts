/** Which migrations of a history are linted. */

import { resolve } from "node:path";
import { UsageError } from "../../core/error.ts";
import type { History, Migration } from "../../formats/format.ts";
import type { Project } from "../project.ts";

/** What is to be linted: files, or those at the end of the history. */
export type LintSelection =
  | { readonly files: readonly string[] }
  | { readonly latest: number }
  | { readonly all: true };

/** The selected migrations, as indices into the history. Throws UsageError for a file that is no migration. */
export function selected(
  project: Project,
  { migrations }: History,
  selection: LintSelection,
): ReadonlySet<number> {
  if ("all" in selection) return new Set(migrations.keys());
  if ("latest" in selection) {
    return new Set([...migrations.keys()].slice(-selection.latest));
  }
  return new Set(selection.files.map((file) => indexOf(project, migrations, file)));
}

function indexOf(project: Project, migrations: readonly Migration[], file: string): number {
  const folder = project.config.migrations;
  const wanted = new Set([resolve(file), resolve(folder, file)]);
  const index = migrations.findIndex(({ files, up }) =>
    [...files, up.file].some((path) => wanted.has(resolve(folder, path)))
  );
  if (index >= 0) return index;
  throw new UsageError(`Cannot lint "${file}": it is no migration of ${folder}`, {
    code: "no-migration",
    hint: "name files of the migrations folder",
  });
}

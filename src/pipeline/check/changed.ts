/** Whether anything that aim looks at is not as a revision of git has it. */

import { join, resolve } from "node:path";
import { readFile } from "node:fs/promises";
import process from "node:process";
import type { SourceFile } from "../../formats/format.ts";
import { isBlob } from "../../host/git.ts";
import { isGlob } from "../files/glob.ts";
import type { Seeds } from "../files/seeds.ts";
import type { Project } from "../project.ts";
import type { Sources } from "../sources.ts";
import { type Base, fromTop } from "./base.ts";

/** True when the schema, a migration, rows of the project's own or the settings are not what they were where the branch began. */
export async function hasChanged(
  project: Project,
  base: Base,
  sources: Sources & { readonly seeds: Seeds },
): Promise<boolean> {
  const { config, format } = project;
  const shown = (folder: string, files: readonly SourceFile[] = []) =>
    files.map((file) => ({ ...file, at: resolve(folder, file.path) }));
  const working = process.cwd();
  const settings: readonly (SourceFile & { readonly at: string })[] = config.file === null
    ? []
    : [{ path: "", text: await readFile(config.file, "utf8"), at: config.file }];
  const files = [
    ...shown(config.migrations, sources.files),
    ...shown(working, sources.schema),
    ...shown(working, sources.before),
    ...shown(working, sources.seeds.files),
    ...settings,
  ];
  const here = new Set<string>();
  for (const { at, text, edits } of files) {
    const path = await fromTop(base.git, at);
    here.add(path);
    // The text of a file that includes others is not its own.
    if (edits !== undefined || !isBlob(text, base.start.get(path) ?? "")) return true;
  }
  return await hasLost(project, base, here, (path) => format.wants(path));
}

/** True when a file is gone that would have been read. */
async function hasLost(
  { config }: Project,
  base: Base,
  here: ReadonlySet<string>,
  isMigration: (path: string) => boolean,
): Promise<boolean> {
  const below = base.folder === "." ? "" : `${base.folder}/`;
  const folders = await Promise.all(
    [...config.schema, ...config.before, join(config.root, "seeds")].filter((path) => path !== "-")
      .map(async (path) => isGlob(path) ? "" : await fromTop(base.git, path)),
  );
  return [...base.start.keys()].some((path) => {
    if (here.has(path)) return false;
    if (path.startsWith(below) && isMigration(path.slice(below.length))) return true;
    return /\.sql$/i.test(path) &&
      folders.some((folder) => folder === "" || path === folder || path.startsWith(`${folder}/`));
  });
}

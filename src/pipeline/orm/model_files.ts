/** The files that models stand in, found within the project and read. */

import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { UsageError } from "../../core/error.ts";
import { MEGABYTE, readBytes } from "../../host/read_text.ts";
import { outsideError, realOf } from "../files/bounds.ts";
import { reachOf } from "../files/bounds.ts";
import { globIn, relativeTo } from "../files/read_sources.ts";
import { walk } from "../files/walk.ts";
import type { Project } from "../project.ts";

/** A file of models. */
export interface ModelFile {
  /** As errors show it. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The most bytes of one file, and of all. */
const FILE_LIMIT = 8 * MEGABYTE;
const TOTAL_LIMIT = 128 * MEGABYTE;

/** The files that the paths stand for, in the order of their names. Throws UsageError for what cannot be read, or lies outside of the project. */
export async function readModelFiles(
  project: Project,
  paths: readonly string[],
): Promise<readonly ModelFile[]> {
  const allows = await reachOf(project.config, "schema");
  const base = process.cwd();
  const shown = (path: string) => relativeTo(base, path);
  const found = new Map<string, string>();
  for (const path of paths) {
    for (const one of await filesOf(path, { allows, shown })) {
      const real = await realOf(one);
      if (!allows(real)) throw outsideError(project.config, [{ key: "schema", path: one, real }]);
      found.set(real, shown(one));
    }
  }
  const files: ModelFile[] = [];
  let total = 0;
  for (const [real, path] of [...found].sort(([, a], [, b]) => a < b ? -1 : 1)) {
    const bytes = await readBytes(real, { limit: FILE_LIMIT, shown: path });
    total += bytes.length;
    if (total > TOTAL_LIMIT) {
      throw new UsageError(`The files of orm.models are more than ${TOTAL_LIMIT / MEGABYTE} MB`, {
        code: "orm-models",
        hint: "Name only those that models stand in",
      });
    }
    files.push({ path, bytes });
  }
  return files;
}

async function filesOf(
  path: string,
  { allows, shown }: { allows(real: string): boolean; shown(path: string): string },
): Promise<readonly string[]> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return [path];
  const glob = found === null ? await globIn(path) : null;
  const root = glob?.root ?? path;
  if (found === null && glob === null || !(await stat(root).catch(() => null))?.isDirectory()) {
    throw new UsageError(`Cannot find the models "${shown(path)}"`, {
      code: "orm-models",
      hint: "Set orm.models to files, folders or globs",
    });
  }
  const listed = await walk(root, {
    wants: (name) => glob === null ? true : glob.pattern.matches(name),
    ...(glob === null ? {} : { reaches: glob.pattern.reaches }),
    allows,
    shown,
  });
  return listed.files.map((file) => join(root, file.path));
}

/** Where the models of Prisma usually stand; null where they do not. */
export async function usualPrismaFiles(root: string): Promise<string | null> {
  for (const name of ["prisma/schema.prisma", "schema.prisma"]) {
    const path = join(root, name);
    if ((await stat(path).catch(() => null))?.isFile()) return path;
  }
  const folder = join(root, "prisma", "schema");
  return (await stat(folder).catch(() => null))?.isDirectory()
    ? join(dirname(folder), "schema", "**", "*.prisma")
    : null;
}

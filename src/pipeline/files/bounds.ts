/** How far the settings and links of a repository may lead: to what lies in the same project. */

import type { Stats } from "node:fs";
import { lstat, readlink, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { Config } from "../../config/config.ts";
import { UsageError } from "../../core/error.ts";

/** A setting that leads out of the project, or a link below it that does. */
export interface Outside {
  readonly key: "schema" | "migrations" | "before" | "seeds";
  /** The path that leads there, as it is written or found; absolute. */
  readonly path: string;
  /** Where it leads: absolute, without links. */
  readonly real: string;
}

/** Whether real paths are inside of what a setting may reach. */
export type Reach = (real: string) => boolean;

/**
 * What a setting may reach: the project, and of a path that the user gave by flag or variable also what is in it.
 * Links are resolved first, so that they lead nowhere else.
 */
export async function reachOf(config: Config, key: Outside["key"]): Promise<Reach> {
  const project = await projectFolder(config.root);
  const source = config.sources[key];
  const paths = key === "migrations" ? [config.migrations] : config[key];
  const given = source === "flag" || source === "environment"
    ? await Promise.all(paths.map((path) => realOf(path)))
    : [];
  return (real) =>
    isInside(project, real) && !relative(project, real).split(sep).includes(".git") ||
    given.some((path) => isInside(path, real));
}

/**
 * The folder that counts as the project: the git work tree that `root` is in, else `root`; without links. A work tree of
 * another owner counts not, since anybody can make one above a shared folder, nor one that holds the user's home folder.
 */
async function projectFolder(root: string): Promise<string> {
  const real = await realOf(root);
  const owner = (await found(real))?.uid;
  const home = await realOf(homedir());
  for (let at = real;; at = dirname(at)) {
    const git = await found(join(at, ".git"));
    if (git !== null) return git.uid === owner && !isInside(at, home) ? at : real;
    if (dirname(at) === at) return real;
  }
}

/** Where a path leads, also one that is not there yet: links on the way are resolved, the last one as well. */
export async function realOf(path: string, links = 40): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null || dirname(path) === path) return real ?? path;
  const target = (await found(path))?.isSymbolicLink() && links > 0
    ? await readlink(path).catch(() => null)
    : null;
  if (target !== null) return await realOf(resolve(dirname(path), target), links - 1);
  return join(await realOf(dirname(path), links), basename(path));
}

/** Whether a path is a folder itself or below it. Both absolute and without links. */
function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && resolve(folder, way) === path;
}

/** Says which paths lead out of the project, and the two ways to allow them. */
export function outsideError(config: Config, outside: readonly Outside[]): UsageError {
  const [first] = outside;
  const { key = "schema", path = "", real = "" } = first ?? {};
  const shown = relative(config.root, path) || ".";
  const where = path === real ? `"${real}"` : `"${shown}", which is "${real}"`;
  const more = outside.length > 1 ? ` (and ${outside.length - 1} more)` : "";
  return new UsageError(
    `Cannot use the ${key} ${where}: it is outside of the project${more}`,
    {
      code: "outside",
      ...config.places?.[key],
      hint: "If it is yours, pass --allow-outside, or run `aim trust` once",
    },
  );
}

async function found(path: string): Promise<Stats | null> {
  return await lstat(path).catch(() => null);
}

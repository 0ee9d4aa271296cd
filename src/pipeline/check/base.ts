/** What a branch of git has of a project: the files that the work at hand began with, and those that it has now. */

import { relative, sep } from "node:path";
import { UsageError } from "../../core/error.ts";
import type { History, SourceFile } from "../../formats/format.ts";
import { type GitBase, gitBase, gitFiles, gitTexts, type GitTree } from "../../host/git.ts";
import { realOf } from "../files/bounds.ts";
import { isGlob } from "../files/glob.ts";
import type { Project } from "../project.ts";
import type { Sources } from "../sources.ts";

/** A revision, and what it holds of the project; paths are those from the top of the repository. */
export interface Base {
  readonly revision: string;
  readonly git: GitBase;
  /** Where the work at hand began. */
  readonly start: GitTree;
  /** What the revision holds now; the same as `start` where nothing was added meanwhile. */
  readonly tip: GitTree;
  /** The migrations folder. */
  readonly folder: string;
}

/** Reads a revision. Throws UsageError where there is no git, no such revision, or nothing in common with it. */
export async function readBase(project: Project, revision: string): Promise<Base> {
  const { config } = project;
  const git = await gitBase(config.root, revision).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot compare with git: ${reason}`, {
      code: "git",
      hint:
        "name a branch, a tag or a commit that was fetched; in CI fetch the history (fetch-depth: 0)",
    });
  });
  if (git === null) {
    throw new UsageError("Cannot compare with git: the project is in no repository", {
      code: "git",
      hint: "`aim validate` and `aim lint --all` look at all migrations",
    });
  }
  const paths = (await Promise.all(
    [config.migrations, ...config.schema, ...config.before, ...config.seeds, config.file ?? ""]
      .filter((path) => path !== "" && path !== "-")
      .map((path) => fromTop(git, withoutGlob(path))),
  )).filter((path) => !path.startsWith("../"));
  const [start, tip] = await Promise.all([
    gitFiles(git.top, git.start, paths),
    git.tip === git.start ? null : gitFiles(git.top, git.tip, paths),
  ]);
  const folder = await fromTop(git, config.migrations);
  return { revision, git, start, tip: tip ?? start, folder };
}

/** A path as git has it: from the top of the repository, with `/`. */
export async function fromTop({ top }: Pick<GitBase, "top">, path: string): Promise<string> {
  return relative(await realOf(top), await realOf(path)).split(sep).join("/") || ".";
}

/** The folder before the first part of a path that is a pattern. */
function withoutGlob(path: string): string {
  const parts = path.split(sep);
  const at = parts.findIndex(isGlob);
  return at < 0 ? path : parts.slice(0, at).join(sep);
}

/** The migrations of a tree. Files that the work at hand has with the same text are not read again. */
export async function historyOf(
  project: Project,
  base: Base,
  tree: GitTree,
  settings: Sources["settings"],
): Promise<{ readonly history: History; readonly files: readonly SourceFile[] }> {
  const { format, engine } = project;
  const below = base.folder === "." ? "" : `${base.folder}/`;
  const inside = [...tree].filter(([path]) => path.startsWith(below))
    .map(([path, hash]) => [path.slice(below.length), hash] as const);
  const hashes = new Map(inside);
  const read = new Map<string, SourceFile>();
  for (let wanted = inside.map(([path]) => path).filter((path) => format.wants(path));;) {
    const missing = wanted.filter((path) => !read.has(path) && hashes.has(path));
    if (missing.length === 0) break;
    const texts = await gitTexts(base.git.top, missing.map((path) => hashes.get(path) ?? ""));
    for (const path of missing) {
      const text = texts.get(hashes.get(path) ?? "") ?? "";
      read.set(path, { path, text: text.replace(/^\uFEFF/, "") });
    }
    wanted = [...format.refersTo?.([...read.values()]) ?? []];
  }
  const files = [...read.values()].sort((a, b) => a.path < b.path ? -1 : 1);
  // Those of a base are compared by their texts, and never run.
  const keeps = project.config.history.command === null ? {} : { keepsPrograms: true as const };
  const options = { dialect: engine.dialect, lexicon: engine.lexicon, ...keeps };
  try {
    const history = format.parse(
      files,
      settings === undefined ? options : { ...options, settings },
    );
    return { history, files };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`Cannot read the migrations of ${base.revision}: ${error.message}`, {
      code: "git",
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    });
  }
}

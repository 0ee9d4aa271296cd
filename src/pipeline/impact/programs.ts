/** The programs that may use a database: code, SQL and logs of the folders that were named. */

import { stat } from "node:fs/promises";
import { basename, relative, resolve } from "node:path";
import process from "node:process";
import { UsageError } from "../../core/error.ts";
import { unreadable } from "../../host/read_text.ts";
import type { Lexicon } from "../../sql/lexicon.ts";
import { isSqlFile, languageOf } from "../../usage/language.ts";
import { loggedQueries, looksLikeLog } from "../../usage/query_log.ts";
import { queryStatements } from "../../usage/query_statements.ts";
import type { CodeFile } from "../../usage/use.ts";
import { realOf } from "../files/bounds.ts";
import type { Project } from "../project.ts";
import { readCode, type ReadFile } from "./code_files.ts";

/** What is read. */
export interface Programs {
  readonly files: readonly CodeFile[];
  /** Sentences about what was left out. */
  readonly notes: readonly string[];
}

/** Throws UsageError for a path that is not there, before anything is started. */
export async function checkPaths(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await stat(path).catch((error) => {
      throw unreadable(error, path);
    });
  }
}

/** Reads them, the project's own schema and migrations left out. Throws UsageError for what cannot be read. */
export async function readPrograms(
  { config, engine, signal }: Project,
  { paths, repositories }: {
    readonly paths: readonly string[];
    readonly repositories: readonly string[];
  },
): Promise<Programs> {
  const own = [config.migrations, ...config.schema, ...config.before, ...config.seeds];
  const without = await Promise.all(own.map((path) => realOf(path)));
  const roots = [
    ...(paths.length === 0 && repositories.length === 0 ? [config.root] : paths)
      .map((path) => ({ path: resolve(path), prefix: prefixOf(path) })),
    ...repositories.map((path) => ({ path: resolve(path), prefix: `${basename(resolve(path))}/` })),
  ];
  const seen = new Set<string>();
  for (const { prefix } of roots.slice(paths.length)) {
    if (repositories.length > 0 && seen.has(prefix)) {
      throw new UsageError(
        `Cannot tell two repositories apart: both are called "${prefix.slice(0, -1)}"`,
        {
          code: "flag-value",
          hint: "name one of them as a path instead of with --repo",
        },
      );
    }
    seen.add(prefix);
  }
  const read = await Promise.all(
    roots.map(({ path, prefix }) => readCode(path, { prefix, without, signal })),
  );
  return {
    files: read.flatMap(({ files }) => files.map((file) => codeFile(file, engine.lexicon))),
    notes: [...new Set(read.flatMap(({ notes }) => notes))],
  };
}

/** What stands before the paths of a folder's files, as the user would write them. */
function prefixOf(path: string): string {
  const shown = relative(process.cwd(), resolve(path));
  return shown === "" ? "" : `${shown}/`;
}

function codeFile(file: ReadFile, lexicon: Lexicon): CodeFile {
  const { path, text } = file;
  if (isSqlFile(path)) return { ...file, statements: queryStatements(text, lexicon) };
  if (languageOf(path, text) !== null || !looksLikeLog(text)) return file;
  return { ...file, statements: loggedQueries(text), isLog: true };
}

/** Files that SQL files include by their client's own commands, put in where they are named. */

import { realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { Engine, Include } from "../../engines/engine.ts";
import { UsageError } from "../../core/error.ts";
import type { SourceFile } from "../../formats/format.ts";
import { placeIn, replaceRanges } from "../../formats/mod.ts";
import { MEGABYTE } from "../../host/read_text.ts";
import { offsetOf, positionAt } from "../../sql/position.ts";
import { type Bounds, readIncluded, relativeTo } from "./read_sources.ts";

/** Where included files are looked for. */
export interface IncludeOptions {
  readonly engine: Pick<Engine, "includes">;
  readonly bounds: Bounds;
  /** The folder that the project's own client would run in. */
  readonly root: string;
}

/** Files that include each other make more text than any schema has long before they make this many. */
const MOST_INCLUDES = 20_000;

/** The most of all texts with what they include, in UTF-16 units. */
const MOST_TEXT = 512 * MEGABYTE;

/**
 * The files with what they include put in; those that another one includes are not there a second time. Throws UsageError, with the
 * place, for a file that is not there, that is outside of the project or that includes itself.
 */
export async function withIncludes(
  files: readonly SourceFile[],
  options: IncludeOptions,
): Promise<readonly SourceFile[]> {
  const { includes } = options.engine;
  if (includes === undefined || !files.some(({ text }) => text.includes("\\i"))) return files;
  const expansion = new Expansion(options, includes);
  const out: (readonly [real: string, file: SourceFile])[] = [];
  for (const file of files) {
    const path = resolve(options.bounds.base, file.path);
    out.push([await realpath(path).catch(() => path), await expansion.expand(file, [])]);
  }
  return out.flatMap(([real, file]) => expansion.included.has(real) ? [] : [file]);
}

class Expansion {
  readonly #options: IncludeOptions;
  readonly #find: (sql: string) => readonly Include[];
  #count = 0;
  #length = 0;
  /** Absolute paths, without links. */
  readonly included = new Set<string>();

  constructor(options: IncludeOptions, find: (sql: string) => readonly Include[]) {
    this.#options = options;
    this.#find = find;
  }

  /** `above` are the real paths of the files on the way to this one. */
  async expand(file: SourceFile, above: readonly string[]): Promise<SourceFile> {
    const { base } = this.#options.bounds;
    const own = await realpath(resolve(base, file.path)).catch(() => resolve(base, file.path));
    const replacements = [];
    for (const include of this.#includesOf(file)) {
      const fault = (message: string, hint?: string) => includeError(file, include, message, hint);
      const real = await this.#resolve(file, include, fault);
      const way = [...above, own];
      if (way.includes(real)) {
        const circle = [...way.slice(way.indexOf(real)), real].map((path) => this.#shown(path));
        throw fault(`it includes itself: ${circle.join(" -> ")}`, "Take one of them out");
      }
      this.included.add(real);
      const shown = this.#shown(real);
      const inner = await this.expand(await readIncluded({ path: shown, real }), way);
      if (++this.#count > MOST_INCLUDES || (this.#length += inner.text.length) > MOST_TEXT) {
        throw fault("with what is included before it, it is more than any schema has");
      }
      replacements.push({ ...include, by: inner.text, of: inner });
    }
    return replacements.length === 0
      ? file
      : { path: file.path, ...replaceRanges(file.text, replacements) };
  }

  #includesOf(file: SourceFile): readonly Include[] {
    try {
      return this.#find(file.text);
    } catch (error) {
      if (!(error instanceof UsageError) || error.place === undefined) throw error;
      throw new UsageError(`Cannot read ${file.path}: ${error.message}`, {
        code: error.code,
        place: { ...error.place, file: file.path },
        ...(error.source === undefined ? {} : { source: error.source }),
        ...(error.hint === undefined ? {} : { hint: error.hint }),
        cause: error,
      });
    }
  }

  /** The real path of an included file: beside the file for `\ir`; for `\i` in the project's folder, else beside the file. */
  async #resolve(file: SourceFile, include: Include, fault: Fault): Promise<string> {
    const { root, bounds } = this.#options;
    const beside = dirname(resolve(bounds.base, file.path));
    const folders = include.isBeside ? [beside] : [root, bounds.base, beside];
    for (const folder of folders) {
      const path = isAbsolute(include.path) ? include.path : join(folder, include.path);
      if (!(await stat(path).catch(() => null))?.isFile()) continue;
      const real = await realpath(path);
      if (bounds.allows(real)) return real;
      throw fault(
        "it is outside of the project",
        "If it is yours, pass --allow-outside, or copy it into the project",
      );
    }
    throw fault(
      "there is no such file",
      include.isBeside
        ? "\\ir looks beside the file that includes it"
        : "\\i looks in the folder of aim.toml, in the working folder, and beside the file; \\ir looks beside the file alone",
    );
  }

  #shown(real: string): string {
    const { base } = this.#options.bounds;
    const path = relative(base, real);
    return path.startsWith("..") ? real : relativeTo(base, real);
  }
}

type Fault = (message: string, hint?: string) => UsageError;

function includeError(
  file: SourceFile,
  include: Include,
  why: string,
  hint: string | undefined,
): UsageError {
  const place = placeIn({ ...file, file: file.path }, include.start);
  return new UsageError(`Cannot include "${include.path}" in ${file.path}: ${why}`, {
    code: "include",
    place,
    source: positionAt(file.text, offsetOf(file.text, place)).source,
    ...(hint === undefined ? {} : { hint }),
  });
}

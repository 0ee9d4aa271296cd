/** The list of engines; one is loaded when a run is for its dialect. */

import { UsageError } from "../core/error.ts";
import type { Engine } from "./engine.ts";

/** How each engine is loaded, by its dialect, in the order in which they are shown. */
export const LOADERS: ReadonlyMap<string, () => Promise<Engine>> = new Map([
  ["sqlite", async () => (await import("./sqlite/mod.ts")).sqlite],
  ["postgres", async () => (await import("./postgres/mod.ts")).postgres],
  ["mysql", async () => (await import("./mysql/mod.ts")).mysql],
  ["mariadb", async () => (await import("./mysql/mod.ts")).mariadb],
]);

/**
 * The engine and version of a specifier: `postgres`, `postgres-16.4`, `sqlite-3.35`.
 * @throws {UsageError} for an unknown dialect.
 */
export async function engineNamed(
  specifier: string,
): Promise<{ readonly engine: Engine; readonly version: string | null }> {
  const [, dialect = "", version] = /^([a-z]+)(?:-(.+))?$/.exec(specifier) ?? [];
  const load = LOADERS.get(dialect);
  if (load !== undefined) return { engine: await load(), version: version ?? null };
  throw new UsageError(`Cannot use engine "${specifier}"`, {
    code: "engine",
    hint: `use one of ${[...LOADERS.keys()].join(", ")}, with a version where needed: postgres-16`,
  });
}

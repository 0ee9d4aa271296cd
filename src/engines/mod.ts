/** The list of engines. */

import { UsageError } from "../core/error.ts";
import type { Lexicon } from "../sql/lexicon.ts";
import type { Engine } from "./engine.ts";
import { mariadb, mysql } from "./mysql/mod.ts";
import { postgres } from "./postgres/mod.ts";
import { sqlite } from "./sqlite/mod.ts";

/** All engines, in the order in which they are shown. */
export const ENGINES: readonly Engine[] = [sqlite, postgres, mysql, mariadb];

/** The tokens of a dialect. Throws UsageError for an unknown one. */
export function lexiconOf(dialect: string): Lexicon {
  return engineNamed(dialect).engine.lexicon;
}

/**
 * The engine and version of a specifier: `postgres`, `postgres-16.4`, `sqlite-3.35`.
 * @throws {UsageError} for an unknown dialect.
 */
export function engineNamed(
  specifier: string,
): { readonly engine: Engine; readonly version: string | null } {
  const [, dialect, version] = /^([a-z]+)(?:-(.+))?$/.exec(specifier) ?? [];
  const engine = ENGINES.find((candidate) => candidate.dialect === dialect);
  if (engine !== undefined) return { engine, version: version ?? null };
  throw new UsageError(`Cannot use engine "${specifier}"`, {
    code: "engine",
    hint: `use one of ${
      ENGINES.map((e) => e.dialect).join(", ")
    }, with a version where needed: postgres-16`,
  });
}

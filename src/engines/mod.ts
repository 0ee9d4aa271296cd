/** The list of engines. */

import { SetupError, UsageError } from "../core/error.ts";
import type { Lexicon } from "../sql/lexicon.ts";
import type { Engine } from "./engine.ts";
import { lexicon as mysql } from "./mysql/lexicon.ts";
import { postgres } from "./postgres/mod.ts";
import { sqlite } from "./sqlite/mod.ts";

/** All engines, in the order in which they are shown. */
export const ENGINES: readonly Engine[] = [sqlite, postgres];

/** Dialects that a specifier may name and that no engine here serves. */
const PLANNED: readonly string[] = ["mysql", "mariadb"];

/** The tokens of a dialect, of which there may be no engine yet. Throws UsageError for an unknown one. */
export function lexiconOf(dialect: string): Lexicon {
  return PLANNED.includes(dialect) ? mysql : engineNamed(dialect).engine.lexicon;
}

/**
 * The engine and version of a specifier: `postgres`, `postgres-16.4`, `sqlite-3.35`.
 * @throws {UsageError} for an unknown dialect; {SetupError} for one that cannot be served yet.
 */
export function engineNamed(
  specifier: string,
): { readonly engine: Engine; readonly version: string | null } {
  const [, dialect, version] = /^([a-z]+)(?:-(.+))?$/.exec(specifier) ?? [];
  const engine = ENGINES.find((candidate) => candidate.dialect === dialect);
  if (engine !== undefined) return { engine, version: version ?? null };
  if (dialect !== undefined && PLANNED.includes(dialect)) {
    throw new SetupError(
      `Cannot run ${specifier} on this machine\n  embedded: there is no embedded ${dialect}\n` +
        `  local: servers on this machine are not supported yet\n  docker: containers are not supported yet`,
      { code: "no-runtime" },
    );
  }
  throw new UsageError(`Cannot use engine "${specifier}"`, {
    code: "engine",
    hint: `use one of ${
      [...ENGINES.map((e) => e.dialect), ...PLANNED].join(", ")
    }, with a version where needed: postgres-16`,
  });
}

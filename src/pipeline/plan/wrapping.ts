/** Whether the runner puts a new migration into a transaction. */

import type { Draft } from "../../core/plan.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { Script, SourceFile } from "../../formats/format.ts";
import type { Project } from "../project.ts";
import { isWrapped } from "../scratch/script_transaction.ts";

/** True for each direction that runs as a whole or not at all. */
export interface Wrapping {
  readonly up: boolean;
  readonly down: boolean;
}

/** How the runner would send the files of a draft. Where they cannot be read without the rest of the history, the statements tell. */
export function wrappingOf(
  { engine, format }: Project,
  draft: Draft,
  files: readonly SourceFile[],
): Wrapping {
  const guess = (statements: readonly PlannedStatement[]) =>
    statements.length > 0 && statements.every(({ transactional }) => transactional);
  const guessed = { up: guess(draft.up), down: guess(draft.down) };
  try {
    const { dialect, lexicon } = engine;
    const [migration, ...others] = format.parse(files, { dialect, lexicon }).migrations;
    if (migration === undefined || others.length > 0) return guessed;
    const wraps = (script: Script | null) => {
      if (script === null) return false;
      const statements = engine.split(script.text);
      return statements[0]?.control === "begin" || isWrapped(script, statements);
    };
    return { up: guessed.up && wraps(migration.up), down: guessed.down && wraps(migration.down) };
  } catch {
    return guessed;
  }
}

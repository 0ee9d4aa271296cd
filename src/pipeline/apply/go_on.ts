/** The rest of a migration that stopped, once it is known where. */

import { DatabaseError, SetupError } from "../../core/error.ts";
import { approvalsFor } from "../approvals.ts";
import { runAll } from "./live_runs.ts";
import { unapproved } from "./preconditions.ts";
import { PLANNED, type Recovered, type Recovery, type Stopped } from "./recovery.ts";
import type { Place } from "./stopped_at.ts";

/** Asks, and runs the rest of the script. */
export async function goOnFrom(
  work: Recovery,
  { migration, direction, script, statements, isNoted }: Stopped,
  { index, clean }: Place,
): Promise<Recovered> {
  const { given, project, address, opened, writer, sources, options } = work;
  // What comes behind the statements that were run may have been mended since somebody agreed to it.
  const approvals = direction === "up"
    ? await approvalsFor(
      given,
      sources,
      new Set([sources.history.migrations.indexOf(migration)]),
      options.terms,
    )
    : [];
  const refusals = unapproved(approvals);
  if (refusals.length > 0) return { ...PLANNED, outcome: "refused", refusals };
  const what = index >= statements.length
    ? `all ${statements.length} statements of ${script.file} are there: the books are to say so`
    : `${script.file} goes on with statement ${index + 1} of ${statements.length}${
      clean.length === 0 ? "" : `, after ${clean.join("; ")}`
    }`;
  if (!await options.agrees(what, opened.live.shown)) return PLANNED;
  await clearAway(work, clean);
  return await runAll(project, address, writer, {
    ...options,
    direction,
    migrations: [migration],
    resume: { way: "on", isNoted, from: index },
  });
}

/** Removes what a statement left that failed. */
export async function clearAway(
  { writer: { writer }, options }: Recovery,
  clean: readonly string[],
): Promise<void> {
  if (clean.length === 0) return;
  await writer.waitFor(options.lockTimeout);
  for (const sql of clean) {
    try {
      await writer.exec(sql);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      throw new SetupError(`Cannot clear away what is left (${sql}): ${error.message}`, {
        code: "live",
        hint: error.hint ?? "The same again goes on from here; --lock-timeout waits longer",
        cause: error,
      });
    }
  }
}

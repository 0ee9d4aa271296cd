/** `aim rollback`: the last applied migrations taken back by their own DOWN, where that is proven and loses nothing. */

import type { LiveRunOutcome, Refusal } from "../../core/live_run.ts";
import { UsageError } from "../../core/error.ts";
import type { LiveAddress } from "../live/open_live.ts";
import { besideLive, startScratch } from "../live/scratch_server.ts";
import { note, type Project } from "../project.ts";
import { label } from "../scratch/snapshot.ts";
import type { ApplyOptions } from "./apply.ts";
import { demandKept } from "./ledger.ts";
import { lossesOf } from "./live_losses.ts";
import { openWriter, runAll } from "./live_runs.ts";
import { surveyLive } from "./survey.ts";
import { unmet } from "./preconditions.ts";
import { rehearseDown } from "./rehearse.ts";

/** How far it goes back, and what it may lose. */
export interface RollbackOptions extends Omit<ApplyOptions, "to" | "terms" | "allowHours"> {
  readonly steps: number;
  readonly allowLoss: boolean;
}

/** Reads what is there, proves the way back on a scratch database, shows it, and runs it. */
export async function rollback(
  given: Project,
  address: LiveAddress,
  options: RollbackOptions,
): Promise<LiveRunOutcome> {
  const survey = await surveyLive(given, address);
  const { sources, project, live, read, snapshot } = survey;
  const base = { ...survey.begun, direction: "down" } as const;
  if (project.format.forwardOnly === true) {
    throw new UsageError(`Cannot take migrations back: ${project.format.title} only goes forward`, {
      code: "no-down",
      hint: "Write a migration that undoes it: restore schema.sql, then aim generate",
    });
  }
  const last = read.applied.slice(-options.steps).toReversed();
  const early = unmet({ read, drift: null, failure: null, direction: "down" });
  if (early.length > 0) {
    return { ...base, outcome: "refused", refusals: early, notes: [...project.notes] };
  }
  if (last.length === 0) return { ...base, outcome: "nothing", notes: [...project.notes] };
  if (survey.noWay !== null) throw survey.noWay;
  demandKept(project, read, sources.files);
  const rehearsal = await (async () => {
    const beside = await besideLive(project, sources, snapshot);
    await using server = await startScratch(project, snapshot, beside);
    const input = { sources: beside, applied: read.applied, live: snapshot, last };
    return { ...await rehearseDown(project, server, input), runtime: server.runtime };
  })();
  const { plan, failure, runtime } = rehearsal;
  const drift = options.allowDrift ? null : rehearsal.drift;
  const refusals = unmet({ read, drift, failure, direction: "down" });
  const planned = { ...base, plan, runtime, left: last.map(label) };
  if (refusals.length > 0) {
    return { ...planned, outcome: "refused", refusals, notes: [...project.notes] };
  }
  await using writer = await openWriter(project, address, {
    read,
    history: { ...sources.history, files: sources.files },
  });
  const losses: Refusal[] = [];
  for (const one of plan) losses.push(...await lossesOf(project, writer.writer, one));
  if (options.allowLoss) {
    for (const { message } of losses) note(project, message);
  } else if (losses.length > 0) {
    return { ...planned, outcome: "refused", refusals: losses, notes: [...project.notes] };
  }
  if (!await options.agrees(plan, live.shown)) {
    return { ...planned, outcome: "planned", notes: [...project.notes] };
  }
  const result = await runAll(project, address, writer, {
    ...options,
    direction: "down",
    migrations: last,
  });
  return { ...planned, ...result, notes: [...project.notes] };
}

/** `aim apply`: pending migrations on a live database, as the configured runner would run them. */

import { UsageError } from "../../core/error.ts";
import type { LiveRunOutcome, PlannedRun } from "../../core/live_run.ts";
import { closedHours } from "../../core/policy.ts";
import type { Migration } from "../../formats/format.ts";
import { approvalsFor, type ApprovalTerms } from "../approvals.ts";
import type { LiveAddress } from "../live/open_live.ts";
import { isStatusOf, type ReadBooks } from "../live/read_books.ts";
import { besideLive, startScratch } from "../live/scratch_server.ts";
import { note, type Project } from "../project.ts";
import { label } from "../scratch/snapshot.ts";
import { demandKept } from "./ledger.ts";
import { openWriter, runAll } from "./live_runs.ts";
import type { Patience } from "./live_script.ts";
import { surveyLive } from "./survey.ts";
import { unmet } from "./preconditions.ts";
import { rehearseUp } from "./rehearse.ts";

/** How migrations are run. */
export interface ApplyOptions extends Patience {
  /** The last one that is run, by version, name or file; all when null. */
  readonly to: string | null;
  /** Commands for the shell, run after each. */
  readonly checks: readonly string[];
  readonly allowDrift: boolean;
  /** The moment that it is run in stands there. */
  readonly terms: ApprovalTerms;
  /** Run also in the hours of `policy.no_ddl_hours`. */
  readonly allowHours: boolean;
  /** Whether what is planned is to be run, asked once it was shown. */
  agrees(plan: readonly PlannedRun[], database: string): Promise<boolean>;
}

/** Reads what is there, rehearses what is pending on a scratch database, shows it, and runs it. */
export async function apply(
  given: Project,
  address: LiveAddress,
  options: ApplyOptions,
): Promise<LiveRunOutcome> {
  const survey = await surveyLive(given, address);
  const { sources, project, live, read, snapshot } = survey;
  const base = { ...survey.begun, direction: "up" } as const;
  const { migrations } = sources.history;
  const pending = pendingOf(project, read, migrations);
  const next = upTo(pending, migrations, options.to);
  const closed = options.allowHours || next.length === 0
    ? null
    : closedHours(project.config.noDdlHours, options.terms.now);
  const early = unmet({ read, drift: null, failure: null, direction: "up", closed });
  if (early.length > 0) {
    return { ...base, outcome: "refused", refusals: early, notes: [...project.notes] };
  }
  if (next.length === 0) {
    return { ...base, outcome: "nothing", left: pending.map(label), notes: [...project.notes] };
  }
  if (survey.noWay !== null) throw survey.noWay;
  demandKept(project, read, sources.files);
  const rehearsal = await (async () => {
    const beside = await besideLive(project, sources, snapshot);
    await using server = await startScratch(project, snapshot, beside);
    const input = { sources: beside, applied: read.applied, live: snapshot, next };
    return { ...await rehearseUp(project, server, input), runtime: server.runtime };
  })();
  const { plan, failure, runtime } = rehearsal;
  const drift = options.allowDrift ? null : rehearsal.drift;
  const approvals = failure === null
    ? await approvalsFor(given, sources, indicesOf(migrations, next), options.terms)
    : [];
  const refusals = unmet({ read, drift, failure, direction: "up", approvals });
  const planned = { ...base, plan, runtime, left: next.map(label) };
  if (refusals.length > 0) {
    return { ...planned, outcome: "refused", refusals, notes: [...project.notes] };
  }
  if (!await options.agrees(plan, live.shown)) {
    return { ...planned, outcome: "planned", notes: [...project.notes] };
  }
  project.signal.throwIfAborted();
  await using writer = await openWriter(project, address, {
    read,
    history: { migrations, files: sources.files },
  });
  const result = await runAll(project, address, writer, {
    ...options,
    direction: "up",
    migrations: next,
  });
  return { ...planned, ...result, notes: [...project.notes] };
}

function indicesOf(all: readonly Migration[], some: readonly Migration[]): ReadonlySet<number> {
  return new Set(some.map((one) => all.indexOf(one)));
}

/** What the runner would run now, in its order. */
function pendingOf(
  project: Project,
  read: ReadBooks,
  migrations: readonly Migration[],
): readonly Migration[] {
  const late = project.format.books?.late;
  return migrations.filter((migration) => {
    const status = read.migrations.find((one) => isStatusOf(one, migration));
    if (status?.state === "pending") return true;
    if (status?.state !== "out-of-order") return false;
    if (late === "skips") {
      note(project, `${migration.up.file} is never run: a later one was applied`);
    }
    return late === "runs";
  });
}

/** Those up to the one that is named. Throws UsageError where none is. */
function upTo(
  pending: readonly Migration[],
  migrations: readonly Migration[],
  to: string | null,
): readonly Migration[] {
  if (to === null) return pending;
  const last = named(migrations, to);
  const at = migrations.indexOf(last);
  return pending.filter((migration) => migrations.indexOf(migration) <= at);
}

/** The migration that a version, a name or a file means. Throws UsageError where there is none, or more than one. */
function named(migrations: readonly Migration[], wanted: string): Migration {
  const plain = (text: string) => text.replace(/^0+(?=\d)/, "");
  const found = migrations.filter((one) =>
    plain(one.version) === plain(wanted) || one.name === wanted || label(one) === wanted ||
    one.files.some((file) => file === wanted || wanted.endsWith(`/${file}`))
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new UsageError(
    found.length === 0
      ? `Cannot find the migration "${wanted}"`
      : `Cannot tell which migration "${wanted}" is: there are ${found.length}`,
    { code: "no-migration", hint: "Name its version, or its file; `aim status` lists them" },
  );
}

/** `aim check`: all that a pull request must hold, in one run; git is asked first, and no server started where nothing has changed. */

import { AimError, UsageError } from "../core/error.ts";
import type { Finding } from "../core/finding.ts";
import type { LintOutcome, ValidateOutcome } from "../core/outcome.ts";
import { commitOf } from "../host/git.ts";
import { approvalFindings } from "./check/approval_findings.ts";
import { readBase } from "./check/base.ts";
import { hasChanged } from "./check/changed.ts";
import { compareWithBase } from "./check/history.ts";
import { readSeeds } from "./files/seeds.ts";
import { endOf, ownChanges } from "./findings.ts";
import { lintOn } from "./lint.ts";
import { drift, type DriftOutcome } from "./live/drift.ts";
import type { LiveAddress } from "./live/open_live.ts";
import { status } from "./live/status.ts";
import { folderOf, type Project } from "./project.ts";
import { label } from "./scratch/snapshot.ts";
import { startServer } from "./serve.ts";
import { readSources, type Sources } from "./sources.ts";
import { validateOn } from "./validate.ts";

/** What is checked against what. */
export interface CheckOptions {
  /** The branch that the work is to be merged into. */
  readonly base: string;
  /** Whether only what HEAD has not is proven, as before a commit. */
  readonly isNew: boolean;
  /** The database that must not have drifted; null for none. */
  readonly live: LiveAddress | null;
  /** Where the migrations are to run, as approvals are asked for; null for any. */
  readonly environment: string | null;
  readonly now: Date;
  /** Called when there is something to prove, while files are still being compared. */
  readonly prepare?: () => void;
}

/** What was found. */
export interface CheckOutcome {
  /** `unchanged`: nothing that aim looks at has changed, and nothing was run. */
  readonly outcome: "passed" | "failed" | "unchanged";
  /** What it was compared with, and the commit of that. */
  readonly base: { readonly revision: string; readonly commit: string };
  /** Names of the new migrations. */
  readonly fresh: readonly string[];
  /** All findings. */
  readonly findings: readonly Finding[];
  /** Those that neither proof nor lint made: about git, approvals and the live database. */
  readonly own: readonly Finding[];
  /** Null where nothing was run, or the history does not even apply. */
  readonly validated: ValidateOutcome | null;
  readonly linted: LintOutcome | null;
  /** Null without a live database. */
  readonly drift: Pick<DriftOutcome, "outcome" | "database" | "changes"> | null;
  readonly notes: readonly string[];
}

/** The branch that a project is merged into, where nobody names one: as the pipeline says, else as the remote does; HEAD where there is no remote. */
export async function defaultBase(
  folder: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const named = variables.GITHUB_BASE_REF || variables.CI_MERGE_REQUEST_TARGET_BRANCH_NAME;
  if (named) return `origin/${named}`;
  return await commitOf(folder, "origin/HEAD") === null ? "HEAD" : "origin/HEAD";
}

/** Checks. */
export async function check(project: Project, options: CheckOptions): Promise<CheckOutcome> {
  const [base, read, seeds] = await Promise.all([
    readBase(project, options.base),
    readSources(project),
    readSeeds(project),
  ]);
  const since = options.isNew && options.base !== "HEAD" ? await readBase(project, "HEAD") : base;
  const sources = { ...read, seeds };
  const shown = { revision: options.base, commit: base.git.tip };
  if (!await hasChanged(project, since, sources)) {
    const notes = [...project.notes];
    const empty = { fresh: [], findings: [], own: [], validated: null, linted: null, drift: null };
    return { ...empty, outcome: "unchanged", base: shown, notes };
  }
  options.prepare?.();
  const { findings: ofHistory, fresh: all } = await compareWithBase(project, base, sources);
  const fresh = since === base ? all : (await compareWithBase(project, since, sources)).fresh;
  const proven = await prove(project, sources, fresh, ofHistory);
  const live = options.live === null ? null : await checkLive(project, sources, options.live);
  // Before it is committed nobody else can have agreed to it.
  const unapproved = options.isNew ? [] : await approvalFindings(project, sources, {
    ...proven,
    indices: fresh,
    terms: { ...options, policyFrom: base.git.tip },
  });
  const own = [...ofHistory, ...proven.own, ...unapproved, ...live?.findings ?? []];
  const { validated, linted } = proven;
  const fails = own.length > 0 || validated?.outcome === "invalid" ||
    linted?.outcome === "dangerous";
  return {
    outcome: fails ? "failed" : "passed",
    base: shown,
    fresh: sources.history.migrations.filter((_, at) => fresh.has(at)).map(label),
    findings: [...own, ...validated?.findings ?? [], ...linted?.findings ?? []],
    own,
    validated,
    linted,
    drift: live?.drift ?? null,
    notes: [...project.notes],
  };
}

/** The new migrations proven and linted, and the end of all against the schema. */
async function prove(
  project: Project,
  sources: Sources,
  fresh: ReadonlySet<number>,
  found: readonly Finding[],
): Promise<Pick<CheckOutcome, "own" | "validated" | "linted">> {
  const selection = { indices: fresh };
  try {
    await using server = await startServer(project, sources);
    const validated = await validateOn(project, server, sources, { selection });
    const applies = validated.migrations.every(({ up }) => up === "ok");
    const linted = fresh.size === 0 || !applies
      ? null
      : await lintOn(project, server, sources, { selection });
    return { own: [], validated, linted };
  } catch (error) {
    // What git knows is said as well when it is the reason why the migrations do not apply.
    if (found.length === 0 || !(error instanceof UsageError)) throw error;
    return { own: [findingOf(error)], validated: null, linted: null };
  }
}

function findingOf({ code, message, hint, place }: AimError): Finding {
  return {
    code,
    severity: "error",
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(place === undefined ? {} : { place }),
  };
}

/** What a live database has against it: changes made by hand, and migrations that it applied and the files do not have so. */
async function checkLive(project: Project, sources: Sources, live: LiveAddress) {
  const place = endOf(project, sources);
  const where = place === null ? {} : { place };
  const books = await status(project, live);
  const wrong = books.migrations.filter(({ state }) =>
    state === "edited" || state === "missing" || state === "failed" || state === "out-of-order"
  );
  const ofBooks = wrong.map(({ state, name, version, file, detail }): Finding => ({
    code: `applied-${state}`,
    severity: "error",
    message: `${[version, name].filter((part) => part !== "").join("_")}: ${detail}`,
    hint: "`aim status` lists what the database has",
    ...(file === null ? where : { place: { file: folderOf(project) + file, line: 1, column: 1 } }),
  }));
  const { outcome, database, changes } = await drift(project, live, {
    against: "migrations",
    fix: false,
    answers: new Map(),
    assumeEmpty: null,
    renames: [],
  });
  const drifted = ownChanges(changes).map((change): Finding => ({
    code: "drift",
    severity: "error",
    message: `The live database has ${
      change.op === "create" ? "a" : change.op === "drop" ? "no" : "another"
    } ${change.kind} ${(change.op === "drop" ? change.before : change.after).name}`,
    hint: "`aim drift --fix` writes the migration that takes it over",
    object: (change.op === "drop" ? change.before : change.after).name,
    ...where,
  }));
  return { findings: [...ofBooks, ...drifted], drift: { outcome, database, changes } };
}

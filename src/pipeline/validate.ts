/** `aim validate`: every migration of the history, and its end against the schema. */

import type { MigrationVerdict, ValidateOutcome } from "../core/outcome.ts";
import type { Server } from "../runtimes/runtime.ts";
import { readSeeds } from "./files/seeds.ts";
import { type LintSelection, selected } from "./lint/select.ts";
import { type Project } from "./project.ts";
import { readSources, type Sources } from "./sources.ts";
import { startServer } from "./serve.ts";
import { historyBefore } from "./scratch/history_before.ts";
import { noteReplayed } from "./replay/replay.ts";
import { snapshotSchema } from "./scratch/snapshot.ts";
import { walkHistory } from "./scratch/walk_history.ts";
import { differenceFindings, historyFindings } from "./findings.ts";
import { withUnsaid } from "./orm/keep_unsaid.ts";
import { differenceIn } from "./plan/difference.ts";

/** What counts as wrong. */
export interface ValidateOptions {
  /** A migration without DOWN, where the runner has any. */
  readonly strict?: boolean;
  /** Lint every migration as well; what is as grave as `fail_on` says makes the history invalid. */
  readonly lint?: boolean;
  /** Those that are proven; the ones before the first of them are only applied. All when absent. */
  readonly selection?: LintSelection;
}

/** Proves every migration of the history, and the end of it against the schema. */
export async function validate(
  project: Project,
  options: ValidateOptions = {},
): Promise<ValidateOutcome> {
  const sources = { ...await readSources(project), seeds: await readSeeds(project) };
  await using server = await startServer(project, sources);
  const outcome = await validateOn(project, server, sources, options);
  if (options.lint !== true) return outcome;
  const { lintOn } = await import("./lint.ts");
  const linted = await lintOn(project, server, sources, {
    selection: options.selection ?? { all: true },
  });
  return {
    ...outcome,
    outcome: linted.outcome === "dangerous" ? "invalid" : outcome.outcome,
    findings: [...outcome.findings, ...linted.findings],
    dangers: linted.findings,
  };
}

/** `validate` of sources that are already read, on a server that is already started. */
export async function validateOn(
  project: Project,
  server: Server,
  sources: Sources,
  { strict = false, selection = { all: true } }: ValidateOptions = {},
): Promise<ValidateOutcome> {
  const { migrations } = sources.history;
  const wanted = await selected(project, sources, selection);
  const replayed = migrations.filter(({ isReplayed }) => isReplayed === true).length;
  const from = "all" in selection
    ? replayed
    : Math.max(replayed, Math.min(migrations.length, ...wanted));
  noteReplayed(project, sources.history);
  const schema = sources.schema.length === 0
    ? null
    : await snapshotSchema(project, server, { schema: sources.schema, before: sources.before });
  const { database, searchPath } = await historyBefore(project, server, sources, from);
  await using _database = database;
  const walk = await walkHistory(project, database, {
    migrations: migrations.slice(from),
    searchPath,
    ...sources.seeds === undefined ? {} : { seeds: sources.seeds },
  });
  const drift = schema === null || walk.end === null
    ? null
    : differenceIn(project, walk.end, await withUnsaid(project, walk.end, schema.snapshot));
  const verdicts = strict ? walk.verdicts.map((one) => strictly(project, one)) : walk.verdicts;
  const bad = verdicts.some((verdict) =>
    verdict.up === "error" || verdict.down === "error" || verdict.down === "differs" ||
    verdict.down === "missing" && verdict.detail !== "" ||
    verdict.again === "error" || verdict.again === "differs" ||
    /^(?:refused|lost|altered|check-failed)$/.test(verdict.rows?.state ?? "")
  );
  const differs = drift !== null && drift.changes.length > 0;
  return {
    outcome: bad || differs ? "invalid" : "valid",
    migrations: verdicts,
    schema: drift === null ? "none" : differs ? "differs" : "in-sync",
    changes: drift?.changes ?? [],
    text: drift?.text ?? "",
    findings: [
      ...historyFindings(project, sources, verdicts),
      ...differenceFindings(project, sources, drift?.changes ?? []),
    ],
    runtime: server.runtime,
    version: server.version,
    statements: walk.statements,
    earlier: from,
    notes: [...project.notes],
  };
}

/** A verdict in which a missing DOWN counts; what the runner repeats, and what only goes forward, has none. */
function strictly({ format }: Project, verdict: MigrationVerdict): MigrationVerdict {
  const isFree = format.forwardOnly === true || verdict.version === "";
  if (verdict.down !== "missing" || verdict.up === "error" || isFree) return verdict;
  return { ...verdict, detail: "It has no DOWN" };
}

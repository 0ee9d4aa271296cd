/** `aim generate --expand` and `--contract`: columns that take over from others while old and new code run. */

import { UsageError } from "../core/error.ts";
import type { GenerateOutcome } from "../core/outcome.ts";
import type { Hints } from "../core/plan.ts";
import { contracted } from "./expand/contracted.ts";
import { expanded } from "./expand/expanded.ts";
import type { Ground, Made } from "./expand/ground.ts";
import type { ExpandRequest } from "./expand/named.ts";
import { expansionOf } from "./expand/spec.ts";
import { EXPAND_MARK, WITH_TABLE } from "./expand/status.ts";
import { nothingGenerated, refuseReadOnly } from "./generate/finished.ts";
import type { GenerateOptions } from "./generate/options.ts";
import { tryDraft } from "./model/try_draft.ts";
import { note, type Project } from "./project.ts";
import { changesIn } from "./scratch/changes.ts";
import { replayHistory, snapshotSchema } from "./scratch/snapshot.ts";
import { startServer } from "./serve.ts";
import { readSources } from "./sources.ts";

/** Which step of an expansion is written. */
export interface ExpandOptions {
  readonly request: ExpandRequest;
  readonly step: "expand" | "contract";
  readonly dryRun: boolean;
  readonly options: GenerateOptions;
}

/** Writes the files of a step and proves them. Throws UsageError for what cannot be expanded. */
export async function expand(
  plain: Project,
  { request, step, dryRun, options }: ExpandOptions,
): Promise<GenerateOutcome> {
  const project: Project = { ...plain, config: { ...plain.config, safety: "online" } };
  const { engine } = project;
  const { expanding, shape } = engine;
  if (expanding === undefined || shape === undefined) {
    throw new UsageError(`Cannot expand columns on ${engine.dialect}`, {
      code: "expand",
      hint: "this engine has no triggers that aim would write for it",
    });
  }
  if (!dryRun) refuseReadOnly(project);
  const sources = await readSources(project);
  await using server = await startServer(project, sources);
  const { snapshot: target, start: begun } = await snapshotSchema(project, server, sources);
  const replayed = await replayHistory(project, server, sources, begun);
  await using database = replayed.database;
  const { snapshot: before, searchPath } = replayed;
  const expansion = expansionOf(request, {
    before: shape(before),
    target: shape(target),
    quote: expanding.quote,
    convert: expanding.convert,
    ...step === "expand" ? {} : {
      wasMade: (name: string) =>
        sources.history.migrations.some(({ up }) =>
          up.text.includes(`${EXPAND_MARK} add ${name}${WITH_TABLE}`)
        ),
    },
  });
  const start = await database.checkpoint();
  const hints: Hints = {
    answers: options.answers,
    renames: [],
    dropAdd: true,
    strictOrder: false,
    deployedVersion: project.version,
    ...options.assumeEmpty === undefined ? {} : { assumeEmpty: options.assumeEmpty },
  };
  const ground = {
    expanding,
    expansion,
    server,
    sources,
    database,
    start,
    before,
    target,
    searchPath,
    hints,
  };
  const made = step === "expand"
    ? await expanded(project, ground)
    : await contracted(project, ground);
  return await finish(project, ground, { ...made, dryRun });
}

/** Proves the draft as it is written, and writes it. */
async function finish(
  project: Project,
  { server, sources, database, start, before, target, searchPath }: Ground,
  { draft, reached, fault, dryRun, filled }: Made & { readonly dryRun: boolean },
): Promise<GenerateOutcome> {
  const { format, config } = project;
  const proofInput = {
    server,
    database,
    start: filled ?? start,
    before,
    target: reached,
    searchPath,
  };
  // The made rows of the usual proof know nothing of a trigger that keeps columns alike.
  const proving = filled === undefined
    ? project
    : { ...project, config: { ...config, rows: "off" as const } };
  const tried = await tryDraft(proving, draft, {
    sources,
    proofInput,
    choices: [],
    provenance: "planner",
  });
  if (fault !== null) note(project, fault);
  const proven = tried.proven && fault === null;
  const written = proven && !dryRun;
  if (written) {
    const { writeProven } = await import("./files/write_proven.ts");
    await writeProven(project, sources, tried.files);
  }
  return {
    ...nothingGenerated(project),
    outcome: proven ? "proven" : "unproven",
    changes: changesIn(project, before, target),
    draft: tried.draft,
    proof: tried.proof,
    files: tried.files,
    written,
    next: proven ? format.apply(config.migrations) : null,
    notes: [...project.notes],
  };
}

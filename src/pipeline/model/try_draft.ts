/** A draft as files, read back and proven, whoever drafted it. */

import { ORM_SCHEMA } from "../../config/config.ts";
import type { Choice } from "../../core/choice.ts";
import type { Draft } from "../../core/plan.ts";
import type { Proof } from "../../core/proof.ts";
import type { Migration, SourceFile } from "../../formats/format.ts";
import { candidateOf } from "../plan/candidate.ts";
import { note, type Project } from "../project.ts";
import { checkEmptyBuild } from "../scratch/empty_build.ts";
import type { ProofInput } from "../scratch/passage.ts";
import { isProven, prove } from "../scratch/verify.ts";
import { walkHistory } from "../scratch/walk_history.ts";
import type { Sources } from "../sources.ts";
import { sayingRows } from "./row_statements.ts";

/** A draft that was tried. */
export interface Trial {
  /** As it was written and tried. */
  readonly draft: Draft;
  readonly proof: Proof;
  readonly files: readonly SourceFile[];
}

/** What a draft is tried with. */
export interface TrialSettings {
  readonly sources: Sources;
  readonly proofInput: ProofInput;
  readonly choices: readonly Choice[];
  readonly provenance: string;
}

/** A draft that was tried, and whether it is proven. */
export interface Tried extends Trial {
  readonly proven: boolean;
  readonly migrations: readonly Migration[];
  /** False where another scratch database took the place of the one that it was proven on. */
  readonly keepsDatabase: boolean;
}

/** Renders a draft, reads it back and proves it; where rows showed what it has to say of itself, that is written and proven again. */
export async function tryDraft(
  project: Project,
  planned: Draft,
  settings: TrialSettings,
): Promise<Tried> {
  const sources = project.config.schema.includes(ORM_SCHEMA)
    ? await (await import("../orm/model_state.ts")).withState(project, settings.sources, planned)
    : settings.sources;
  const tried = await tryOnce(project, planned, { ...settings, sources });
  const told = sayingRows(tried.draft, tried.proof);
  return told === tried.draft ? tried : await tryOnce(project, told, { ...settings, sources });
}

async function tryOnce(
  project: Project,
  planned: Draft,
  { sources, proofInput, choices, provenance }: TrialSettings,
): Promise<Tried> {
  const draft = withSearchPath(project, proofInput, planned);
  const lines = project.config.provenance ? [`aim: ${provenance}`] : [];
  const candidate = candidateOf(project, sources, draft, choices, lines);
  const { files, migrations } = candidate;
  const proof = await prove(project, proofInput, migrations, {
    draft,
    choices,
    ...sources.seeds === undefined ? {} : { seeds: sources.seeds },
  });
  const reversible = migrations.every((migration) => migration.down !== null);
  const proven = isProven(proof, reversible) &&
    (project.config.safety === "plain" || await eachIsProven(project, proofInput, migrations));
  const isBuilt = proven &&
    await checkEmptyBuild(project, proofInput, { ...candidate, before: sources.before });
  return { draft, proof, files, migrations, proven, keepsDatabase: !isBuilt };
}

/** Whether each of several migrations can be undone and run again by itself. */
async function eachIsProven(
  project: Project,
  { database, start }: ProofInput,
  migrations: readonly Migration[],
): Promise<boolean> {
  if (migrations.length < 2) return true;
  await database.rewind(start);
  const { verdicts } = await walkHistory(project, database, { migrations });
  const bad = verdicts.find(({ up, down, again }) =>
    up !== "ok" || ["error", "differs"].includes(down) || ["error", "differs"].includes(again)
  );
  if (bad !== undefined) note(project, `${bad.version}_${bad.name}: ${bad.detail}`);
  return bad === undefined;
}

/** A draft that finds its names also in the session that the history leaves. */
function withSearchPath(
  project: Project,
  { searchPath = null }: Pick<ProofInput, "searchPath">,
  draft: Draft,
): Draft {
  const reset = project.engine.searchPath?.reset;
  if (searchPath === null || reset === undefined || draft.up[0]?.sql === reset) return draft;
  const path = searchPath === "" ? "an empty search_path" : `search_path = ${searchPath}`;
  const text = `The migrations leave ${path}, and ${project.format.title} keeps the session`;
  note(project, `${text}: the new one begins with ${reset}`);
  const reason = { action: "describe", text } as const;
  return { ...draft, up: [{ sql: reset, serves: [], reason, transactional: true }, ...draft.up] };
}

/** `aim impact`: who uses what a migration, or the way to the schema, drops, renames or makes otherwise. */

import { UsageError } from "../core/error.ts";
import type { Finding } from "../core/finding.ts";
import { findUses } from "../usage/find_uses.ts";
import { isContract, type Target } from "../usage/target.ts";
import type { Use } from "../usage/use.ts";
import type { StatedRenames } from "./impact/diff_renames.ts";
import { judge, type QueryCounts } from "./impact/judge.ts";
import { checkPaths, readPrograms } from "./impact/programs.ts";
import { type Dependence, dependencesOf, readServices } from "./impact/services.ts";
import { diffStep, mapStep, migrationStep } from "./impact/steps.ts";
import { isGrave } from "./lint/grave.ts";
import { selected } from "./lint/select.ts";
import { note, type Project } from "./project.ts";
import { yieldToEventLoop } from "./scratch/yield_to_event_loop.ts";
import { startServer } from "./serve.ts";
import { readHistoryAlone, readSources, type Sources } from "./sources.ts";

/** What is looked at. */
export interface ImpactOptions {
  /** The migration's file, `diff` for the way from the migrations to the schema, `map` for all tables; null for the last migration. */
  readonly of: { readonly file: string } | "diff" | "map" | null;
  /** Files and folders of code and logs; the project's folder without any. */
  readonly paths: readonly string[];
  /** Folders of further repositories. */
  readonly repositories: readonly string[];
  /** What is a rename on the way to the schema. */
  readonly stated: StatedRenames;
}

/** What was found. */
export interface ImpactOutcome {
  /** `refused`: what is dropped or renamed is used, and the settings do not allow that. */
  readonly outcome: "unused" | "used" | "refused";
  /** Null for the way to the schema. */
  readonly migration: string | null;
  readonly targets: readonly Target[];
  readonly uses: readonly Use[];
  /** Places that have the name of a target, and nothing else that speaks for it; none for a map. */
  readonly named: readonly Use[];
  readonly services: readonly Dependence[];
  readonly findings: readonly Finding[];
  /** Files that were read. */
  readonly files: number;
  readonly queries: QueryCounts;
  readonly runtime: string;
  readonly version: string;
  readonly notes: readonly string[];
}

/** Finds who uses what changes. Throws UsageError for a migration that is none, or a path that cannot be read. */
export async function impact(project: Project, options: ImpactOptions): Promise<ImpactOutcome> {
  const { of } = options;
  const sources = of === "diff"
    ? await readSources(project)
    : await readHistoryAlone(project, { replays: true });
  const index = of === "diff" || of === "map" ? null : await migrationIndex(project, sources, of);
  await checkPaths([...options.paths, ...options.repositories]);
  const services = await readServices(project.config.root);
  const reading = readPrograms(project, options);
  reading.catch(() => {});
  await using server = await startServer(project, sources);
  await using step = of === "diff"
    ? await diffStep(project, server, sources, options.stated)
    : of === "map"
    ? await mapStep(project, server, sources)
    : await migrationStep(project, server, sources, index ?? 0);
  const programs = await reading;
  for (const text of programs.notes) note(project, text);
  const { targets } = step;
  const found = await findUses(programs.files, targets, {
    pause: () => yieldToEventLoop(project.signal),
    isByName: of !== "map",
  });
  const judged = await judge(project, step, found);
  const uses = inOrder([...judged.uses, ...found.uses]);
  const findings = of === "map" ? [] : uses.map((use) => findingOf(use, step.migration));
  return {
    outcome: outcomeOf(project, uses, findings),
    migration: step.migration,
    targets,
    uses,
    named: besides(found.named, uses),
    services: dependencesOf(services, targets, uses),
    findings,
    files: programs.files.length,
    queries: judged.counts,
    runtime: server.runtime,
    version: server.version,
    notes: [...project.notes],
  };
}

async function migrationIndex(
  project: Project,
  sources: Sources,
  of: { readonly file: string } | null,
): Promise<number> {
  const selection = of === null ? { latest: 1 } : { files: [of.file] };
  const [index] = await selected(project, sources, selection);
  if (index !== undefined) return index;
  throw new UsageError("Cannot tell what changes: there is no migration", {
    code: "no-migration",
    hint: "aim generate makes one; --diff looks at what it would hold",
  });
}

function inOrder(uses: readonly Use[]): readonly Use[] {
  const rank = ({ certainty }: Use) => certainty === "certain" ? 0 : 1;
  return [...uses].sort((a, b) =>
    rank(a) - rank(b) || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)
  );
}

/** The places without those that are known to be uses. */
function besides(named: readonly Use[], uses: readonly Use[]): readonly Use[] {
  const place = ({ target, file, line }: Use) => `${target.name} ${line} ${file}`;
  const known = new Set(uses.map(place));
  return inOrder(named.filter((one) => !known.has(place(one))));
}

function findingOf(use: Use, migration: string | null): Finding {
  const { target, certainty, file, line, column, why, text } = use;
  const what = `${target.kind} ${target.name}`;
  const where = file === "" ? `${text} of the database` : "code";
  return {
    code: "impact",
    severity: certainty === "certain" ? "error" : target.change === "nullable" ? "info" : "warning",
    message: `${where} uses the ${what}, which ${said(target)}: ${why}`,
    object: target.name,
    ...file === "" ? {} : { place: { file, line, column } },
    ...migration === null ? {} : { migration },
  };
}

/** What becomes of a target: `is renamed to email`. */
export function said({ change, to, values }: Target): string {
  switch (change) {
    case "drop":
      return "is dropped";
    case "rename":
      return `is renamed to ${to}`;
    case "retype":
      return `becomes ${to}`;
    case "require":
      return "must have a value";
    case "nullable":
      return "becomes nullable";
    case "values":
      return `gets the values ${values?.fresh.join(", ")}`;
    case "value-rename":
      return `has ${values?.gone.join(", ")} renamed to ${to}`;
    case "value-drop":
      return `loses the values ${values?.gone.join(", ")}`;
  }
}

function outcomeOf(
  project: Project,
  uses: readonly Use[],
  findings: readonly Finding[],
): ImpactOutcome["outcome"] {
  if (uses.length === 0) return "unused";
  const isContracting = project.config.failOn === "impact" &&
    uses.some(({ target }) => isContract(target));
  const isRefused = findings.some((finding) => isGrave(project, finding)) ||
    findings.length > 0 && isContracting;
  return isRefused ? "refused" : "used";
}

/** `aim rebase`: the new migrations of a branch put behind those that its base has got meanwhile, and proven there. */

import { UsageError } from "../core/error.ts";
import type { ValidateOutcome } from "../core/outcome.ts";
import type { Migration, Rebased, SourceFile } from "../formats/format.ts";
import { rebaseFiles, withoutMarks } from "../formats/rebase.ts";
import { refuseApplied } from "./amend.ts";
import { historyOf, readBase } from "./check/base.ts";
import { keyOf, type Side } from "./check/history.ts";
import { refuseReadOnly } from "./generate/finished.ts";
import { parseHistory } from "./files/read_sources.ts";
import type { LiveAddress } from "./live/open_live.ts";
import { note, type Project } from "./project.ts";
import { label } from "./scratch/snapshot.ts";
import { startServer } from "./serve.ts";
import { readUnordered, type Sources } from "./sources.ts";
import { validateOn } from "./validate.ts";

/** Where to, and whether files change. */
export interface RebaseOptions {
  readonly base: string;
  readonly dryRun: boolean;
  /** A database that must not have applied what moves; null for none. */
  readonly live: LiveAddress | null;
}

/** What became of it. */
export interface RebaseOutcome {
  /** `in-order`: nothing is to be moved. */
  readonly outcome: "in-order" | "rebased" | "unproven";
  readonly base: { readonly revision: string; readonly commit: string };
  /** Paths in the migrations folder. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Files whose text changes where they stand: a plan. */
  readonly changed: readonly string[];
  /** The proof; null where nothing is to be moved. */
  readonly validated: ValidateOutcome | null;
  readonly written: boolean;
  readonly notes: readonly string[];
}

/** Moves the new migrations, proves them behind those of the base, and writes when they are proven. */
export async function rebase(project: Project, options: RebaseOptions): Promise<RebaseOutcome> {
  refuseReadOnly(project);
  const { notRebased, title } = project.format;
  if (notRebased !== undefined) {
    throw new UsageError(`Cannot rebase migrations of ${title}`, {
      code: "rebase",
      hint: notRebased,
    });
  }
  const { recover, writeProven } = await import("./files/write_proven.ts");
  await recover(project);
  const [base, read] = await Promise.all([readBase(project, options.base), readUnordered(project)]);
  const start = await historyOf(project, base, base.start, read.settings);
  const tip = await historyOf(project, base, base.tip, read.settings);
  const ours = project.format.rebase === undefined ? read.files : read.files.map(unmarked);
  const own = ownOf(project, { ...read, files: ours }, start, tip);
  const shown = { revision: options.base, commit: base.git.tip };
  const none = { base: shown, moved: [], changed: [], validated: null, written: false } as const;
  const rebased = own.length === 0 ? null : rebasedFiles(project, ours, tip, own);
  const changed = (rebased?.files ?? []).filter(({ path, text }) => {
    const now = read.files.find((file) => file.path === path);
    return now !== undefined && now.text !== text && isShared(tip, path);
  });
  const isInPlace = rebased === null ||
    (project.format.rebase === undefined
      ? isInOrder(project, read, tip, own)
      : changed.length === 0);
  if (isInPlace) return { ...none, outcome: "in-order", notes: [...project.notes] };
  if (options.live !== null) await refuseApplied(project, own, options.live);
  const validated = await prove(project, { ...read, files: ours }, rebased, tip, own.length);
  const moved = [...rebased.moved].map(([from, to]) => ({ from, to }));
  const isProven = validated.outcome === "valid";
  const outcome = {
    ...none,
    moved,
    changed: changed.map(({ path }) => path),
    validated,
  };
  if (!isProven || options.dryRun) {
    const word = isProven ? "rebased" : "unproven";
    return { ...outcome, outcome: word, notes: [...project.notes] };
  }
  const news = new Set(rebased.moved.values());
  const files = [...rebased.files.filter(({ path }) => news.has(path)), ...changed];
  const replaces = [...rebased.moved.keys(), ...changed.map(({ path }) => path)];
  await writeProven(project, read, files, replaces);
  return { ...outcome, outcome: "rebased", written: true, notes: [...project.notes] };
}

function unmarked(file: SourceFile): SourceFile {
  return { ...file, text: withoutMarks(file.text) };
}

function isShared({ files }: Side, path: string): boolean {
  return files.some((file) => file.path === path);
}

/** The migrations that only this branch has, in its order. */
function ownOf(
  project: Project,
  ours: Pick<Sources, "files" | "settings">,
  start: Side,
  tip: Side,
): readonly Migration[] {
  const known = new Set([...start.files, ...tip.files].map(({ path }) => path));
  const added = ours.files.filter(({ path }) => !known.has(path));
  // A plan needs all that it names; without one two migrations of one version could not be read together.
  const files = project.format.rebase === undefined ? added : [
    ...ours.files,
    ...tip.files.filter(({ path }) => !ours.files.some((one) => one.path === path)),
  ];
  const theirs = new Set([...start.history.migrations, ...tip.history.migrations].map(keyOf));
  return parsed(project, files, ours).migrations
    .filter((one) => !theirs.has(keyOf(one)) && one.version !== "");
}

function parsed(
  { format, engine: { dialect, lexicon }, config }: Project,
  files: readonly SourceFile[],
  { settings }: Pick<Sources, "settings">,
) {
  const sorted = [...files].sort((a, b) => a.path < b.path ? -1 : 1);
  const options = { format, dialect, lexicon, folder: config.migrations };
  return parseHistory(sorted, settings === undefined ? options : { ...options, settings });
}

function rebasedFiles(
  { format, engine: { dialect, lexicon } }: Project,
  ours: readonly SourceFile[],
  tip: Side,
  own: readonly Migration[],
): Rebased {
  return rebaseFiles(format, { ours, theirs: tip.files, own }, {
    dialect,
    lexicon,
    now: new Date(),
  });
}

/** True when the new migrations come after all of the base as they are named now. */
function isInOrder(
  project: Project,
  ours: Pick<Sources, "files" | "settings">,
  tip: Side,
  own: readonly Migration[],
): boolean {
  const paths = new Set(own.flatMap(({ files }) => files));
  const files = [...tip.files, ...ours.files.filter(({ path }) => paths.has(path))];
  try {
    const { migrations } = parsed(project, files, ours);
    const versioned = migrations.filter(({ version }) => version !== "");
    const mine = new Set(own.map(keyOf));
    return versioned.slice(-own.length).every((one) => mine.has(keyOf(one)));
  } catch (error) {
    // Two of one version.
    if (error instanceof UsageError) return false;
    throw error;
  }
}

/** Proves the moved migrations; against the schema as well where the branch already has all of the base. */
async function prove(
  project: Project,
  ours: Omit<Sources, "history">,
  { files }: Rebased,
  tip: Side,
  count: number,
): Promise<ValidateOutcome> {
  const here = new Set(ours.files.map(({ path }) => path));
  const missing = tip.history.migrations.filter((one) => one.files.some((path) => !here.has(path)));
  if (missing.length > 0) {
    note(
      project,
      `Proven behind ${
        missing.map(label).join(", ")
      }, which this branch has not: merge the base, then aim check`,
    );
  }
  const history = parsed(project, files, ours);
  const sources = { ...ours, files, history, schema: missing.length > 0 ? [] : ours.schema };
  await using server = await startServer(project, sources);
  return await validateOn(project, server, sources, { selection: { latest: count } });
}

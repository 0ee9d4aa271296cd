/** The migrations of a branch against those of its base: what is new, and what may not be done to what others have. No database is asked. */

import { UsageError } from "../../core/error.ts";
import type { Finding } from "../../core/finding.ts";
import type { History, Migration, Script, SourceFile } from "../../formats/format.ts";
import { withoutAllowed } from "../lint/allowed.ts";
import { folderOf, type Project } from "../project.ts";
import { label } from "../scratch/snapshot.ts";
import type { Sources } from "../sources.ts";
import { withReplayed } from "../replay/replay.ts";
import { type Base, historyOf } from "./base.ts";

/** Migrations with the files that they were read from. */
export interface Side {
  readonly history: History;
  readonly files: readonly SourceFile[];
}

/** What the comparison gives. */
export interface Compared {
  /** Indices into the history of the migrations that the base has not, or has with another text. */
  readonly fresh: ReadonlySet<number>;
  /** Of those, the ones that the base has under no text, now or where the branch began. */
  readonly added: ReadonlySet<number>;
  readonly findings: readonly Finding[];
}

/** Compares. Throws UsageError for migrations of the base that cannot be read. */
export async function compareWithBase(
  project: Project,
  base: Base,
  ours: Pick<Sources, "history" | "files" | "settings">,
): Promise<Compared> {
  const start = await historyOf(project, base, base.start, ours.settings);
  const tip = base.tip === base.start
    ? start
    : await historyOf(project, base, base.tip, ours.settings);
  const known = new Map(start.history.migrations.map((one) => [keyOf(one), one]));
  const edited = new Set(
    ours.history.migrations.filter((one) => {
      const before = known.get(keyOf(one));
      return before !== undefined && firstDifference(before, one, start, ours) !== null;
    }),
  );
  const isFresh = (one: Migration) => !known.has(keyOf(one)) || edited.has(one);
  const fresh = new Set(
    [...ours.history.migrations.entries()].filter(([, one]) => isFresh(one)).map(([at]) => at),
  );
  const merged = new Set(tip.history.migrations.map(keyOf));
  const added = ours.history.migrations.filter((one) =>
    !known.has(keyOf(one)) && !merged.has(keyOf(one))
  );
  const about = [
    ...[...edited].flatMap((one) => editedFinding(project, known, one, start, ours)),
    ...orderFindings(project, added, ours, tip),
    ...goesForwardOnly(project, tip) ? [] : added.flatMap((one) => downFinding(project, one)),
  ];
  return {
    fresh,
    added: new Set(added.map((one) => ours.history.migrations.indexOf(one))),
    findings: [
      ...deletedFindings(project, ours, start, tip),
      ...allowed(project, ours.history.migrations, about),
    ],
  };
}

/** A migration in any history: version and name, since either may be of another one. */
export function keyOf({ version, name }: Migration): string {
  return JSON.stringify([version, name]);
}

/** Findings that the files of their migrations do not allow. */
function allowed(
  project: Project,
  migrations: readonly Migration[],
  findings: readonly Finding[],
): readonly Finding[] {
  return migrations.flatMap((one) => {
    const own = findings.filter(({ migration }) => migration === label(one));
    if (own.length === 0) return [];
    const left = withoutAllowed(own, {
      script: one.up,
      lexicon: project.engine.lexicon,
      folder: folderOf(project),
    });
    return left.filter(({ code }) => code !== "unused-allow");
  });
}

function deletedFindings(
  project: Project,
  ours: Pick<Sources, "history">,
  start: Side,
  tip: Side,
): readonly Finding[] {
  const here = new Set(ours.history.migrations.map(keyOf));
  const still = new Set(tip.history.migrations.map(keyOf));
  return start.history.migrations
    .filter((one) => !here.has(keyOf(one)) && still.has(keyOf(one)))
    .map((one) => ({
      code: "migration-deleted",
      severity: "error",
      message: `${label(one)} was deleted; databases that have applied it cannot be told apart`,
      hint: "put it back; what it did is taken back by a new migration",
      migration: label(one),
      place: { file: folderOf(project) + one.up.file, line: 1, column: 1 },
    }));
}

/** The file and line where a migration is not what it was; null when it is. What a runner repeats may change. */
function firstDifference(
  before: Migration,
  now: Migration,
  start: Pick<Side, "files">,
  ours: Pick<Side, "files">,
): { readonly file: string; readonly line: number; readonly isRepeated: boolean } | null {
  const isRepeated = now.version === "";
  for (const file of new Set([now.up.file, ...now.down === null ? [] : [now.down.file]])) {
    const [was, is] = [textOf(start.files, file), textOf(ours.files, file)];
    if (was !== null && is !== null && was !== is) {
      return { file, line: lineOfDifference(was, is), isRepeated };
    }
  }
  const [lost] = filesOf(before).filter((file) => textOf(ours.files, file) === null);
  return lost === undefined ? null : { file: now.up.file, line: 1, isRepeated };
}

function filesOf({ up, down }: Migration): readonly string[] {
  return [up, ...down === null ? [] : [down]].map(({ file }: Script) => file);
}

function textOf(files: readonly SourceFile[], path: string): string | null {
  const found = files.find((file) => file.path === path);
  return found === undefined ? null : found.text.replaceAll("\r\n", "\n");
}

function lineOfDifference(was: string, is: string): number {
  const [old, now] = [was.split("\n"), is.split("\n")];
  const at = now.findIndex((line, index) => line !== old[index]);
  return at < 0 ? now.length : at + 1;
}

function editedFinding(
  project: Project,
  known: ReadonlyMap<string, Migration>,
  now: Migration,
  start: Side,
  ours: Pick<Side, "files">,
): readonly Finding[] {
  const before = known.get(keyOf(now));
  const found = before === undefined ? null : firstDifference(before, now, start, ours);
  if (found === null || found.isRepeated) return [];
  return [{
    code: "migration-edited",
    severity: "error",
    message: `${label(now)} was edited; databases that have applied it will not get the change`,
    hint: "put it back as it was and write a new migration: aim generate",
    migration: label(now),
    place: { file: folderOf(project) + found.file, line: found.line, column: 1 },
  }];
}

/** New migrations must come after all that the base has, also after those that it got meanwhile. */
function orderFindings(
  project: Project,
  added: readonly Migration[],
  ours: Pick<Sources, "history" | "files" | "settings">,
  tip: Side,
): readonly Finding[] {
  const versioned = added.filter(({ version }) => version !== "");
  if (versioned.length === 0) return [];
  const theirs = new Set(tip.history.migrations.filter(isVersioned).map(keyOf));
  const { notRebased } = project.format;
  const hint = notRebased ??
    "`aim rebase` gives it a number after those of the base branch, and proves it again";
  const merged = mergedOrder(project, versioned, ours, tip);
  if (typeof merged === "string") {
    return versioned.slice(0, 1).map((one) => ({
      code: "migration-order",
      severity: "error",
      message: `Beside the migrations of the base branch: ${merged}`,
      hint,
      migration: label(one),
      place: { file: folderOf(project) + one.up.file, line: 1, column: 1 },
    }));
  }
  const last = merged.findLastIndex((one) => theirs.has(keyOf(one)));
  const lastTheirs = tip.history.migrations.filter(isVersioned).at(-1);
  return versioned.flatMap((one): readonly Finding[] => {
    const finding = {
      severity: "error" as const,
      hint,
      migration: label(one),
      place: { file: folderOf(project) + one.up.file, line: 1, column: 1 },
    };
    const clash = tip.history.migrations.find(({ version, name }) =>
      version === one.version && name !== one.name
    );
    if (clash !== undefined) {
      const message = `${label(one)} has the version of ${label(clash)} of the base branch`;
      return [{ ...finding, code: "version-clash", message }];
    }
    const at = merged.findIndex((other) => keyOf(other) === keyOf(one));
    if (at > last) return [];
    const after = at < 0 ? lastTheirs : merged[last];
    const message = after === undefined
      ? `${label(one)} is not at the end`
      : `${label(one)} does not come after ${label(after)}, which the base branch has`;
    return [{ ...finding, code: "migration-order", message }];
  });
}

function isVersioned({ version }: Migration): boolean {
  return version !== "";
}

/** The order in which the runner would see the migrations of the base and the new ones; what a shared plan does not name is not in it. Where they cannot be read together, why. */
function mergedOrder(
  project: Project,
  added: readonly Migration[],
  ours: Pick<Sources, "history" | "files" | "settings">,
  tip: Side,
): readonly Migration[] | string {
  const here = new Set(ours.history.migrations.map(keyOf));
  const isBehind = tip.history.migrations.some((one) => !here.has(keyOf(one)));
  if (!isBehind) return ours.history.migrations;
  const clashes = new Set(tip.history.migrations.map(({ version }) => version));
  const wanted = new Set(
    added.filter(({ version }) => !clashes.has(version)).flatMap(({ files }) => files),
  );
  const paths = new Set(tip.files.map(({ path }) => path));
  const files = [
    ...tip.files,
    ...ours.files.filter(({ path }) => wanted.has(path) && !paths.has(path)),
  ].sort((a, b) => a.path < b.path ? -1 : 1);
  const { engine: { dialect, lexicon }, format } = project;
  const { settings } = ours;
  try {
    const again = format.parse(files, {
      dialect,
      lexicon,
      ...settings === undefined ? {} : { settings },
      keepsPrograms: true,
    });
    return withReplayed(again, ours.history).migrations;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/** True where no migration has a DOWN, whether the runner knows any or the project writes none. */
function goesForwardOnly({ format }: Project, { history: { migrations } }: Side): boolean {
  return format.forwardOnly === true ||
    migrations.length > 0 && migrations.every(({ down }) => down === null);
}

function downFinding(project: Project, one: Migration): readonly Finding[] {
  if (one.down !== null || one.isReplayed === true || !isVersioned(one)) return [];
  return [{
    code: "down-missing",
    severity: "error",
    message: `${label(one)} has no DOWN: its runner cannot take it back`,
    hint: "write one, or say why there is none: -- aim:allow-file down-missing REASON",
    migration: label(one),
    direction: "down",
    place: { file: folderOf(project) + one.up.file, line: 1, column: 1 },
  }];
}

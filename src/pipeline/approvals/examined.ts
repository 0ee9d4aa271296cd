/** Migrations as records of approvals speak of them: what lint found, how they fared, and hashes of their files. */

import { type ApprovalRecord, hashOf, type Present } from "../../approvals/record.ts";
import type { Finding } from "../../core/finding.ts";
import type { Operation } from "../../core/operation.ts";
import type { Migration } from "../../formats/format.ts";
import type { Server } from "../../runtimes/runtime.ts";
import { lintOn } from "../lint.ts";
import { folderOf, type Project } from "../project.ts";
import { historyBefore } from "../scratch/history_before.ts";
import { statementsOf } from "../scratch/run_script.ts";
import { label } from "../scratch/snapshot.ts";
import { walkHistory } from "../scratch/walk_history.ts";
import type { Sources } from "../sources.ts";

/** A migration with what was found of it. */
export interface ApprovedMigration {
  /** Its place in the history. */
  readonly index: number;
  readonly findings: readonly Pick<Finding, "code" | "severity">[];
  /** How it fared on a scratch database; null where it was not run. */
  readonly proof: ApprovalRecord["proof"] | null;
}

/** Lints and proves migrations. */
export async function examineAll(
  project: Project,
  server: Server,
  sources: Sources,
  wanted: ReadonlySet<number>,
): Promise<readonly ApprovedMigration[]> {
  const { migrations } = sources.history;
  const indices = [...wanted].sort((a, b) => a - b);
  const files = indices.map((index) => migrations[index]?.up.file ?? "");
  const linted = await lintOn(project, server, sources, { selection: { files } });
  const from = indices[0] ?? 0;
  const { database, searchPath } = await historyBefore(project, server, sources, from);
  await using _database = database;
  const walk = await walkHistory(project, database, {
    migrations: migrations.slice(from, (indices.at(-1) ?? -1) + 1),
    searchPath,
  });
  return indices.map((index): ApprovedMigration => {
    const migration = migrationAt(sources, index);
    const findings = linted.migrations.find(({ version, name }) =>
      version === migration.version && name === migration.name
    )?.findings ?? [];
    const { up, down, again } = walk.verdicts[index - from] ??
      { up: "error", down: "missing", again: "not-run" };
    return { index, findings, proof: { up, down, again } };
  });
}

/** The migration of an index. */
export function migrationAt({ history: { migrations } }: Sources, index: number): Migration {
  const migration = migrations[index];
  if (migration === undefined) throw new Error(`There is no migration ${index}`);
  return migration;
}

/** What the statements of UP do. */
export async function operationsOf(
  project: Project,
  { up }: Migration,
): Promise<readonly Operation[]> {
  const { engine } = project;
  const found: Operation[] = [];
  for (const { sql } of statementsOf(up, { engine, folder: folderOf(project) })) {
    found.push(...await engine.operations?.(sql) ?? []);
  }
  return found;
}

/** A migration as a record speaks of it. */
export function presentOf(
  sources: Sources,
  { index, findings, proof }: ApprovedMigration,
): Present {
  const migration = migrationAt(sources, index);
  const earlier = sources.history.migrations.slice(0, index);
  return {
    migration: label(migration),
    files: filesOf(sources, migration),
    history: hashOf(JSON.stringify(earlier.map((one) => [label(one), filesOf(sources, one)]))),
    findings: [...new Set(findings.map(({ code, severity }) => `${code} ${severity}`))].sort(),
    proof,
  };
}

function filesOf({ files }: Sources, migration: Migration): Readonly<Record<string, string>> {
  const own = new Set([...migration.files, migration.up.file]);
  const texts = files.filter(({ path }) => own.has(path));
  return Object.fromEntries(texts.map(({ path, text }) => [path, hashOf(text)]));
}

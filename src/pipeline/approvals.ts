/** `aim approve`: signed records over migrations, and whether those that the policy asks for are there. */

import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Circumstances, type Need, needsOf } from "../approvals/needs.ts";
import {
  type ApprovalRecord,
  hashOf,
  NAMESPACE,
  objection,
  type Present,
  renderRecord,
} from "../approvals/record.ts";
import { UsageError } from "../core/error.ts";
import type { Finding } from "../core/finding.ts";
import type { Operation } from "../core/operation.ts";
import type { Migration } from "../formats/format.ts";
import { signFile, type SigningKey } from "../host/signatures.ts";
import type { Server } from "../runtimes/runtime.ts";
import { type OpenPolicy, openPolicy } from "./approvals/open_policy.ts";
import { APPROVALS_FOLDER, fileNameOf, readRecords, signerOf } from "./approvals/records.ts";
import { lintOn } from "./lint.ts";
import { type LintSelection, selected } from "./lint/select.ts";
import { folderOf, type Project } from "./project.ts";
import { createHistoryDatabase } from "./scratch/create_database.ts";
import { statementsOf } from "./scratch/run_script.ts";
import { label } from "./scratch/snapshot.ts";
import { walkHistory } from "./scratch/walk_history.ts";
import { startServer } from "./serve.ts";
import { readHistoryAlone, type Sources } from "./sources.ts";

/** A migration with what was found of it. */
export interface ApprovedMigration {
  /** Its place in the history. */
  readonly index: number;
  readonly findings: readonly Pick<Finding, "code" | "severity">[];
  /** How it fared on a scratch database; null where it was not run. */
  readonly proof: ApprovalRecord["proof"] | null;
}

/** An approval that counts. */
export interface GivenApproval {
  readonly by: string;
  readonly at: string;
  readonly expires: string | null;
  readonly reason: string | null;
  readonly kind: "ssh" | "gpg";
  /** Below the folder of aim.toml. */
  readonly file: string;
}

/** A need of a migration, and who met it. */
export interface NeedState extends Need {
  readonly given: readonly string[];
  /** How many are missing. */
  readonly missing: number;
}

/** Where a migration stands. */
export interface MigrationApprovals {
  /** `00002_drop_nick`. */
  readonly migration: string;
  readonly isApproved: boolean;
  readonly needs: readonly NeedState[];
  readonly given: readonly GivenApproval[];
  /** Records that do not count, and why. */
  readonly refused: readonly { readonly file: string; readonly why: string }[];
}

/** What was found. */
export interface ApprovalsOutcome {
  readonly outcome: "approved" | "missing";
  readonly migrations: readonly MigrationApprovals[];
  readonly environment: string | null;
  readonly notes: readonly string[];
}

/** By which policy, and where and when the migrations are to run. */
export interface ApprovalTerms extends Circumstances {
  /** The git revision whose policy and keys count, so that a branch cannot change them for itself; null for those of the folder. */
  readonly policyFrom: string | null;
}

/** What is checked. */
export interface CheckApprovalsOptions extends ApprovalTerms {
  readonly selection: LintSelection;
}

/** Lints and proves the selected migrations, and says whether each has the approvals that the policy asks for. */
export async function checkApprovals(
  project: Project,
  options: CheckApprovalsOptions,
): Promise<ApprovalsOutcome> {
  const sources = await readHistoryAlone(project);
  const wanted = await selected(project, sources, options.selection);
  const found = await approvalsFor(project, sources, wanted, options);
  return outcomeOf(project, found, options.environment);
}

/** The same for migrations of sources that are read, by their indices; none, and no server started, where there is no policy. */
export async function approvalsFor(
  project: Project,
  sources: Sources,
  wanted: ReadonlySet<number>,
  terms: ApprovalTerms,
): Promise<readonly MigrationApprovals[]> {
  await using policy = await openPolicy(project.config.root, terms.policyFrom);
  if (policy === null || wanted.size === 0) return [];
  await using server = await startServer(project, sources);
  const examined = await examineAll(project, server, sources, wanted);
  return await approvalsOf(project, sources, { examined, policy, circumstances: terms });
}

function outcomeOf(
  { notes }: Project,
  migrations: readonly MigrationApprovals[],
  environment: string | null,
): ApprovalsOutcome {
  const isApproved = migrations.every((one) => one.isApproved);
  return {
    outcome: isApproved ? "approved" : "missing",
    migrations,
    environment,
    notes: [...notes],
  };
}

/** The same for migrations that were examined already; starts no server. */
export async function approvalsOf(
  project: Project,
  sources: Sources,
  { examined, policy, circumstances }: {
    readonly examined: readonly ApprovedMigration[];
    readonly policy: OpenPolicy;
    readonly circumstances: Circumstances;
  },
): Promise<readonly MigrationApprovals[]> {
  const found: MigrationApprovals[] = [];
  for (const one of examined) {
    const present = presentOf(sources, one);
    const migration = migrationAt(sources, one.index);
    const operations = await operationsOf(project, migration);
    const needs = needsOf(policy.policy, { findings: one.findings, operations }, circumstances);
    const records = await recordsFor(project, { present, policy, now: circumstances.now });
    found.push(stateOf(present.migration, needs, records));
  }
  return found;
}

interface Records {
  readonly given: readonly GivenApproval[];
  readonly refused: MigrationApprovals["refused"];
}

/** The records of a migration that count, and those that do not, by their signatures and by what is present. */
export async function recordsFor(
  { config }: Project,
  { present, policy, now }: {
    readonly present: Present;
    readonly policy: OpenPolicy;
    readonly now: Date;
  },
): Promise<Records> {
  const given: GivenApproval[] = [];
  const refused: { readonly file: string; readonly why: string }[] = [];
  for (const read of await readRecords(config.root, present.migration)) {
    const { file, record } = read;
    if (record === null) {
      refused.push({ file, why: "it is no record of an approval" });
      continue;
    }
    const signer = await signerOf(read, policy);
    const why = "why" in signer
      ? signer.why
      : objection(record, present, { now, maxAge: policy.policy.expires });
    if (why !== null || "why" in signer) refused.push({ file, why: why ?? "" });
    else {
      const { by, at, expires, reason } = record;
      given.push({ by, at, expires, reason, kind: signer.kind, file });
    }
  }
  return { given, refused };
}

function stateOf(
  migration: string,
  needs: readonly Need[],
  { given, refused }: Records,
): MigrationApprovals {
  const people = [...new Set(given.map(({ by }) => by))];
  const states = needs.map((need): NeedState => {
    const met = people.filter((person) => need.people.includes(person));
    return { ...need, given: met, missing: Math.max(0, need.count - met.length) };
  });
  const isApproved = states.every(({ missing }) => missing === 0);
  return { migration, isApproved, needs: states, given, refused };
}

/** Lints and proves migrations. */
async function examineAll(
  project: Project,
  server: Server,
  sources: Sources,
  wanted: ReadonlySet<number>,
): Promise<readonly ApprovedMigration[]> {
  const { migrations } = sources.history;
  const indices = [...wanted].sort((a, b) => a - b);
  const files = indices.map((index) => migrations[index]?.up.file ?? "");
  const linted = await lintOn(project, server, sources, { selection: { files } });
  await using database = await createHistoryDatabase(project, server, sources);
  const from = indices[0] ?? 0;
  const walk = await walkHistory(project, database, {
    migrations: migrations.slice(0, (indices.at(-1) ?? -1) + 1),
    from,
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

function migrationAt({ history: { migrations } }: Sources, index: number): Migration {
  const migration = migrations[index];
  if (migration === undefined) throw new Error(`There is no migration ${index}`);
  return migration;
}

async function operationsOf(project: Project, { up }: Migration): Promise<readonly Operation[]> {
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

/** Who approves what, and with which key. */
export interface ApproveOptions {
  /** File of the migration; null for the last one. */
  readonly file: string | null;
  readonly by: string;
  readonly key: SigningKey;
  readonly reason: string | null;
  /** Milliseconds that it counts; null without end. */
  readonly age: number | null;
  readonly now: Date;
}

/** An approval that was written. */
export interface ApproveOutcome {
  readonly outcome: "signed";
  readonly migration: string;
  readonly record: ApprovalRecord;
  /** Below the folder of aim.toml. */
  readonly files: readonly string[];
  /** Whether the record counts by the policy and keys that are here; null without a policy. */
  readonly counts: { readonly isGood: boolean; readonly why: string | null } | null;
  readonly notes: readonly string[];
}

/** Lints and proves a migration, and signs what came out. Throws UsageError where there is none or it does not run. */
export async function approve(project: Project, options: ApproveOptions): Promise<ApproveOutcome> {
  const { config } = project;
  const sources = await readHistoryAlone(project);
  const selection = options.file === null ? { latest: 1 } : { files: [options.file] };
  const wanted = await selected(project, sources, selection);
  if (wanted.size === 0) {
    throw new UsageError("Cannot approve: there is no migration", { code: "no-migration" });
  }
  await using policy = await openPolicy(config.root, null);
  await using server = await startServer(project, sources);
  const [examined] = await examineAll(project, server, sources, wanted);
  if (examined === undefined || examined.proof === null) throw new Error("Nothing was examined");
  const present = presentOf(sources, examined);
  if (examined.proof.up === "error") {
    throw new UsageError(`Cannot approve ${present.migration}: it does not run`, {
      code: "up-fails",
      hint: "aim validate says why",
    });
  }
  const { by, reason, age, now } = options;
  const record: ApprovalRecord = {
    aim: 1,
    migration: present.migration,
    files: present.files,
    history: present.history,
    findings: present.findings,
    proof: examined.proof,
    by,
    at: now.toISOString(),
    expires: age === null ? null : new Date(now.getTime() + age).toISOString(),
    reason,
  };
  const files = await writeSigned(config.root, record, options.key);
  return {
    outcome: "signed",
    migration: present.migration,
    record,
    files,
    counts: policy === null
      ? null
      : await countsOf(project, files[0] ?? "", { present, policy, now }),
    notes: [...project.notes],
  };
}

async function countsOf(
  project: Project,
  file: string,
  options: { readonly present: Present; readonly policy: OpenPolicy; readonly now: Date },
): Promise<NonNullable<ApproveOutcome["counts"]>> {
  const { given, refused } = await recordsFor(project, options);
  if (given.some((one) => one.file === file)) return { isGood: true, why: null };
  return { isGood: false, why: refused.find((one) => one.file === file)?.why ?? "it is not found" };
}

/** Writes a record and its signature; gives their paths. Nothing stays where signing fails. */
async function writeSigned(
  root: string,
  record: ApprovalRecord,
  key: SigningKey,
): Promise<readonly string[]> {
  const folder = `${APPROVALS_FOLDER}/${fileNameOf(record.migration)}`;
  const file = `${folder}/${fileNameOf(record.by)}.json`;
  const signatures = { ssh: `${file}.sig`, gpg: `${file}.asc` };
  await mkdir(join(root, folder), { recursive: true });
  for (const old of Object.values(signatures)) await rm(join(root, old), { force: true });
  const path = join(root, file);
  await rm(path, { force: true });
  await writeFile(path, renderRecord(record), { flag: "wx" });
  const signature = signatures[key.kind];
  try {
    await signFile(key, { file: path, signature: join(root, signature), namespace: NAMESPACE });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return [file, signature];
}

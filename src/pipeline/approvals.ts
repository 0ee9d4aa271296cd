/** `aim approve`: signed records over migrations, and whether those that the policy asks for are there. */

import { type Circumstances, type Need, needsOf } from "../approvals/needs.ts";
import type { ApprovalRecord, Present } from "../approvals/record.ts";
import { UsageError } from "../core/error.ts";
import type { SigningKey } from "../host/signatures.ts";
import { type GivenApproval, type Records, recordsFor } from "./approvals/counted.ts";
import {
  type ApprovedMigration,
  examineAll,
  migrationAt,
  operationsOf,
  presentOf,
} from "./approvals/examined.ts";
import { type OpenPolicy, openPolicy } from "./approvals/open_policy.ts";
import { writeSigned } from "./approvals/write_signed.ts";
import { type LintSelection, selected } from "./lint/select.ts";
import type { Project } from "./project.ts";
import { startServer } from "./serve.ts";
import { readHistoryAlone, type Sources } from "./sources.ts";

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

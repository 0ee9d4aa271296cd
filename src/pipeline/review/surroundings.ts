/** What is known around a migration that is reviewed: sizes of production, who uses what changes, what the policy asks for. */

import { needsOf } from "../../approvals/needs.ts";
import type { LintedMigration, LintedStatement } from "../../core/outcome.ts";
import type { Migration } from "../../formats/format.ts";
import { operationsOf } from "../approvals/examined.ts";
import { openPolicy } from "../approvals/open_policy.ts";
import { impact } from "../impact.ts";
import { readTableSizes } from "../lint/stats_file.ts";
import type { Project } from "../project.ts";

/** Each a list of lines. */
export interface Surroundings {
  readonly sizes: readonly string[];
  readonly uses: readonly string[];
  readonly policy: readonly string[];
}

/** The most uses that are told. */
const MOST_USES = 20;

/** Reads what there is. Throws UsageError for a file of sizes or a policy that cannot be read. */
export async function surroundingsOf(
  project: Project,
  migration: Migration,
  linted: LintedMigration,
): Promise<Surroundings> {
  return {
    sizes: await sizesOf(project, linted.statements),
    uses: await usesOf(project, migration),
    policy: await policyOf(project, migration, linted),
  };
}

async function sizesOf(
  { config }: Project,
  statements: readonly LintedStatement[],
): Promise<readonly string[]> {
  const sizes = await readTableSizes(config.root);
  if (sizes === null) return [];
  const touched = new Set(statements.flatMap(({ measured }) =>
    measured === null ? [] : [
      ...measured.locks.map(({ relation }) => relation),
      ...measured.rewrites,
      ...measured.scans,
      ...measured.builds,
    ]
  ));
  const tables = [...touched].flatMap((name) => {
    const size = sizes.get(name) ?? sizes.get(name.slice(name.indexOf(".") + 1));
    if (size === undefined) return [];
    const bytes = size.bytes === null ? "" : `, ${size.bytes.toLocaleString("en")} bytes`;
    return [`${name}: ${size.rows.toLocaleString("en")} rows${bytes}`];
  });
  const times = statements.flatMap(({ estimates = [] }, at) =>
    estimates.map(({ table, work, low, high }) =>
      `statement ${at + 1}: the ${work} of ${table} takes ${seconds(low)} to ${seconds(high)}`
    )
  );
  return [...tables, ...times];
}

function seconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en")} s`;
}

async function usesOf(project: Project, { up }: Migration): Promise<readonly string[]> {
  const { uses } = await impact(project, {
    of: { file: up.file },
    paths: [],
    repositories: [],
    stated: { renames: [], answers: new Map() },
  });
  const lines = uses.slice(0, MOST_USES).map(({ certainty, file, line, why }) =>
    `${certainty}: ${file}:${line}: ${why}`
  );
  return uses.length <= MOST_USES ? lines : [...lines, `and ${uses.length - MOST_USES} more`];
}

async function policyOf(
  project: Project,
  migration: Migration,
  { findings }: LintedMigration,
): Promise<readonly string[]> {
  await using open = await openPolicy(project.config.root, null);
  if (open === null) return [];
  const operations = await operationsOf(project, migration);
  const needs = needsOf(open.policy, { findings, operations }, {
    environment: null,
    now: new Date(),
  });
  return needs.map(({ by, count, because }) => `${count} of ${by} must approve: ${because}`);
}

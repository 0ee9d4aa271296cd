/** Approvals that new migrations lack, by the policy of the branch that they are merged into. */

import type { Finding } from "../../core/finding.ts";
import type { LintOutcome, ValidateOutcome } from "../../core/outcome.ts";
import { approvalsOf, type ApprovalTerms } from "../approvals.ts";
import type { ApprovedMigration } from "../approvals/examined.ts";
import { lacking } from "../approvals/lacking.ts";
import { openPolicy } from "../approvals/open_policy.ts";
import { folderOf, type Project } from "../project.ts";
import type { Sources } from "../sources.ts";

/** What was found of the new migrations; null where they do not even run. */
interface Proven {
  readonly validated: ValidateOutcome | null;
  readonly linted: LintOutcome | null;
  /** Their places in the history. */
  readonly indices: ReadonlySet<number>;
  readonly terms: ApprovalTerms;
}

/** A finding at the file of each migration that lacks one. Comments of the migration do not allow it. */
export async function approvalFindings(
  project: Project,
  sources: Sources,
  { validated, linted, indices, terms }: Proven,
): Promise<readonly Finding[]> {
  if (validated === null || linted === null) return [];
  await using policy = await openPolicy(project.config.root, terms.policyFrom);
  if (policy === null) return [];
  const { migrations } = sources.history;
  const examined = [...indices].sort((a, b) => a - b).flatMap(
    (index): readonly ApprovedMigration[] => {
      const verdict = validated.migrations[index - validated.earlier];
      const { version, name } = migrations[index] ?? {};
      const found = linted.migrations.find((one) => one.version === version && one.name === name);
      if (verdict === undefined) return [];
      const { up, down, again } = verdict;
      return [{ index, findings: found?.findings ?? [], proof: { up, down, again } }];
    },
  );
  const approvals = await approvalsOf(project, sources, {
    examined,
    policy,
    circumstances: terms,
  });
  return approvals.flatMap((one, at): readonly Finding[] => {
    const lack = lacking(one);
    if (lack === null) return [];
    const file = migrations[examined[at]?.index ?? 0]?.up.file ?? "";
    return [{
      code: "approval-missing",
      severity: "error",
      ...lack,
      migration: one.migration,
      place: { file: folderOf(project) + file, line: 1, column: 1 },
    }];
  });
}

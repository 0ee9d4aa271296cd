/** What a migration lacks, in words. */

import { APPROVALS_FOLDER } from "./records.ts";
import type { MigrationApprovals } from "../approvals.ts";

/** A sentence and what to do; null where nothing is missing. */
export function lacking(
  { migration, isApproved, needs, refused }: MigrationApprovals,
): { readonly message: string; readonly hint: string } | null {
  if (isApproved) return null;
  const open = needs.filter(({ missing }) => missing > 0);
  const asked = open.map(({ by, missing, because }) => `${missing} of ${by} (${because})`);
  const notCounted = refused.map(({ file, why }) =>
    `${file.slice(APPROVALS_FOLDER.length + 1)} does not count: ${why}`
  );
  const people = [
    ...new Set(open.flatMap((one) => one.people.filter((person) => !one.given.includes(person)))),
  ];
  return {
    message: [`${migration} is not approved: it needs ${asked.join(" and ")}`, ...notCounted]
      .join("; "),
    hint: people.length === 0
      ? "aim.policy.toml names nobody who could give it"
      : `\`aim approve\` signs it, by ${people.join(", ")}`,
  };
}

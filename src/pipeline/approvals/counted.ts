/** Which records of a migration count, by their signatures and by what is present. */

import { objection, type Present } from "../../approvals/record.ts";
import type { Project } from "../project.ts";
import type { OpenPolicy } from "./open_policy.ts";
import { readRecords, signerOf } from "./records.ts";

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

/** What there is for a migration. */
export interface Records {
  readonly given: readonly GivenApproval[];
  /** Records that do not count, and why. */
  readonly refused: readonly { readonly file: string; readonly why: string }[];
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

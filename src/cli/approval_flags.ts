/** Flags of the commands that look whether migrations are approved. */

import type { ApprovalTerms } from "../pipeline/mod.ts";
import type { Context, Flag } from "./command.ts";

/** Where the migrations are to run. */
export const ENVIRONMENT_FLAG: Flag = {
  name: "env",
  value: "NAME",
  summary: "The environment that approvals are for; what any asks for when absent",
};

/** Where, and by whose policy. */
export const APPROVAL_FLAGS: readonly Flag[] = [
  ENVIRONMENT_FLAG,
  {
    name: "policy-from",
    value: "REF",
    summary: "Take aim.policy.toml and its keys from a branch or commit",
  },
];

/** What the flags say, now. */
export function approvalTerms({ flags }: Pick<Context, "flags">): ApprovalTerms {
  return {
    environment: flags.text("env"),
    policyFrom: flags.text("policy-from"),
    now: new Date(),
  };
}

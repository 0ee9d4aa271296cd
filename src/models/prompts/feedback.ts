/** What a model is told about an answer that was refuted: terse, in one form, with the statement and what is left over. */

import type { Change } from "../../core/change.ts";
import type { Proof } from "../../core/proof.ts";
import { changeLine, numberChanges } from "./brief.ts";

/** Where an answer failed. */
export type RefutedStage =
  | "parse"
  | "policy"
  | "apply_up"
  | "diff_up"
  | "data_up"
  | "apply_down"
  | "diff_down"
  | "data_down"
  | "reapply_up"
  | "lint";

/** Why an answer was refuted. */
export interface Refutation {
  readonly stage: RefutedStage;
  /** Which statement of its direction, from 1. */
  readonly statement?: number;
  readonly sql?: string;
  readonly error?: string;
  /** What differs from the schema that was expected. */
  readonly residual?: readonly Change[];
  /** What was proven before it failed. */
  readonly proven: string;
}

/** The most lines of a residual diff that are told. */
const MOST_CHANGES = 20;

/** Reads the refutation out of a proof that failed. */
export function refutationOf({ up, down, again }: Proof): Refutation {
  if (up.state === "error") return failed("apply_up", up, "nothing");
  if (up.state === "differs") {
    return { stage: "diff_up", residual: up.changes, proven: "UP runs; DOWN was not run" };
  }
  if (down.state === "error") return failed("apply_down", down, "UP gives AFTER");
  if (down.state === "differs") {
    return { stage: "diff_down", residual: down.changes, proven: "UP gives AFTER; DOWN runs" };
  }
  const before = "UP gives AFTER; DOWN gives BEFORE";
  if (again.state === "error") return failed("reapply_up", again, before);
  return {
    stage: "reapply_up",
    ...(again.state === "differs" ? { residual: again.changes } : {}),
    proven: before,
  };
}

/** The message to the model. */
export function feedbackText(
  refutation: Refutation,
  attempt: { readonly number: number; readonly of: number },
): string {
  const { stage, statement, sql, error, proven } = refutation;
  const residual = leftOver(refutation);
  const at = statement === undefined ? "" : `, statement ${statement}`;
  return [
    `attempt ${attempt.number}/${attempt.of} FAILED at ${stage}${at}`,
    ...(sql === undefined ? [] : [`sql: ${sql}`]),
    ...(error === undefined ? [] : [`error: ${error}`]),
    ...(residual === undefined ? [] : [
      `what the database has -> what is expected, after ${stage === "diff_down" ? "DOWN" : "UP"}:`,
      ...residual.slice(0, MOST_CHANGES).map((change) => `  ${changeLine(change)}`),
      ...(residual.length > MOST_CHANGES ? [`  and ${residual.length - MOST_CHANGES} more`] : []),
    ]),
    `proved so far: ${proven}`,
    "Answer again, completely, in the same form.",
  ].join("\n");
}

/** The same in half a line, for people: `apply_up, statement 3: column "x" does not exist`. */
export function refutedLine(refutation: Refutation): string {
  const { stage, statement, error } = refutation;
  const residual = leftOver(refutation);
  const at = statement === undefined ? "" : `, statement ${statement}`;
  const first = residual?.[0];
  const what = error ?? (first === undefined ? "" : changeLine(first));
  const more = residual === undefined || residual.length < 2
    ? ""
    : ` and ${residual.length - 1} more`;
  return `${stage}${at}${what === "" ? "" : `: ${what.split("\n")[0]}`}${more}`;
}

/** What differs; what goes with something that differs is left out. */
function leftOver({ residual }: Refutation): readonly Change[] | undefined {
  return residual && numberChanges(residual).map(({ change }) => change);
}

function failed(
  stage: RefutedStage,
  verdict: { readonly statement: number; readonly sql: string; readonly message: string },
  proven: string,
): Refutation {
  // The place of the file is this machine's business.
  const error = verdict.message.replace(/^\S+:\d+: /, "");
  return { stage, statement: verdict.statement, sql: verdict.sql, error, proven };
}

/** What a model is told about an answer that was refuted: terse, in one form, with the statement and what is left over. */

import type { Change } from "../../core/change.ts";
import type { Proof, RowsProof, Verdict } from "../../core/proof.ts";
import { changeLine, numberChanges } from "./brief.ts";

/** Where an answer failed. */
export type RefutedStage =
  | "parse"
  | "policy"
  | "edit"
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
  /** What the server said besides. */
  readonly detail?: string;
  readonly hint?: string;
  /** What differs from the schema that was expected. */
  readonly residual?: readonly Change[];
  /** What was proven before it failed. */
  readonly proven: string;
  /** What is wrong with the other direction, which was tried on its own. */
  readonly also?: Refutation;
}

/** The most lines of a residual diff that are told. */
const MOST_CHANGES = 20;

/** Reads the refutation out of a proof that failed. `alone` is how DOWN came out from AFTER where UP did not lead there. */
export function refutationOf(proof: Proof, alone?: Verdict): Refutation {
  const refutation = firstFailure(proof);
  const also = alone === undefined || /down/.test(refutation.stage) ? null : downFailure(alone);
  return also === null ? refutation : { ...refutation, also };
}

function downFailure(down: Verdict): Refutation | null {
  if (down.state === "error") return failed("apply_down", down, "nothing");
  if (down.state !== "differs") return null;
  return { stage: "diff_down", residual: down.changes, proven: "DOWN runs" };
}

function firstFailure({ up, down, again, rows }: Proof): Refutation {
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
  const isAgain = again.state === "exact" || again.state === "column-order" ||
    again.state === "not-run";
  const overRows = isAgain && rows !== undefined ? rowFailure(rows) : null;
  return overRows ?? {
    stage: "reapply_up",
    ...(again.state === "differs" ? { residual: again.changes } : {}),
    proven: before,
  };
}

/** What rows tell against an answer. Values of rows that are the user's own are not told. */
function rowFailure({ refused, lost, altered, checks, seeds }: RowsProof): Refutation | null {
  const proven = "UP gives AFTER; DOWN gives BEFORE";
  const [refusal] = refused;
  if (refusal !== undefined) {
    const { direction, statement, sql } = refusal;
    const message = refusal.message.replace(/^\S+:\d+: /, "");
    const error = `over rows: ${seeds === 0 ? message : withoutValues(message)}`;
    return { stage: direction === "down" ? "data_down" : "data_up", statement, sql, error, proven };
  }
  const [finding] = [...lost, ...altered];
  if (finding !== undefined) {
    const { direction, key, statement, text, canBeSaid } = finding;
    const error = key.startsWith("loss ")
      ? `${text} are lost, and no warning says so (destroys_data)`
      : canBeSaid
      ? `${text}; a loss must be stated (destroys_data)`
      : text;
    return {
      stage: direction === "down" ? "data_down" : "data_up",
      ...statement === null ? {} : { statement: statement.number, sql: statement.sql },
      error: `it touches what no change asks for: ${error}`,
      proven,
    };
  }
  const [check] = checks;
  if (check === undefined) return null;
  const stage = check.when === "down" ? "data_down" : "data_up";
  return { stage, error: `a check of the project does not hold: ${check.name}`, proven };
}

/** A message of the server without what may be a value; one may hold quotes of its own. */
function withoutValues(message: string): string {
  return message.replace(/".*"/s, "…").replace(/'.*'/s, "…").replace(/\(.*\)/s, "…")
    .replaceAll(/\b\d[\d.:-]*/g, "…");
}

/** The message to the model: what failed, and what is known of the other direction. */
export function feedbackText(
  refutation: Refutation,
  attempt: { readonly number: number; readonly of: number },
): string {
  const { also, proven } = refutation;
  return [
    `attempt ${attempt.number}/${attempt.of} FAILED at ${whereText(refutation)}`,
    ...failureLines(refutation),
    `proved so far: ${proven}`,
    ...(also === undefined ? [] : [
      `the other direction, tried on its own, FAILED at ${whereText(also)}`,
      ...failureLines(also),
    ]),
    "Answer again, completely, in the same form.",
  ].join("\n");
}

/** What failed, without the attempt: the statement, the error, and what is left over. */
export function failureLines(refutation: Refutation): readonly string[] {
  const { stage, sql, error, detail, hint } = refutation;
  const residual = leftOver(refutation);
  const after = stage === "diff_down" ? "DOWN" : "UP";
  return [
    ...(sql === undefined ? [] : [`sql: ${sql}`]),
    ...(error === undefined ? [] : [`error: ${error}`]),
    ...(detail === undefined ? [] : [`detail: ${detail}`]),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
    ...(residual === undefined ? [] : [
      `what the database has -> what is expected, after ${after}:`,
      ...residual.slice(0, MOST_CHANGES).map((change) => `  ${changeLine(change)}`),
      ...(residual.length > MOST_CHANGES ? [`  and ${residual.length - MOST_CHANGES} more`] : []),
    ]),
  ];
}

function whereText({ stage, statement }: Refutation): string {
  return `${stage}${statement === undefined ? "" : `, statement ${statement}`}`;
}

/** The same in half a line, for people: `apply_up, statement 3: column "x" does not exist`. */
export function refutedLine(refutation: Refutation): string {
  const { error } = refutation;
  const residual = leftOver(refutation);
  const first = residual?.[0];
  const what = error ?? (first === undefined ? "" : changeLine(first));
  const more = residual === undefined || residual.length < 2
    ? ""
    : ` and ${residual.length - 1} more`;
  return `${whereText(refutation)}${what === "" ? "" : `: ${what.split("\n")[0]}`}${more}`;
}

/** What differs; what goes with something that differs is left out. */
function leftOver({ residual }: Refutation): readonly Change[] | undefined {
  return residual && numberChanges(residual).map(({ change }) => change);
}

function failed(
  stage: RefutedStage,
  verdict: Extract<Verdict, { readonly state: "error" }>,
  proven: string,
): Refutation {
  // The place of the file is this machine's business.
  const error = verdict.message.replace(/^\S+:\d+: /, "");
  const { statement, sql, detail, hint } = verdict;
  return {
    stage,
    statement,
    sql,
    error,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    proven,
  };
}

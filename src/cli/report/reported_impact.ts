/** What `aim impact` found, as reports have it. */

import { type ImpactOutcome, said } from "../../pipeline/impact.ts";
import type { Reported } from "../write_reports.ts";
import { counted } from "./changes.ts";

/** A check for each thing that changes: whether code still uses it. */
export function impactReported(outcome: ImpactOutcome): Reported {
  const { targets, uses, findings, runtime, version, notes } = outcome;
  const isGood = outcome.outcome !== "refused";
  return {
    outcome: outcome.outcome,
    isGood,
    summary: uses.length === 0 ? "not used" : counted(uses.length, "use"),
    server: `${runtime} ${version}`,
    findings,
    checks: targets.map((target) => {
      const own = uses.filter((use) => use.target === target);
      const isFailed = own.some(({ certainty }) => certainty === "certain") ||
        own.length > 0 && !isGood;
      return {
        suite: "impact",
        name: `nothing uses ${target.kind} ${target.name}`,
        state: isFailed ? "failed" : "passed",
        code: isFailed ? "impact" : "",
        text: isFailed
          ? own.map(({ file, line, why }) => `${file}:${line}: ${why}`).join("\n")
          : "",
      };
    }),
    changes: targets.map((target) => `${target.kind} ${target.name} ${said(target)}`),
    sql: [],
    questions: [],
    notes,
  };
}

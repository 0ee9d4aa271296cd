/** What `aim check` found: about git and the live database, the proof of what is new, and what lint says of it. */

import type { CheckOutcome } from "../../pipeline/mod.ts";
import type { Paint } from "../paint.ts";
import { counted } from "./changes.ts";
import { renderLint } from "./lint.ts";
import { renderFindings } from "./migration.ts";
import { renderVerdicts } from "./verdicts.ts";

/** All of it; empty where nothing was run. */
export function renderCheck(outcome: CheckOutcome, paint: Paint, width: number): string {
  const { own, validated, linted } = outcome;
  const parts = [
    renderFindings(own, paint),
    validated === null ? "" : renderVerdicts(validated, paint),
    linted === null ? "" : renderLint(linted, paint, width),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

/** The last line. */
export function renderCheckSum(outcome: CheckOutcome, paint: Paint): string {
  const { base: { revision, commit }, fresh, findings, validated } = outcome;
  const against = `against ${revision === commit ? "" : `${revision} `}${
    paint.dim(commit.slice(0, 7))
  }`;
  if (outcome.outcome === "unchanged") {
    return `${paint.green("unchanged")}  nothing to prove ${against}\n`;
  }
  const grave = findings.filter(({ severity }) => severity === "error").length;
  const rest = findings.length - grave;
  const parts = [
    counted(fresh.length, "new migration"),
    ...(grave > 0 ? [paint.red(counted(grave, "error"))] : []),
    ...(rest > 0 ? [paint.yellow(counted(rest, "warning"))] : []),
  ];
  const place = validated === null
    ? ""
    : paint.dim(` on ${validated.runtime} ${validated.version}`);
  const verdict = outcome.outcome === "passed" ? paint.green("passed") : paint.red("failed");
  return `${verdict}  ${parts.join(", ")} ${against}${place}\n`;
}

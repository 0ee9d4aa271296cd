/** What `aim review` says: advice of a model, apart from what was measured. */

import type { Finding } from "../../core/finding.ts";
import { usageText } from "../../models/prices.ts";
import type { ReviewOutcome } from "../../pipeline/mod.ts";
import type { Paint } from "../paint.ts";
import { lintJson } from "./outcome_json.ts";
import { lintReported } from "./reported.ts";
import type { Reported } from "../write_reports.ts";

/** The advice, each with its statement and reason. */
export function renderAdvice({ advice, model, usage }: ReviewOutcome, paint: Paint): string {
  const took = paint.dim(`${model.name}, ${model.prompts.join(", ")}: ${usageText(usage)}`);
  if (advice.length === 0) return `\n${paint.bold("advice")}  none  ${took}\n`;
  return `\n${paint.bold("advice")} of a model, not measured  ${took}\n` +
    advice.map(({ migration, statement, severity, reason, instead, place }) => {
      const where = place === undefined
        ? migration
        : `${place.file}:${place.line}, statement ${statement}`;
      const mark = severity === "warning" ? paint.yellow("!") : paint.dim("·");
      return `  ${mark} ${reason}\n    ${paint.dim(where)}\n` +
        (instead === "" ? "" : `    instead: ${instead}\n`);
    }).join("");
}

/** `aim review --json`: that of `aim lint`, with the advice. */
export function reviewJson({ linted, advice, model, usage }: ReviewOutcome) {
  return { ...lintJson(linted), advice, model, usage };
}

/** Advice as findings of reports, none of which counts. */
export function reviewReported({ linted, advice }: ReviewOutcome): Reported {
  const reported = lintReported(linted);
  const found = advice.map(({ migration, reason, instead, place, severity }): Finding => ({
    code: "review",
    severity: severity === "warning" ? "warning" : "info",
    message: `a model says: ${reason}`,
    migration,
    direction: "up",
    ...(instead === "" ? {} : { hint: instead }),
    ...(place === undefined ? {} : { place }),
  }));
  return { ...reported, findings: [...reported.findings, ...found] };
}

/** What `aim impact` found, as reports have it. */

import { type ImpactOutcome, said } from "../../pipeline/impact.ts";
import type { Diagram } from "../../diagram/diagram.ts";
import { servicesDiagram } from "../../diagram/services.ts";
import { contentPolicy, viewer } from "../../diagram/viewer.ts";
import type { Reported } from "../write_reports.ts";
import { counted } from "./changes.ts";

/** A check for each thing that changes: whether code still uses it. */
export function impactReported(outcome: ImpactOutcome, isMap: boolean): Reported {
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
    ...details(outcome, isMap),
  };
}

/** The picture of who depends on what, where anybody does. */
function details(outcome: ImpactOutcome, isMap: boolean): Pick<Reported, "details"> {
  const drawn = impactDiagram(outcome, isMap);
  if (drawn.tables.length === 0) return {};
  const picture = viewer(drawn);
  return { details: { picture: { ...picture, policy: contentPolicy(picture.script) } } };
}

/** Services and what they use of what changes. */
export function impactDiagram({ targets, services }: ImpactOutcome, isMap: boolean): Diagram {
  const objects = targets.map((target) => ({
    name: target.name,
    table: target.column === null
      ? null
      : target.name.slice(0, target.name.length - target.column.length - 1),
    said: isMap ? "" : said(target),
    state: isMap
      ? "same" as const
      : target.change === "drop"
      ? "gone" as const
      : "changed" as const,
  }));
  return servicesDiagram(objects, services);
}

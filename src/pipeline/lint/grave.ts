/** Which findings make a run fail. */

import type { Finding } from "../../core/finding.ts";
import type { Project } from "../project.ts";

/** Whether a finding is as grave as `fail_on` says. */
export function isGrave(
  { config: { failOn } }: Pick<Project, "config">,
  { severity }: Pick<Finding, "severity">,
): boolean {
  return ORDER.indexOf(severity) >= ORDER.indexOf(failOn === "impact" ? "error" : failOn);
}

/** From harmless to grave; nothing is as grave as never. */
const ORDER: readonly string[] = ["info", "warning", "error", "never"];

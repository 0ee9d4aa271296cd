/** GitLab's code quality report: an array of findings with a fingerprint each. */

import { createHash } from "node:crypto";
import { pathInRepository, type ReportFormat } from "./report.ts";

/** The format. */
export const gitlab: ReportFormat = {
  name: "gitlab",
  title: "GitLab's code quality",
  render: (report) => {
    const seen = new Map<string, number>();
    const rows = report.findings.map((finding) => {
      const { code, severity, message, hint, object = "", migration = "", place } = finding;
      const path = pathInRepository(report, place?.file ?? "aim.toml");
      const about = JSON.stringify([code, path, object, migration, message]);
      const count = (seen.get(about) ?? 0) + 1;
      seen.set(about, count);
      return {
        description: hint === undefined ? message : `${message} (${hint})`,
        check_name: code,
        fingerprint: createHash("sha256").update(`${about}${count}`).digest("hex"),
        severity: code === "migration-unproven" ? "blocker" : SEVERITIES[severity],
        location: { path, lines: { begin: Math.max(1, place?.line ?? 1) } },
      };
    });
    return `${JSON.stringify(rows, null, 2)}\n`;
  },
};

const SEVERITIES = { error: "critical", warning: "major", info: "info" } as const;

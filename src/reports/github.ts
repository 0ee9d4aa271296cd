/** Workflow commands of GitHub Actions: an annotation for each of the worst findings. */

import type { Finding } from "../core/finding.ts";
import { pathInRepository, type Report, type ReportFormat } from "./report.ts";

/** The format. */
export const github: ReportFormat = {
  name: "github",
  title: "annotations of a GitHub workflow",
  render: (report) => {
    const shown = [
      ...worst(report, "error"),
      ...worst(report, "warning"),
      ...worst(report, "info"),
    ];
    const left = report.findings.length - shown.length;
    const lines = shown.map((finding) => annotation(finding, report));
    if (left > 0) lines.push(`::notice title=aim::${data(`${left} more findings`)}`);
    return lines.map((line) => `${line}\n`).join("");
  },
};

/** The most annotations of one kind that GitHub shows for a step. */
const MOST = 10;

const COMMANDS = { error: "error", warning: "warning", info: "notice" } as const;

function worst({ findings }: Report, severity: Finding["severity"]): readonly Finding[] {
  const room = severity === "info" ? MOST - 1 : MOST;
  return findings.filter((finding) => finding.severity === severity).slice(0, room);
}

function annotation(finding: Finding, report: Report): string {
  const { place, code, severity, message, hint } = finding;
  const where = place === undefined ? [] : [
    `file=${property(pathInRepository(report, place.file))}`,
    `line=${place.line}`,
    `col=${place.column}`,
  ];
  const text = hint === undefined ? message : `${message}\n${hint}`;
  return `::${COMMANDS[severity]} ${[...where, `title=${property(`aim ${code}`)}`].join(",")}::${
    data(text)
  }`;
}

/** The text of a command: nothing in it can begin another one. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

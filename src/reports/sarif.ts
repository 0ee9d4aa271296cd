/**
 * SARIF 2.1.0, as code scanning takes it (OASIS, and GitHub's own rules: a place for every result, a rule with help for each code).
 */

import { createHash } from "node:crypto";
import type { Finding } from "../core/finding.ts";
import { codeText } from "./codes.ts";
import { pathInRepository, type Report, type ReportFormat } from "./report.ts";

/** The format. */
export const sarif: ReportFormat = {
  name: "sarif",
  title: "SARIF 2.1.0, for code scanning",
  render: (report) => `${JSON.stringify(document(report), null, 2)}\n`,
};

/** The most results that code scanning takes in one run. */
const MOST_RESULTS = 25_000;

function document(report: Report): unknown {
  const findings = [...report.findings].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_RESULTS);
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  const prints = fingerprints(findings);
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: {
        driver: {
          name: "aim",
          semanticVersion: report.tool,
          rules: codes.map((code) => ruleOf(code, findings)),
        },
      },
      automationDetails: { id: `aim/${encodePath(report.folder) || "project"}/` },
      columnKind: "utf16CodeUnits",
      results: findings.map((finding, at) => ({
        ruleId: finding.code,
        ruleIndex: codes.indexOf(finding.code),
        level: LEVELS[finding.severity],
        message: {
          text: finding.hint === undefined
            ? finding.message
            : `${finding.message}\n${finding.hint}`,
        },
        locations: [{ physicalLocation: location(finding, report) }],
        partialFingerprints: { "aim/v1": prints[at] },
      })),
    }],
  };
}

const LEVELS = { error: "error", warning: "warning", info: "note" } as const;

function rank({ severity }: Finding): number {
  return ["error", "warning", "info"].indexOf(severity);
}

function ruleOf(code: string, findings: readonly Finding[]): unknown {
  const { title, help } = codeText(code);
  const severity = findings.find((finding) => finding.code === code)?.severity ?? "warning";
  const name = code.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return {
    id: code,
    name,
    shortDescription: { text: title },
    fullDescription: { text: help },
    help: { text: help, markdown: help },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ["database", "migration"],
      precision: "high",
      "problem.severity": severity === "info" ? "recommendation" : severity,
    },
  };
}

/** Where a finding without a place is shown: code scanning takes no result without one. */
const NO_PLACE = { file: "aim.toml", line: 1, column: 1 };

function location(finding: Finding, report: Report): unknown {
  const { file, line, column } = finding.place ?? NO_PLACE;
  return {
    artifactLocation: {
      uri: encodePath(pathInRepository(report, file)),
      uriBaseId: "%SRCROOT%",
    },
    region: { startLine: Math.max(1, line), startColumn: Math.max(1, column) },
  };
}

/** A path as a relative reference: a URI takes no blank, no quote and no `%` as they stand. */
function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** Of what a finding is about, and never of its line, so that it stays the same one when the file changes above it. */
function fingerprints(findings: readonly Finding[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ code, object = "", migration = "", direction = "", message, place }) => {
    const about = object === "" && migration === "" ? message.split("\n", 1)[0] : "";
    const parts = [code, place?.file ?? "", object, migration, direction, about];
    const print = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
    const count = (seen.get(print) ?? 0) + 1;
    seen.set(print, count);
    return `${print}:${count}`;
  });
}

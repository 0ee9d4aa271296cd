/** Markdown for a pull request or a job's summary. What comes from files and servers stands in code, where it cannot format or mention. */

import type { Finding } from "../core/finding.ts";
import { type Check, pathInRepository, type Report, type ReportFormat } from "./report.ts";

/** The format. */
export const markdown: ReportFormat = {
  name: "markdown",
  title: "Markdown, for a pull request or a job's summary",
  render: (report) => {
    const parts = [
      `### ${report.isGood ? "✅" : "❌"} aim ${plain(report.command)}: ${plain(report.summary)}`,
      checkTable(report.checks),
      findingList(report),
      questionList(report),
      changeList(report),
      ...report.sql.map(({ title, sql }) => details(plain(title), fenced(sql, "sql"))),
      footer(report),
    ];
    return `${fitting(parts.filter((part) => part !== "")).join("\n\n")}\n`;
  },
};

/** The most characters of a comment on GitHub, with room for a marker. */
const MOST = 65_000;

/** The parts that fit; what is left out is said. */
function fitting(parts: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let length = 0;
  for (const part of parts) {
    if (length + part.length + 2 > MOST - 200) continue;
    length += part.length + 2;
    kept.push(part);
  }
  if (kept.length === parts.length) return kept;
  const left = parts.length - kept.length;
  return [
    ...kept,
    `_${left} ${left === 1 ? "part" : "parts"} did not fit; the job's output has it._`,
  ];
}

function checkTable(checks: readonly Check[]): string {
  if (checks.length === 0) return "";
  const marks = { passed: "✅", failed: "❌", error: "❌", skipped: "➖" } as const;
  const shown = checks.length <= MOST_ROWS
    ? checks
    : checks.filter(({ state }) => state === "failed" || state === "error").slice(0, MOST_ROWS);
  const rows = shown.map(({ name, state, text }) =>
    `| ${code(name)} | ${marks[state]} ${state} | ${text === "" ? "" : cell(text)} |`
  );
  const left = checks.length - shown.length;
  const more = left === 0 ? "" : `\n\n${left} more ${left === 1 ? "check" : "checks"} not listed.`;
  return rows.length === 0
    ? more.trim()
    : ["| check | result | |", "| --- | --- | --- |", ...rows].join("\n") + more;
}

const MOST_ROWS = 40;

function findingList(report: Report): string {
  const { findings } = report;
  if (findings.length === 0) return "";
  const lines = findings.slice(0, MOST_ROWS).map((finding) => findingLine(finding, report));
  const left = findings.length - lines.length;
  if (left > 0) lines.push(`- ${left} more`);
  return lines.join("\n");
}

function findingLine(finding: Finding, report: Report): string {
  const { place, severity, message, hint } = finding;
  const where = place === undefined
    ? ""
    : ` ${code(`${pathInRepository(report, place.file)}:${place.line}`)}`;
  const text = hint === undefined ? message : `${message} (${hint})`;
  return `- **${severity}** ${code(finding.code)}${where}: ${cell(text)}`;
}

function questionList({ questions }: Report): string {
  return questions.map(({ question, flags }) =>
    [`- ❔ ${cell(question)}`, ...flags.map((flag) => `  - ${code(flag)}`)].join("\n")
  ).join("\n");
}

function changeList({ changes }: Report): string {
  if (changes.length === 0) return "";
  const shown = changes.slice(0, 200).map((line) => `- ${code(line)}`);
  const left = changes.length - shown.length;
  if (left > 0) shown.push(`- ${left} more`);
  return details(
    `${changes.length} ${changes.length === 1 ? "change" : "changes"}`,
    shown.join("\n"),
  );
}

function details(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

function footer({ server, tool, command }: Report): string {
  const where = server === null ? "" : ` on ${plain(server)}`;
  return `<sub>aim ${plain(tool)}${where}; the same here: <code>aim ${plain(command)}</code></sub>`;
}

/**
 * Words of aim's own with names in them: nothing of it is markup. A mention and a link are found in what an entity stands for as well,
 * so a blank without width parts them.
 */
function plain(text: string): string {
  return line(text).replaceAll(/[@#]|:(?=\/\/)|\bwww(?=\.)/gi, "$&\u200B").replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll(/[\\`*_{}[\]()#+!|~@]/g, (sign) => `&#${sign.codePointAt(0)};`);
}

/** Foreign text as code, on one line, in a table as well. */
function cell(text: string): string {
  return code(text.length > 600 ? `${text.slice(0, 600)} ...` : text);
}

function code(text: string): string {
  const flat = line(text).replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = flat.startsWith("`") || flat.endsWith("`") ? " " : "";
  return flat === "" ? "" : `${fence}${pad}${flat}${pad}${fence}`;
}

function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

function line(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
}

/** One HTML file without a network: verdicts, SQL and what it does, questions, findings, the schema as a picture, the history. All foreign text is escaped, and no script runs but the picture's own. */

import type { Finding } from "../core/finding.ts";
import { HTML_STYLE } from "./html_style.ts";
import {
  type Check,
  pathInRepository,
  type Report,
  type ReportedMigration,
  type ReportedRow,
  type ReportedStatement,
  type ReportedStep,
  type ReportFormat,
} from "./report.ts";

/** The format. */
export const html: ReportFormat = {
  name: "html",
  title: "one HTML page for people",
  render: (report) => {
    const sections = sectionsOf(report).filter(({ body }) => body !== "");
    const { picture = null } = report.details ?? {};
    const policy = picture?.policy ??
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    const title = `aim ${report.command}: ${report.summary}`;
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<title>${escaped(title)}</title>
<style>${HTML_STYLE}${picture?.style ?? ""}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>
<h1><span class="${report.isGood ? "good" : "bad"}">${report.isGood ? "✓" : "✗"}</span> ${
      escaped(report.summary)
    }</h1>
<p>${escaped(aboutOf(report))}</p>
<nav aria-label="Sections">${
      sections.map(({ id, title }) => `<a href="#${id}">${escaped(title)}</a>`).join(" ")
    }</nav>
</header>
<main id="main">
${sections.map(sectionHtml).join("\n")}
</main>
${picture === null ? "" : `<script>${picture.script}</script>\n`}</body>
</html>
`;
  },
};

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: string;
}

function sectionHtml({ id, title, body }: Section): string {
  return `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${
    escaped(title)
  }</h2>\n${body}</section>`;
}

function sectionsOf(report: Report): readonly Section[] {
  const { details = {} } = report;
  const { migrations = [], rows = [], steps = [], picture = null, diff = "" } = details;
  return [
    { id: "questions", title: "Open questions", body: questions(report) },
    { id: "verdicts", title: "Verdicts", body: verdicts(report.checks) },
    {
      id: "migration",
      title: migrations.length > 1 ? "Migrations" : "Migration",
      body: migrations.map(migrationHtml).join("\n") || plainSql(report),
    },
    { id: "rows", title: "Rows", body: rowsHtml(details.rowSummary ?? "", rows) },
    { id: "findings", title: "Findings", body: findings(report) },
    { id: "changes", title: "What differs", body: changes(report.changes, diff) },
    { id: "schema", title: "Schema", body: picture?.markup ?? "" },
    { id: "history", title: "History", body: history(steps, details.earlier ?? 0) },
    { id: "notes", title: "Notes", body: list(report.notes.map((note) => escaped(note))) },
  ];
}

function aboutOf({ server, tool, command, began }: Report): string {
  const when = began.toISOString().slice(0, 16).replace("T", " ");
  return `aim ${command}${server === null ? "" : `, on ${server}`}, ${when} UTC, version ${tool}`;
}

function questions({ questions }: Report): string {
  return list(
    questions.map(({ question, flags }) =>
      `${escaped(question)}${list(flags.map((flag) => `<code>${escaped(flag)}</code>`))}`
    ),
  );
}

const WORDS = { passed: "good", failed: "bad", error: "bad", skipped: "dim" } as const;

function verdicts(checks: readonly Check[]): string {
  if (checks.length === 0) return "";
  const rows = checks.map(({ name, state, text }) =>
    `<tr><td><code>${escaped(name)}</code></td><td class="state ${WORDS[state]}">${state}</td><td>${
      text === "" ? "" : `<pre>${escaped(text)}</pre>`
    }</td></tr>`
  );
  const table =
    `<div class="wide"><table><thead><tr><th scope="col">what</th><th scope="col">result</th><th scope="col">why</th></tr></thead><tbody>${
      rows.join("")
    }</tbody></table></div>`;
  const wrong = checks.filter(({ state }) => state === "failed" || state === "error").length;
  if (checks.length <= FEW) return table;
  return `<details${
    wrong > 0 ? " open" : ""
  }><summary>${checks.length} checks, ${wrong} of them failed</summary>${table}</details>`;
}

const FEW = 12;

function findings(report: Report): string {
  return report.findings.map((finding) => findingHtml(finding, report)).join("\n");
}

function findingHtml(finding: Finding, report: Report): string {
  const { code, severity, message, hint, place } = finding;
  const where = place === undefined
    ? ""
    : ` <code>${escaped(pathInRepository(report, place.file))}:${place.line}</code>`;
  return `<article class="finding ${severity}" id="code-${escaped(code)}"><h3>${severity} <code>${
    escaped(code)
  }</code>${where}</h3><pre>${escaped(message)}</pre>${
    hint === undefined ? "" : `<p>${escaped(hint)}</p>`
  }</article>`;
}

function migrationHtml({ name, kind, up, down, restores }: ReportedMigration): string {
  return `<article><h3><code>${escaped(name)}</code> <span class="dim">${escaped(kind)}</span></h3>
<h4>UP</h4>${statements(up)}
<h4>DOWN${restores === "" ? "" : `, ${escaped(restores)}`}</h4>${statements(down)}</article>`;
}

function statements(list: readonly ReportedStatement[]): string {
  if (list.length === 0) return `<p class="dim">none</p>`;
  return `<ol class="statements">${
    list.map(({ sql, why, effects, losses, codes }) =>
      `<li>${
        why === "" ? "" : `<p class="why">${escaped(why)}</p>`
      }<pre class="sql" tabindex="0"><code>${escaped(`${sql};`)}</code></pre>${
        marks("loss", losses)
      }${marks("effect", effects)}${
        codes.length === 0
          ? ""
          : `<p class="marks">${
            codes.map((code) =>
              `<a class="mark bad" href="#code-${escaped(code)}">${escaped(code)}</a>`
            )
              .join(" ")
          }</p>`
      }</li>`
    ).join("")
  }</ol>`;
}

function marks(kind: string, texts: readonly string[]): string {
  if (texts.length === 0) return "";
  return `<p class="marks">${
    texts.map((text) => `<span class="mark ${kind}">${escaped(text)}</span>`).join(" ")
  }</p>`;
}

function plainSql({ sql }: Report): string {
  return sql.map(({ title, sql }) =>
    `<h3>${escaped(title)}</h3><pre class="sql" tabindex="0"><code>${escaped(sql)}</code></pre>`
  ).join("\n");
}

function rowsHtml(summary: string, rows: readonly ReportedRow[]): string {
  const head = summary === "" ? "" : `<p>${escaped(summary)}</p>`;
  if (rows.length === 0) return head;
  const value = (text: string | null) =>
    text === null ? `<span class="dim">none</span>` : `<code>${escaped(text)}</code>`;
  return `${head}<div class="wide"><table><thead><tr><th scope="col">what</th><th scope="col">when</th><th scope="col">before</th><th scope="col">after</th><th scope="col"></th></tr></thead><tbody>${
    rows.map(({ subject, direction, before, after, text, isGood }) =>
      `<tr><td><code>${escaped(subject)}</code></td><td>${escaped(direction)}</td><td>${
        value(before)
      }</td><td>${value(after)}</td><td class="${isGood ? "" : "bad"}">${escaped(text)}</td></tr>`
    ).join("")
  }</tbody></table></div>`;
}

function changes(lines: readonly string[], diff: string): string {
  if (lines.length === 0 && diff === "") return "";
  const isLong = lines.length > FEW * 2;
  const body = list(lines.map((line) => `<code>${escaped(line)}</code>`));
  const shown = isLong
    ? `<details><summary>${lines.length} changes</summary>${body}</details>`
    : body;
  return diff === ""
    ? shown
    : `${shown}<details><summary>As DDL</summary>${diffHtml(diff)}</details>`;
}

function diffHtml(diff: string): string {
  const lines = diff.trimEnd().split("\n").map((line) => {
    const kind = /^(?:\+\+\+|---|@@)/.test(line)
      ? "dim"
      : line.startsWith("+")
      ? "new"
      : line.startsWith("-")
      ? "gone"
      : "";
    return kind === "" ? escaped(line) : `<span class="${kind}">${escaped(line)}</span>`;
  });
  return `<pre class="sql" tabindex="0"><code>${lines.join("\n")}</code></pre>`;
}

function history(steps: readonly ReportedStep[], earlier: number): string {
  if (steps.length === 0) return "";
  const items = [...steps].reverse().map(({ name, date, changes, diff }) =>
    `<li><details><summary><code>${escaped(name)}</code>${
      date === "" ? "" : ` <time>${escaped(date)}</time>`
    } <span class="dim">${
      changes.length === 0
        ? "no change of the schema"
        : changes.length === 1
        ? "1 change"
        : `${changes.length} changes`
    }</span></summary>${list(changes.map((line) => `<code>${escaped(line)}</code>`))}${
      diff === "" ? "" : diffHtml(diff)
    }</details></li>`
  );
  const more = earlier === 0 ? "" : `<li class="dim">${earlier} earlier</li>`;
  return `<ol class="timeline" reversed>${items.join("")}${more}</ol>`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "" : `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;
}

/** Text for an element or an attribute in double quotes. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

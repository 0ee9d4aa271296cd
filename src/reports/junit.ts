/** JUnit's XML, as the schema of Jenkins has it: a test for each direction of each migration. */

import type { Check, Report, ReportFormat } from "./report.ts";

/** The format. */
export const junit: ReportFormat = {
  name: "junit",
  title: "JUnit XML, a test for each direction of a migration",
  render: (report) => {
    const suites = Map.groupBy(report.checks, ({ suite }) => suite);
    const totals = `${counts(report.checks)} time="${time(report)}"`;
    const body = [...suites].map(([name, checks]) => suite(name, checks, report)).join("");
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="aim ${
      attribute(report.command)
    }" ${totals}>\n${body}</testsuites>\n`;
  },
};

function suite(name: string, checks: readonly Check[], report: Report): string {
  const skipped = checks.filter(({ state }) => state === "skipped").length;
  const when = report.began.toISOString().replace(/\.\d+Z$/, "");
  const server = report.server === null
    ? ""
    : `    <properties><property name="server" value="${
      attribute(report.server)
    }"/></properties>\n`;
  const head = `  <testsuite name="${attribute(name)}" ${
    counts(checks)
  } skipped="${skipped}" time="${time(report)}" timestamp="${when}">\n`;
  return `${head}${server}${checks.map(testcase).join("")}  </testsuite>\n`;
}

function testcase({ suite, name, state, code, text }: Check): string {
  const head = `    <testcase classname="${attribute(suite)}" name="${attribute(name)}" time="0"`;
  if (state === "passed") return `${head}/>\n`;
  if (state === "skipped") return `${head}><skipped/></testcase>\n`;
  const element = state === "error" ? "error" : "failure";
  const first = text.split("\n", 1)[0] ?? "";
  return `${head}><${element} type="${attribute(code)}" message="${attribute(first)}">${
    content(text)
  }</${element}></testcase>\n`;
}

function counts(checks: readonly Check[]): string {
  const of = (wanted: Check["state"]) => checks.filter(({ state }) => state === wanted).length;
  return `tests="${checks.length}" failures="${of("failed")}" errors="${of("error")}"`;
}

function time({ seconds }: Report): string {
  return seconds.toFixed(3);
}

/** Text without what XML 1.0 cannot hold, not even escaped. */
function content(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function attribute(text: string): string {
  return content(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;")
    .replaceAll("\r", "&#13;").replaceAll("\t", "&#9;");
}

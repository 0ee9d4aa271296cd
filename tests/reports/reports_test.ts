/** Report formats, over a report that is empty, one that is hard to write, and one that is long. */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { github } from "../../src/reports/github.ts";
import { gitlab } from "../../src/reports/gitlab.ts";
import { junit } from "../../src/reports/junit.ts";
import { markdown } from "../../src/reports/markdown.ts";
import { pathInRepository } from "../../src/reports/report.ts";
import { sarif } from "../../src/reports/sarif.ts";
import { EMPTY, HARD, MANY } from "./sample.ts";

interface Sarif {
  readonly runs: readonly [{
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly automationDetails: { readonly id: string };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly locations: readonly [{
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: { readonly startLine: number };
        };
      }];
      readonly partialFingerprints: Readonly<Record<string, string>>;
    }[];
  }];
}

const sarifOf = (text: string): Sarif["runs"][0] => (JSON.parse(text) as Sarif).runs[0];

Deno.test("SARIF without findings has a run with no results, which closes alerts", () => {
  const run = sarifOf(sarif.render(EMPTY));
  deepStrictEqual(run.results, []);
  deepStrictEqual(run.tool.driver.rules, []);
});

Deno.test("SARIF: every result has a rule, a place that is a URI below the root, and a fingerprint of its own", () => {
  const run = sarifOf(sarif.render(HARD));
  deepStrictEqual(run.results.map(({ level }) => level), ["error", "warning", "note"]);
  strictEqual(run.automationDetails.id, "aim/data%20base/%C3%A4/");
  const uris = run.results.map(({ locations: [{ physicalLocation }] }) =>
    physicalLocation.artifactLocation.uri
  );
  deepStrictEqual(uris, [
    "data%20base/%C3%A4/migrations/1%20a%25.sql",
    "data%20base/%C3%A4/aim.toml",
    "data%20base/%C3%A4/aim.toml",
  ]);
  for (const { ruleId, ruleIndex } of run.results) {
    strictEqual(run.tool.driver.rules[ruleIndex]?.id, ruleId);
  }
  const prints = run.results.map(({ partialFingerprints }) => partialFingerprints["aim/v1"]);
  strictEqual(new Set(prints).size, prints.length);
});

Deno.test("SARIF: a fingerprint does not change with the line", () => {
  const [finding] = HARD.findings;
  ok(finding?.place !== undefined);
  const moved = { ...finding, place: { ...finding.place, line: 99 } };
  const print = (one: typeof finding) =>
    sarifOf(sarif.render({ ...HARD, findings: [one] })).results[0]?.partialFingerprints["aim/v1"];
  strictEqual(print(moved), print(finding));
});

Deno.test("GitHub: a line for each annotation, whatever stands in a message, and the worst ten of a kind", () => {
  const lines = github.render(HARD).split("\n").slice(0, -1);
  strictEqual(lines.length, 3);
  strictEqual(
    lines[0],
    "::error file=data base/ä/migrations/1 a%25.sql,line=3,col=5,title=aim down-differs::" +
      `DOWN leaves table "a|b\`c"%0A100%25 :: set, it's%0D%0A::error::injected <b>\u0007%0Atake it back`,
  );
  const many = github.render(MANY).split("\n").slice(0, -1);
  strictEqual(many.filter((line) => line.startsWith("::error ")).length, 10);
  strictEqual(many.filter((line) => line.startsWith("::warning ")).length, 10);
  strictEqual(many.at(-1), "::notice title=aim::40 more findings");
  strictEqual(github.render(EMPTY), "");
});

Deno.test("GitLab: an array, each with a fingerprint of its own and a path below the root", () => {
  const rows = JSON.parse(gitlab.render(HARD)) as {
    fingerprint: string;
    severity: string;
    location: { path: string; lines: { begin: number } };
  }[];
  deepStrictEqual(rows.map(({ severity }) => severity), ["critical", "major", "info"]);
  strictEqual(rows[0]?.location.path, "data base/ä/migrations/1 a%.sql");
  strictEqual(rows[0]?.location.lines.begin, 3);
  strictEqual(new Set(rows.map(({ fingerprint }) => fingerprint)).size, 3);
  deepStrictEqual(JSON.parse(gitlab.render(EMPTY)), []);
});

Deno.test("JUnit: counts, failures with their place in text, and nothing that XML cannot hold", () => {
  const xml = junit.render(HARD);
  match(xml, /<testsuites name="aim validate" tests="4" failures="1" errors="1" time="1.500">/);
  match(xml, /timestamp="2026-01-02T03:04:05"/);
  match(xml, /name="1_a &quot;down&quot; &lt;&amp;&gt;"/);
  match(xml, /leaves\n\uFFFD \]\]&gt; &amp; &lt;x&gt; \|/);
  ok(!xml.includes("\u0007"));
  match(junit.render(EMPTY), /tests="0"/);
});

Deno.test("Markdown: names and SQL stand in code, and cannot end it", () => {
  const text = markdown.render(HARD);
  match(text, /&lt;script&gt; &#64;\u200Beveryone/);
  match(text, /````sql\nSELECT '```';\n-- @mention\n````/);
  match(text, /`` create table public\.`x` ``/);
  match(text, /``DOWN leaves table "a\\\|b`c" 100%/);
  ok(!text.replaceAll(/(`+)[\s\S]*?\1/g, "").includes("<b>"));
});

Deno.test("Markdown stays below what a comment can hold", () => {
  const sql = [{ title: "UP", sql: "x".repeat(70_000) }, { title: "DOWN", sql: "SELECT 1;" }];
  const text = markdown.render({ ...HARD, sql });
  ok(text.length < 65_536);
  match(text, /SELECT 1;/);
  match(text, /1 parts? did not fit/);
});

Deno.test("a path is below the root of the repository", () => {
  strictEqual(pathInRepository({ ...EMPTY, folder: "a/b" }, "../schema.sql"), "a/schema.sql");
  strictEqual(pathInRepository(EMPTY, "./x/../y.sql"), "y.sql");
});

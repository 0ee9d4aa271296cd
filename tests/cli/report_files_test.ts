/** `--report`, as a pipeline calls it. */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runAim, temporaryFolder } from "../run_aim.ts";

const PROJECT = {
  "aim.toml": 'engine = "sqlite"\nformat = "goose"\n',
  "schema.sql": "CREATE TABLE a (\n  id INTEGER PRIMARY KEY,\n  name TEXT,\n  more TEXT\n);\n",
  "migrations/00001_a.sql":
    "-- +goose Up\nCREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT);\n-- +goose Down\nSELECT 1;\n",
};

Deno.test("validate writes every report, also when the answer is no", async () => {
  await using folder = await temporaryFolder(PROJECT);
  const at = (name: string) => join(folder.path, "out", name);
  const names = ["sarif", "github", "gitlab", "junit", "markdown"];
  const flags = names.flatMap((name) => ["--report", `${name}=out/${name}`]);
  const { code, stdout } = await runAim(["validate", ...flags], { cwd: folder.path });
  strictEqual(code, 1);
  match(stdout, /invalid/);
  const sarif = JSON.parse(await readFile(at("sarif"), "utf8"));
  const found = sarif.runs[0].results.map((
    { ruleId, locations }: {
      ruleId: string;
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: string };
            region: { startLine: number };
          };
        },
      ];
    },
  ) => {
    const { artifactLocation, region } = locations[0].physicalLocation;
    return `${ruleId} ${artifactLocation.uri}:${region.startLine}`;
  });
  deepStrictEqual(found, ["down-differs migrations/00001_a.sql:1", "schema-differs schema.sql:4"]);
  match(await readFile(at("github"), "utf8"), /^::error file=migrations\/00001_a\.sql,line=1/);
  match(await readFile(at("junit"), "utf8"), /failures="3"/);
  match(await readFile(at("markdown"), "utf8"), /❌ aim validate/);
  strictEqual(JSON.parse(await readFile(at("gitlab"), "utf8")).length, 2);
});

Deno.test("a report is written, and valid, when nothing is found", async () => {
  await using folder = await temporaryFolder({
    ...PROJECT,
    "schema.sql": "CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT);\n",
  });
  const { code } = await runAim(["diff", "--report", "sarif=a.sarif"], { cwd: folder.path });
  strictEqual(code, 0);
  const sarif = JSON.parse(await readFile(join(folder.path, "a.sarif"), "utf8"));
  deepStrictEqual(sarif.runs[0].results, []);
});

Deno.test("an error of the run is reported with its place", async () => {
  await using folder = await temporaryFolder({
    ...PROJECT,
    "schema.sql": "CREATE TABLE a (\n  id INTEGER PRIMARY KEY,,\n);\n",
  });
  const { code, stdout } = await runAim(["diff", "--report", "github=-"], { cwd: folder.path });
  strictEqual(code, 2);
  match(stdout, /^::error file=schema\.sql,line=2,/m);
});

Deno.test("auto writes annotations and the job's summary in a GitHub workflow, and nothing elsewhere", async () => {
  await using folder = await temporaryFolder(PROJECT);
  const summary = join(folder.path, "summary.md");
  await writeFile(summary, "before\n");
  const variables = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary };
  const inside = await runAim(["diff", "--report", "auto"], { cwd: folder.path, variables });
  match(inside.stdout, /^::error file=schema\.sql/m);
  match(await readFile(summary, "utf8"), /^before\n### ❌ aim diff/);
  const outside = await runAim(["diff", "--report", "auto"], { cwd: folder.path });
  ok(!outside.stdout.includes("::error"));
});

Deno.test("a report that cannot be is an error before anything runs", async () => {
  await using folder = await temporaryFolder(PROJECT);
  for (
    const [value, text] of [["sarf=x", /did you mean sarif\?/], [
      "sarif",
      /--report sarif=FILE/,
    ]] as const
  ) {
    const { code, stderr } = await runAim(["diff", "--report", value], { cwd: folder.path });
    strictEqual(code, 2);
    match(stderr, text);
  }
});

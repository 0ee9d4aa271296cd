/**
 * Writes docs/accidents.md: for each accident the findings of `aim lint`, and beside them those of squawk where it reads the dialect.
 *
 *     deno task accidents --squawk PATH
 *
 * PATH is the program of the npm package squawk-cli.
 */

import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { type Accident, ACCIDENTS } from "./accidents/accidents.ts";
import { findingsOf } from "./accidents/find.ts";
import { CaseLinter } from "./lintcases/case_linter.ts";

/** Rules of squawk about style, which any statement here has. */
const STYLE: ReadonlySet<string> = new Set([
  "prefer-robust-stmts",
  "prefer-text-field",
  "prefer-bigint-over-int",
  "require-timeout-settings",
  "require-statement-timeout",
]);

/** Rules of squawk that speak of the same danger. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  "pg-index-not-concurrent": ["require-concurrent-index-creation"],
  "pg-concurrently-in-transaction": ["ban-concurrent-index-creation-in-transaction"],
  "rename-column": ["renaming-column"],
  "rename-table": ["renaming-table"],
  "add-required-column": ["adding-required-field", "adding-not-nullable-field"],
  "set-not-null-scan": ["adding-not-nullable-field"],
  "not-null-may-fail": ["adding-not-nullable-field"],
  "unique-may-fail": ["disallowed-unique-constraint"],
  "pg-unique-without-using-index": ["disallowed-unique-constraint"],
  "fk-validates-existing-rows": ["adding-foreign-key-constraint"],
  "fk-may-fail": ["adding-foreign-key-constraint"],
  "pg-validate-same-tx": ["constraint-missing-not-valid"],
  "check-may-fail": ["constraint-missing-not-valid"],
  "table-rewrite": ["changing-column-type"],
  "lossy-type-change": ["changing-column-type"],
  "statement-fails": ["changing-column-type"],
  "column-type-change": ["changing-column-type"],
  truncate: ["ban-truncate-cascade"],
  "drop-add-looks-like-rename": ["ban-drop-column"],
  "drop-column-drops-dependents": ["ban-drop-column"],
  "pg-volatile-default": ["adding-field-with-default"],
  "pg-missing-lock-timeout": ["require-lock-timeout", "require-timeout-settings"],
};

const { values: flags } = parseArgs({ options: { squawk: { type: "string" } } });
if (flags.squawk === undefined) {
  console.error("deno task accidents --squawk PATH: the program of the npm package squawk-cli");
  process.exit(2);
}
const squawk = flags.squawk;
const linter = new CaseLinter();
const version = spawnSync(squawk, ["--version"], { encoding: "utf8" }).stdout.trim();
const folder = await mkdtemp(join(tmpdir(), "aim-accidents-"));
const parts: string[] = [];
let told = 0;
try {
  for (const [index, accident] of ACCIDENTS.entries()) {
    parts.push(await section(index + 1, accident));
    console.log(`${index + 1} of ${ACCIDENTS.length}: ${accident.title}`);
  }
} finally {
  await rm(folder, { recursive: true });
}
await writeFile("docs/accidents.md", `${head()}\n${parts.join("\n")}`);
process.exit(0);

function head(): string {
  const count = ACCIDENTS.filter(({ engine }) => engine === "postgres").length;
  return `# ${ACCIDENTS.length} accidents

Migrations of kinds that went wrong in production at many places, each on a small schema with a few rows, and what \`aim lint\`
says of it. Nothing here is guessed from the text alone: the statements ran over the rows. Beside it
what ${version} says, which reads the text of Postgres' SQL and has no schema; of the ${count} for
Postgres it names this danger in ${told}.

\`scripts/accidents/accidents.ts\` has the schemas, the rows and the migrations; a test holds them
against their findings. This page is written by \`deno task accidents\`.
`;
}

async function section(number: number, accident: Accident): Promise<string> {
  const { title, story, engine, sql, code } = accident;
  const findings = await findingsOf(linter, accident);
  const found = findings.find((one) => one.code === code);
  if (found === undefined) throw new Error(`${title}: no ${code}`);
  const others = [...new Set(findings.map((one) => one.code))].filter((one) => one !== code);
  const said = engine === "postgres" ? await squawkSays(accident) : null;
  if (said?.isSame) told++;
  return [
    `## ${number}. ${title}\n`,
    `${story}\n`,
    "```sql",
    sql,
    "```\n",
    `- **aim** \`${code}\`: ${found.message.split("\n")[0]}`,
    ...others.length === 0 ? [] : [`- and ${others.map((one) => `\`${one}\``).join(", ")}`],
    ...said === null ? [] : [`- squawk: ${said.text}`],
    "",
  ].join("\n");
}

async function squawkSays(
  { sql, code }: Accident,
): Promise<{ readonly text: string; readonly isSame: boolean }> {
  const file = join(folder, "accident.sql");
  await writeFile(file, `${sql}\n`);
  const { stdout } = spawnSync(squawk, [file, "--reporter", "json"], { encoding: "utf8" });
  const rules: readonly { readonly rule_name: string }[] = JSON.parse(stdout);
  const names = [...new Set(rules.map(({ rule_name }) => rule_name))].filter((name) =>
    !STYLE.has(name)
  );
  const text = names.length === 0 ? "nothing" : names.map((name) => `\`${name}\``).join(", ");
  return { text, isSame: names.some((name) => SAME[code]?.includes(name)) };
}

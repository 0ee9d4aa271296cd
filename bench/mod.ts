/**
 * Measures aim from cold processes and writes the tables of docs/performance.md.
 *
 *     deno task bench [--runs N] [--quick] [--histories DIR]
 */

import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { cpus, homedir, loadavg, release, tmpdir, totalmem, type } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import {
  type Dialect,
  exampleProject,
  longProject,
  realProject,
  sizedProject,
} from "./fixtures.ts";
import { type Cost, measure, type Program } from "./measure.ts";
import { patternTime } from "./pattern_time.ts";
import { planTime } from "./plan_time.ts";
import { EXAMPLES, rowsRatio, runtimeRows } from "./runtimes.ts";
import { scratchTime } from "./scratch_time.ts";
import { splitTime } from "./split_time.ts";
import { textTimes } from "./text_time.ts";
import { watchTime } from "./watch_time.ts";

const { values: flags } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    quick: { type: "boolean", default: false },
    histories: { type: "string", default: "../shared/histories" },
  },
});

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIALECTS: readonly Dialect[] = ["postgres", "sqlite"];
const SIZES = flags.quick ? [10, 100] : [10, 100, 500, 2000];
const runs = Number(flags.runs);

/** What stands between these marks in docs/performance.md is written here, the rest by hand. */
const START = "<!-- made by `deno task bench` -->";
const END = "<!-- end -->";

const programs = await programsHere();
const folder = await mkdtemp(join(tmpdir(), "aim-bench-"));
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  });
}
try {
  const text = [
    "## Commands, from a cold process",
    "",
    machine(),
    await commandTable(),
    "",
    await scratchLine(),
    "",
    patternLine(),
    "",
    await splitLine(),
    "",
    "## By the runtime",
    "",
    "The examples: `diff` and the first proof from a cold process, and one more scratch database on a server that runs already.",
    "What a runtime keeps between runs was made before.",
    "",
    await runtimeTable(),
    "",
    "## By the number of tables",
    "",
    "`diff` in sync, and `generate --dry-run` of a column added to the last or the first table; `plan` is the planner alone, without a",
    "database. The history is one migration, a copy of the schema: up to the change, both run as one.",
    "",
    await sizeTable(),
    "",
    "## By the length of the history",
    "",
    "`validate` of all migrations, and of the last one: the first run replays those before it and keeps what they leave, the second begins",
    "there. Memory should not grow with the number of migrations, but for what there is more of in the schema.",
    "",
    await lengthTable(),
    "",
    "## An answer of `diff --watch`",
    "",
    "From a saved schema.sql of 50 tables to the difference, where the edits are in the last and in the first table.",
    "",
    await watchTable(),
    "",
    "## Hostile text",
    "",
    "What reads answers, output and DDL, on 1 MB and on 8 MB of the text that is worst for it: about 8 times where it is linear.",
    "",
    textTable(),
    "",
  ].join("\n");
  console.log(text);
  await writeSection(join(ROOT, "docs/performance.md"), text);
  await promisify(execFile)("deno", ["fmt", "--quiet", join(ROOT, "docs/performance.md")]);
} finally {
  await rm(folder, { recursive: true });
}
process.exit(0);

async function programsHere(): Promise<readonly Program[]> {
  const source = { name: "deno run", command: ["deno", "run", "-A", join(ROOT, "main.ts")] };
  const binary = join(ROOT, "dist/aim");
  const built = await stat(binary).then(() => true, () => false);
  return built ? [source, { name: "binary", command: [binary] }] : [source];
}

function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Machine: ${cpus().length} × ${
    cpu?.model.trim() ?? "unknown"
  }, ${memory} GiB, ${type()} ${release()}, ` +
    `Deno ${process.versions.deno ?? "unknown"}, load ${
      loadavg()[0]?.toFixed(1)
    } before the start. The middle of at most ${runs} runs, each a new process, after one that is not counted; what takes more than ` +
    `a second and a half is run once. Memory is the most that any run held.\n`;
}

async function commandTable(): Promise<string> {
  const rows: string[][] = [];
  const add = async (what: string, args: readonly string[], where: string) => {
    const costs: Cost[] = [];
    for (const { command } of programs) {
      costs.push(await measure([...command, ...args], { folder: where, runs }));
    }
    rows.push([what, ...costs.flatMap(cells)]);
  };
  await add("`--version`", ["--version"], folder);
  for (const dialect of DIALECTS) {
    const example = await exampleProject(ROOT, folder, dialect);
    const synced = await sizedProject(folder, dialect, { tables: 5, changed: "none" });
    await add(`${dialect}: \`diff\` in sync, 5 tables`, ["diff"], synced);
    await add(`${dialect}: \`diff\` of the example`, ["diff"], example);
    await add(`${dialect}: \`generate\` for the example`, ["generate", "--dry-run"], example);
    const count = flags.quick ? 30 : 300;
    const long = await longProject(folder, dialect, count);
    await add(`${dialect}: \`validate\` of ${count} migrations`, ["validate"], long);
  }
  const real = await realProject(folder, join(flags.histories, "crates-io-pg"));
  if (real !== null && !flags.quick) {
    await add("postgres: `validate` of a real history of 285 migrations", ["validate"], real);
  }
  return table([
    ["command", ...programs.flatMap(({ name }) => [`${name}, ms`, "MB"])],
    ...rows,
  ]);
}

/** What names and patterns of a hostile repository cost. */
function patternLine(): string {
  const { glob, table } = patternTime();
  return `10,000 names of 200 letters against a hostile pattern of 121 characters: ${
    glob.toFixed(0)
  } ms as a glob of \`schema\`, ${table.toFixed(0)} ms in \`ignore_tables\`.`;
}

async function runtimeTable(): Promise<string> {
  const program = programs.at(-1);
  if (program === undefined) return "";
  const rows: (readonly string[])[] = [];
  const ratios: string[] = [];
  const count = flags.quick ? 1 : runs;
  for (const dialect of EXAMPLES) {
    const place = { folder: await exampleProject(ROOT, folder, dialect), runs: count };
    const found = await runtimeRows(program, dialect, place);
    rows.push(...found);
    if (found.some(([, , , proof]) => proof !== "")) {
      ratios.push(`${(await rowsRatio(program, dialect, place)).toFixed(2)} for ${dialect}`);
    }
  }
  const head = ["engine", "runtime", "diff, ms", "first proof, ms", "one more database, ms"];
  const list = `A proof over rows takes so many times as long as one without: ${
    ratios.join(", ")
  }.`;
  return `By the program ${program.name}.\n\n${table([head, ...rows])}\n\n${list}`;
}

/** What a fresh database costs on a server that runs already. */
async function scratchLine(): Promise<string> {
  const times: string[] = [];
  for (const dialect of DIALECTS) {
    const example = join(folder, `example-${dialect}`);
    times.push(`${(await scratchTime(dialect, example)).toFixed(1)} ms for ${dialect}`);
  }
  return `One more scratch database on a server that runs already: ${times.join(", ")}.`;
}

/** What it costs to find the statements of a dump. */
async function splitLine(): Promise<string> {
  const times: string[] = [];
  for (const dialect of DIALECTS) {
    times.push(`${(await splitTime(dialect)).toFixed(0)} ms for ${dialect}`);
  }
  return `A script of 10 MB cut into statements: ${times.join(", ")}.`;
}

async function sizeTable(): Promise<string> {
  const rows: string[][] = [];
  for (const dialect of DIALECTS) {
    for (const tables of SIZES) {
      const synced = await sizedProject(folder, dialect, { tables, changed: "none" });
      const last = await sizedProject(folder, dialect, { tables, changed: "last" });
      const first = await sizedProject(folder, dialect, { tables, changed: "first" });
      const plan = (await planTime(dialect, last)).toFixed(1);
      for (const { name, command } of programs) {
        const run = async (place: string, ...words: readonly string[]) =>
          cells(await measure([...command, ...words], { runs, folder: place }));
        rows.push([
          dialect,
          String(tables),
          plan,
          name,
          ...await run(synced, "diff"),
          ...await run(last, "generate", "--dry-run"),
          ...await run(first, "generate", "--dry-run"),
        ]);
      }
    }
  }
  const costs = ["diff", "generate, last", "generate, first"];
  return table([
    ["engine", "tables", "plan, ms", "program", ...costs.flatMap((cost) => [`${cost}, ms`, "MB"])],
    ...rows,
  ]);
}

async function lengthTable(): Promise<string> {
  const rows: string[][] = [];
  const program = programs.at(-1);
  if (program === undefined) return "";
  for (const dialect of DIALECTS) {
    for (const count of flags.quick ? [20, 40] : [100, 200, 400]) {
      const place = await longProject(folder, dialect, count);
      const variables = {
        XDG_CACHE_HOME: join(folder, `cache-${dialect}-${count}`),
        // Where Deno keeps modules: it would load all of them anew.
        DENO_DIR: process.env.DENO_DIR ?? join(homedir(), ".cache", "deno"),
      };
      const run = async (...words: readonly string[]) =>
        cells(
          await measure([...program.command, "validate", ...words], {
            folder: place,
            runs: 0,
            variables,
          }),
        );
      const last = ["--latest", "1"];
      const row = [...await run(), ...await run(...last), ...await run(...last)];
      rows.push([dialect, String(count), ...row]);
    }
  }
  const costs = ["all", "the last, first run", "the last, second run"];
  return `By the program ${program.name}.\n\n${
    table([
      ["engine", "migrations", ...costs.flatMap((cost) => [`${cost}, ms`, "MB"])],
      ...rows,
    ])
  }`;
}

async function watchTable(): Promise<string> {
  const rows: string[][] = [];
  for (const dialect of DIALECTS) {
    const last = await watchTime(dialect, folder, { tables: 50, changed: "last" });
    const first = await watchTime(dialect, folder, { tables: 50, changed: "first" });
    rows.push([dialect, last.toFixed(0), first.toFixed(0)]);
  }
  return table([["engine", "last table, ms", "first table, ms"], ...rows]);
}

function textTable(): string {
  return table([
    ["reader and text", "1 MB, ms", "8 MB, ms", "ratio"],
    ...textTimes().map(({ name, one, eight }) => [
      name,
      one.toFixed(0),
      eight.toFixed(0),
      (eight / one).toFixed(1),
    ]),
  ]);
}

/** Time and memory; a run that did not end with a yes or a no is marked. */
function cells(cost: Cost): string[] {
  const mark = cost.exitCode === 0 || cost.exitCode === 1 ? "" : ` (exit ${cost.exitCode})`;
  return [`${Math.round(cost.ms)}${mark}`, String(cost.megabytes ?? "")];
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...body.map(line)].join("\n");
}

/** Replaces what stands between the marks, or adds it to the end of the page. */
async function writeSection(path: string, text: string): Promise<void> {
  const page = await readFile(path, "utf8").catch(() => `# Performance\n\n${START}\n${END}\n`);
  const [before = "", after = "\n"] = page.includes(START)
    ? [page.split(START)[0], page.split(END).slice(1).join(END)]
    : [`${page.trimEnd()}\n\n`];
  await writeFile(path, `${before}${START}\n\n${text}\n${END}${after}`);
}

/** What `aim generate` writes, handed to a runner change by change: applied, taken back, applied again, and seen each time. */

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { UsageError } from "../../src/core/error.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import type { MigrationFormat, RenderInput, SourceFile } from "../../src/formats/format.ts";
import { formatNamed } from "../../src/formats/mod.ts";
import { readMigrations } from "../../src/pipeline/files/read_sources.ts";
import { writeFiles } from "../../src/pipeline/files/write.ts";
import { call, compare } from "./call.ts";
import { type Change, CHANGES } from "./changes.ts";
import {
  ask,
  dumpOf,
  forgetBooks,
  newDatabase,
  runPlain,
  serverOf,
  type Site,
} from "./databases.ts";
import type { Runner } from "./runners.ts";

/** The server's version as `aim` names an engine: `postgres-15`, `mariadb-10.11`. */
export async function engineOn(dialect: keyof typeof CHANGES): Promise<string> {
  const server = serverOf(dialect) ?? "";
  const sql = dialect === "postgres" ? "SHOW server_version" : "SELECT version()";
  const [, major = "", minor = ""] = /^(\d+)\.(\d+)/.exec(await ask(server, dialect, sql)) ?? [];
  return `${dialect}-${major}${dialect === "postgres" ? "" : `.${minor}`}`;
}

/** Walks a runner through all changes, and gives what was done. Throws an Error at the first that does not come out. */
export async function walk(
  runner: Runner,
  dialect: keyof typeof CHANGES,
  { engine, scratch }: { readonly engine: string; readonly scratch: string },
): Promise<string> {
  const project = join(scratch, `generated-${runner.format}-${dialect}`);
  const folder = join(project, "migrations");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(project, "aim.toml"),
    `engine = "${engine}"\nformat = "${runner.format}"\nexact = true\n`,
  );
  if (runner.format === "sqitch") await forgetBooks(dialect);
  const database = await newDatabase(scratch, dialect, `walk_${runner.format}`);
  const site = (count: number): Site => ({ folder, database, dialect, count });
  // sqlx and the driver of MariaDB for Java set modes of their own, which the server notes in routines, triggers and events.
  const modes = ["sqlx", "flyway"].includes(runner.format)
    ? /(?:PIPES_AS_CONCAT|IGNORE_SPACE),/g
    : /$^/g;
  const see = async () => (await dumpOf(database, dialect)).replaceAll(modes, "").split("\n");
  let before: readonly string[] = await see();
  let count = 0;
  const steps: { readonly own: number; readonly before: readonly string[] }[] = [];
  for (const [index, change] of CHANGES[dialect].entries()) {
    try {
      await generate(project, engine, runner.format, change, index);
      const own = await countOf(folder, runner.format, dialect) - count;
      if (own < 1) throw new Error("nothing was written");
      count += own;
      const wanted = await wantedBy(change, runner, dialect, scratch);
      const inPlace = async (when: string) => {
        compare(`after ${when}`, await see(), wanted);
        if (change.sees === undefined) return;
        const [sql, rows] = change.sees;
        compare(`rows after ${when}`, [await ask(database, dialect, sql)], [rows]);
      };
      call(runner.up(site(count)));
      compare("after up", await see(), wanted);
      if (change.rows !== undefined) runPlain(database, dialect, [change.rows]);
      await inPlace("up");
      const down = index === 0 ? [] : runner.down(site(count), own);
      if (down.length > 0) {
        call(down);
        compare("after down", await see(), before);
        call(runner.up(site(count)));
        await inPlace("up again");
      }
      steps.push({ own, before });
      before = wanted;
    } catch (error) {
      throw new Error(`${change.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const all = runner.down(site(count));
  if (all.length > 0) {
    call(all);
    compare("after the whole way down", await see(), steps[0]?.before ?? []);
    call(runner.up(site(count)));
    compare("after the whole way up again", await see(), before);
  }
  return `${steps.length} changes in ${count} migrations generated, up${
    all.length > 0 ? ", down, up, all down, all up" : ""
  }`;
}

/** Lets `aim` write a change, or its writer alone what is written by hand where the runner can take that. */
async function generate(
  project: string,
  engine: string,
  formatName: string,
  change: Change,
  index: number,
): Promise<void> {
  writeFileSync(join(project, "schema.sql"), change.schema);
  const dialect = engine.replace(/-.*/, "");
  const folder = join(project, "migrations");
  if (change.byHand !== undefined) {
    const format = await formatNamed(formatName);
    const draft = {
      author: "planner",
      name: change.name,
      ...change.byHand,
      reversible: "exact",
      notes: [],
    } as const;
    const existing = await readMigrations(folder, format);
    const input = { draft, header: [], dialect, lexicon: lexiconOf(dialect) };
    const files = renderedBy(format, input, existing, index);
    if (files !== null) {
      await writeFiles(folder, files, { signal: new AbortController().signal });
      aim(project, ["validate"]);
      aim(project, ["diff", "--exit-code"]);
      return;
    }
  }
  aim(project, ["generate", "--name", `change_${index}`, ...change.flags ?? []]);
}

/** The files of a draft; null for a runner that can take no statement without a transaction. */
function renderedBy(
  format: MigrationFormat,
  input: RenderInput,
  existing: readonly SourceFile[],
  index: number,
): readonly SourceFile[] | null {
  try {
    return format.render(input, existing, new Date(Date.now() + index));
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

function aim(project: string, args: readonly string[]): void {
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const done = spawnSync(process.execPath, ["run", "-A", main, ...args, "-C", project], {
    encoding: "utf8",
    timeout: 120_000,
  });
  if (done.status === 0) return;
  throw new Error(`aim ${args[0]}: ${`${done.stdout}${done.stderr}`.trim().slice(-1200)}`);
}

async function countOf(folder: string, name: string, dialect: string): Promise<number> {
  const format = await formatNamed(name);
  const files = await readMigrations(folder, format);
  return format.parse(files, { dialect, lexicon: lexiconOf(dialect) }).migrations.length;
}

/** What the schema alone makes of an empty database, by the server's own client. */
const known = new Map<string, readonly string[]>();

async function wantedBy(
  { schema }: Change,
  { format }: Runner,
  dialect: keyof typeof CHANGES,
  scratch: string,
): Promise<readonly string[]> {
  // sqitch hands its scripts to the mysql program, which drops the comments in bodies.
  const withoutComments = format === "sqitch";
  const key = `${dialect} ${withoutComments}\n${schema}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const database = await newDatabase(scratch, dialect, `wanted_${format}`);
  runPlain(database, dialect, [schema], { withoutComments });
  const dump = (await dumpOf(database, dialect)).split("\n");
  known.set(key, dump);
  return dump;
}

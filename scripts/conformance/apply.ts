/** What `aim apply` leaves beside what the real runner leaves: the tables, the books, and the runner's own opinion of both. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import type { Draft } from "../../src/core/plan.ts";
import type { PlannedStatement } from "../../src/core/statement.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import { BOOKKEEPING_TABLES, formatNamed } from "../../src/formats/mod.ts";
import { readMigrations } from "../../src/pipeline/files/read_sources.ts";
import { writeFiles } from "../../src/pipeline/files/write.ts";
import { program } from "../../tests/run_aim.ts";
import { call, compare } from "./call.ts";
import { ask, type Dialect, forgetBooks, newDatabase, type Site } from "./databases.ts";
import type { Runner } from "./runners.ts";

/** Who deploys, for Sqitch and for aim: both write it down. */
const BY = { SQITCH_FULLNAME: "Conformance", SQITCH_EMAIL: "conformance@example.com" };

/** Has both run the same migrations, each on a database of its own. Throws an Error where anything differs. */
export async function applyBeside(
  runner: Runner,
  dialect: Dialect,
  { engine, scratch }: { readonly engine: string; readonly scratch: string },
): Promise<string> {
  if (runner.format === "sqitch" && dialect === "sqlite") return "not run by aim";
  const root = join(scratch, `apply-${runner.format}-${dialect}`);
  const folder = join(root, "migrations");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(root, "aim.toml"),
    `engine = "${engine.replace(/ .*/, "")}"\nformat = "${runner.format}"\n`,
  );
  await write(folder, runner.format, dialect);
  const theirs = await newDatabase(scratch, dialect, `theirs_${runner.format}`);
  const ours = await newDatabase(scratch, dialect, `ours_${runner.format}`);
  const site = (database: string): Site => ({ folder, database, dialect, count: STEPS.length });
  Object.assign(process.env, BY);
  // On some servers both would write the same books, so they come one after the other.
  await forgetBooks(dialect);
  call(runner.up(site(theirs)));
  const whole = await left(theirs, dialect);
  const applied = STEPS.map(([name]) => `${name}: applied`);
  compare("what the runner applied, to aim status", states(root, theirs, dialect), applied);
  const down = runner.down(site(theirs), 1);
  call(down);
  const shorter = await left(theirs, dialect);
  await forgetBooks(dialect);
  call(runner.begin?.(site(ours)) ?? []);
  aim(root, ours, dialect, ["apply", "--yes", "-q"]);
  compare("after apply", await left(ours, dialect), whole);
  call(runner.up(site(ours)));
  compare("after the runner's own up", await left(ours, dialect), whole);
  const edited = await withEdited(folder, runner.format, () => states(root, ours, dialect));
  const found = edited === null ? "" : ", an edited file found";
  if (edited !== null) {
    compare("an edited file, to aim status", edited, [...applied.slice(0, -1), "names: edited"]);
  }
  if (down.length === 0) return `${STEPS.length} applied as the runner does${found}`;
  aim(root, ours, dialect, ["rollback", "--yes", "-q", "--allow-loss"]);
  compare("after rollback", await left(ours, dialect), shorter);
  call(runner.up(site(ours)));
  return `${STEPS.length} applied and 1 taken back as the runner does${found}`;
}

/** What `aim status` says of each migration. */
function states(root: string, database: string, dialect: Dialect): readonly string[] {
  const said: { migrations: readonly { name: string; state: string }[] } = JSON.parse(
    aim(root, database, dialect, ["status", "--json"]),
  );
  return said.migrations.map(({ state }, at) => `${STEPS[at]?.[0]}: ${state}`);
}

/** Runs something while the last migration says something else; null where the runner notes no checksums. */
async function withEdited<T>(folder: string, format: string, work: () => T): Promise<T | null> {
  const target = await formatNamed(format);
  if (target.books?.checksums === undefined) return null;
  const files = await readMigrations(folder, target);
  const file = files.find(({ text }) => text.includes("CREATE VIEW names"));
  if (file === undefined) throw new Error("No file has the last migration");
  const path = join(folder, file.path);
  writeFileSync(path, file.text.replace("SELECT email", "SELECT email AS email"));
  try {
    return work();
  } finally {
    writeFileSync(path, file.text);
  }
}

function aim(root: string, database: string, dialect: Dialect, args: readonly string[]): string {
  const [command = "", ...before] = program();
  const url = dialect === "sqlite" ? `sqlite:${database}` : database;
  const done = spawnSync(command, [...before, ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, AIM_DATABASE_URL: url },
  });
  if (done.status !== 0) throw new Error(`aim ${args[0]}: ${done.stdout}${done.stderr}`);
  return done.stdout;
}

function statement(sql: string): PlannedStatement {
  return { sql, serves: [], reason: { action: "describe", text: "" }, transactional: true };
}

const STEPS: readonly (readonly [name: string, up: readonly string[], down: readonly string[]])[] =
  [
    ["users", [
      "CREATE TABLE users (id int PRIMARY KEY, email varchar(100) NOT NULL)",
      "INSERT INTO users VALUES (1, 'a'), (2, 'b')",
    ], ["DROP TABLE users"]],
    ["age_of_users", [
      "ALTER TABLE users ADD COLUMN age int",
      "UPDATE users SET age = 3",
    ], ["ALTER TABLE users DROP COLUMN age"]],
    ["names", ["CREATE VIEW names AS SELECT email FROM users"], ["DROP VIEW names"]],
  ];

async function write(folder: string, format: string, dialect: Dialect): Promise<void> {
  const target = await formatNamed(format);
  for (const [index, [name, up, down]] of STEPS.entries()) {
    const draft: Draft = {
      author: "planner",
      name,
      up: up.map(statement),
      down: down.map(statement),
      reversible: "exact",
      notes: [],
    };
    const lexicon = lexiconOf(dialect);
    const files = target.render(
      { draft, header: ["Written for a conformance run"], dialect, lexicon },
      await readMigrations(folder, target),
      new Date(Date.UTC(2030, 0, 1 + index)),
    );
    await writeFiles(folder, files, { signal: new AbortController().signal });
  }
}

/** Tables with their columns and rows, but for times and durations. */
async function left(database: string, dialect: Dialect): Promise<readonly string[]> {
  const found: string[] = [];
  const tables = [...BOOKKEEPING_TABLES, ...SQITCH, "drizzle.__drizzle_migrations"];
  for (const table of ["users", "names", ...tables]) {
    const rows = await rowsOf(database, dialect, table);
    if (rows !== null) found.push(`${table}: ${rows}`);
  }
  return found.map((row) => row.replaceAll(TIME, "TIME").replaceAll(DURATION, "$1DURATION"));
}

const SQITCH = ["changes", "tags", "dependencies", "events", "projects"].map((name) =>
  `sqitch.${name}`
);

async function rowsOf(database: string, dialect: Dialect, table: string): Promise<string | null> {
  if (dialect === "sqlite") {
    if (!existsSync(database)) return null;
    const open = new DatabaseSync(database);
    try {
      return JSON.stringify(open.prepare(`SELECT * FROM "${table}"`).all());
    } catch {
      return null;
    } finally {
      open.close();
    }
  }
  try {
    if (dialect === "postgres") {
      const there = await ask(database, dialect, `SELECT to_regclass('${table}') IS NOT NULL`);
      return there === "t"
        ? await ask(database, dialect, `SELECT json_agg(to_json(t)) FROM ${table} t`)
        : null;
    }
    const columns = await ask(
      database,
      dialect,
      `SELECT group_concat(concat('quote(', column_name, ')') ORDER BY ordinal_position) FROM information_schema.columns
        WHERE table_schema = database() AND table_name = '${table}' AND lower(column_name) NOT IN ('execution_time', 'liquibase', 'deployment_id')`,
    );
    return columns === "null" || columns === ""
      ? null
      : await ask(database, dialect, `SELECT concat_ws(',', ${columns}) FROM ${table} ORDER BY 1`);
  } catch {
    return null;
  }
}

const TIME = /\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-][\d:]+|Z)?/g;

/** Of sqlx and Flyway; what Liquibase says of the run and its own version; what Knex writes as a number on SQLite. */
const DURATION =
  /("(?:execution_time|deployment_id|liquibase|migration_time|DEPLOYMENT_ID|LIQUIBASE|DATEEXECUTED)":)(?:\d+|"[^"]*")/g;

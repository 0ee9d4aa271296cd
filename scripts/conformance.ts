/**
 * Hands what aim writes to the real runners that are on PATH: each applies it, goes back, and applies it again.
 * A small history of statements chosen to be hard to write is rendered for SQLite and Postgres, and compared with what the statements
 * alone leave. Where AIM_POSTGRES_URL, AIM_MYSQL_URL or AIM_MARIADB_URL is a server's URL (mysql://root@127.0.0.1:3306) on which it
 * may create databases, a schema is also changed step by step, each change written by `aim generate` for that server's version and
 * compared with the schema's own script; programs of that version must be there for aim to prove on (AIM_SERVERS).
 * refinery and Diesel are small programs around their libraries, which cargo builds where there is one.
 * `aim apply` and `aim rollback` are held against the runner as well, its books included.
 * Prints a line for each runner and database; exit 1 when a runner refuses or leaves another schema.
 * A part alone is asked for by its name: `written` for the history, `generated` for the steps, `applied` for `aim apply`.
 * Usage: deno task conformance [runner, dialect or part...]
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { UsageError } from "../src/core/error.ts";
import { formatNamed } from "../src/formats/mod.ts";
import { readMigrations } from "../src/pipeline/files/read_sources.ts";
import { writeFiles } from "../src/pipeline/files/write.ts";
import { lexiconOf } from "../src/engines/all.ts";
import type { Draft } from "../src/core/plan.ts";
import type { PlannedStatement } from "../src/core/statement.ts";
import { applyBeside } from "./conformance/apply.ts";
import { call, compare } from "./conformance/call.ts";
import {
  BOOKS,
  type Dialect,
  isAtHand,
  newDatabase,
  psql,
  runPlain,
  type Site,
} from "./conformance/databases.ts";
import { type Runner, RUNNERS } from "./conformance/runners.ts";
import { engineOn, walk } from "./conformance/walk.ts";

type Drafted = "sqlite" | "postgres";

function statement(sql: string, serves: readonly string[], transactional = true): PlannedStatement {
  return { sql, serves, reason: { action: "describe", text: "conformance" }, transactional };
}

function draft(
  name: string,
  up: readonly PlannedStatement[],
  down: readonly PlannedStatement[],
): Draft {
  return { author: "planner", name, up, down, reversible: "exact", notes: [] };
}

/** What a runner, its language or its driver may take for something else, as the text of a string of SQL. */
const ODD =
  'it\'\'s "q" \\ \\\\ \\n \\: $$ $1 `b` ${x} #{x} #$x :x :x:y ::z 12:30:x @x ? ?? % %s %% """ \\""" \r\n{{x}} <%= x %> é ✓ 😀 \u2028 end"';

const DRAFTS: Readonly<Record<Drafted, readonly Draft[]>> = {
  sqlite: [
    draft("odd_characters", [
      statement(`CREATE VIEW odd AS SELECT '${ODD}' AS text`, ["view:odd"]),
      statement(`CREATE VIEW plain AS SELECT 'it''s :x ? %' AS text`, ["view:plain"]),
    ], [
      statement("DROP VIEW plain", ["view:plain"]),
      statement("DROP VIEW odd", ["view:odd"]),
    ]),
    draft("create_tables", [
      statement("CREATE TABLE parents (\n  id INTEGER PRIMARY KEY,\n  name TEXT -- the name\n)", [
        "table:parents",
      ]),
      statement(
        "CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents (id) ON DELETE CASCADE)",
        ["table:children"],
      ),
      statement("CREATE INDEX children_parent ON children (parent)", ["index:children_parent"]),
    ], [
      statement("DROP TABLE children", ["table:children"]),
      statement("DROP TABLE parents -- the last", ["table:parents"]),
    ]),
    draft("add_bodies", [
      statement(
        "CREATE TRIGGER named AFTER INSERT ON children BEGIN\n  -- migrate:down\n  -- +goose Down\n  UPDATE parents SET name = CASE WHEN name IS NULL THEN '${HOME};' ELSE name END;\n  SELECT 1;\nEND",
        ["trigger:named"],
      ),
      statement("CREATE VIEW pairs AS SELECT p.id, 'a --b;\n;' AS text FROM parents AS p", [
        "view:pairs",
      ]),
    ], [
      statement("DROP VIEW pairs", ["view:pairs"]),
      statement("DROP TRIGGER named", ["trigger:named"]),
    ]),
    draft("add_age", [
      statement("ALTER TABLE parents ADD COLUMN age INTEGER", ["column:parents.age"]),
      statement("INSERT INTO parents (name) VALUES ('it''s'), ('\\n')", ["table:parents"]),
      statement("INSERT INTO children (parent) SELECT id FROM parents", ["table:children"]),
    ], [
      statement("DELETE FROM children", ["table:children"]),
      statement("DELETE FROM parents", ["table:parents"]),
      statement("ALTER TABLE parents DROP COLUMN age", ["column:parents.age"]),
    ]),
    draft("rebuild_parents", [
      statement("PRAGMA foreign_keys = OFF", ["table:parents"], false),
      statement("DROP VIEW pairs", ["view:pairs"]),
      statement("CREATE TABLE parents_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL)", [
        "table:parents",
      ]),
      statement("INSERT INTO parents_new SELECT id, coalesce(name, '') FROM parents", [
        "table:parents",
      ]),
      statement("DROP TRIGGER named", ["trigger:named"]),
      statement("DROP TABLE parents", ["table:parents"]),
      statement("ALTER TABLE parents_new RENAME TO parents", ["table:parents"]),
      statement("PRAGMA foreign_keys = ON", ["table:parents"], false),
    ], [
      statement("ALTER TABLE parents ADD COLUMN age INTEGER", ["column:parents.age"]),
      statement("CREATE VIEW pairs AS SELECT p.id, 'a' AS text FROM parents AS p", ["view:pairs"]),
      statement(
        "CREATE TRIGGER named AFTER INSERT ON children BEGIN\n  SELECT 1;\nEND",
        ["trigger:named"],
      ),
    ]),
    draft("forward_only", [statement("INSERT INTO parents (name) VALUES ('x')", [])], []),
  ],
  postgres: [
    draft("odd_characters", [
      statement(`CREATE VIEW odd AS SELECT '${ODD}'::text AS text`, ["view:public.odd"]),
      statement(`CREATE VIEW plain AS SELECT 'it''s :x ? %'::varchar(9) AS text`, [
        "view:public.plain",
      ]),
      statement(
        `CREATE FUNCTION odd_body() RETURNS text LANGUAGE sql AS $$ SELECT '${ODD}'::text $$`
          .replaceAll("$$ $1", "$1"),
        ["function:public.odd_body()"],
      ),
    ], [
      statement("DROP FUNCTION odd_body()", ["function:public.odd_body()"]),
      statement("DROP VIEW plain", ["view:public.plain"]),
      statement("DROP VIEW odd", ["view:public.odd"]),
    ]),
    draft("create_tables", [
      statement("CREATE TYPE mood AS ENUM ('sad', 'it''s ok')", ["enum:public.mood"]),
      statement("CREATE TABLE cats (\n  id bigint PRIMARY KEY,\n  mood mood -- how\n)", [
        "table:public.cats",
      ]),
    ], [
      statement("DROP TABLE cats", ["table:public.cats"]),
      statement("DROP TYPE mood", ["enum:public.mood"]),
    ]),
    draft("add_bodies", [
      statement(
        "CREATE FUNCTION purr() RETURNS trigger LANGUAGE plpgsql AS $body$\n-- +goose Down\n-- migrate:down\nBEGIN\n  -- it's \\ odd\n  RAISE NOTICE '${HOME} %', E'a\\tb';\n  RETURN NEW;\nEND;\n$body$",
        ["function:public.purr()"],
      ),
      statement("CREATE TRIGGER purrs BEFORE INSERT ON cats FOR EACH ROW EXECUTE FUNCTION purr()", [
        "trigger:public.cats.purrs",
      ]),
      statement("CREATE VIEW moods AS SELECT 'a --b;\n-- migrate:up\n;' AS text", [
        "view:public.moods",
      ]),
    ], [
      statement("DROP VIEW moods", ["view:public.moods"]),
      statement("DROP TRIGGER purrs ON cats", ["trigger:public.cats.purrs"]),
      statement("DROP FUNCTION purr()", ["function:public.purr()"]),
    ]),
    draft("add_age_concurrently", [
      statement("ALTER TABLE cats ADD COLUMN age integer", ["column:public.cats.age"]),
      statement(
        "CREATE INDEX CONCURRENTLY cats_age ON cats (age)",
        ["index:public.cats_age"],
        false,
      ),
      statement(
        "CREATE INDEX CONCURRENTLY cats_mood ON cats (mood)",
        ["index:public.cats_mood"],
        false,
      ),
      statement("ALTER TABLE cats ADD COLUMN name text", ["column:public.cats.name"]),
      statement("ALTER TABLE cats ADD CONSTRAINT named CHECK (name <> '')", [
        "constraint:public.cats.named",
      ]),
    ], [
      statement("ALTER TABLE cats DROP CONSTRAINT named", ["constraint:public.cats.named"]),
      statement("ALTER TABLE cats DROP COLUMN name", ["column:public.cats.name"]),
      statement("DROP INDEX CONCURRENTLY cats_mood", ["index:public.cats_mood"], false),
      statement("DROP INDEX cats_age", ["index:public.cats_age"]),
      statement("ALTER TABLE cats DROP COLUMN age", ["column:public.cats.age"]),
    ]),
    draft("add_value", [
      statement("ALTER TYPE mood ADD VALUE 'happy'", ["enum:public.mood"]),
    ], []),
  ],
};

/** What stands in a database, apart from runners' books. */
function schemaOf(database: string, dialect: Drafted): readonly string[] {
  const rows = dialect === "sqlite" ? sqliteSchema(database) : postgresSchema(database);
  return rows.map((row) => row.replace(/--[^\n]*/g, "").replace(/\s+/g, " ").trim());
}

function sqliteSchema(path: string): readonly string[] {
  const database = new DatabaseSync(path);
  try {
    const rows = database.prepare(
      "SELECT name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name",
    ).all() as { name: string; tbl_name: string; sql: string }[];
    return rows.filter((row) => !BOOKS.includes(row.tbl_name) && !row.name.startsWith("sqlite_"))
      .map((row) => row.sql.replace(/\+ ?goose/g, "goose"));
  } finally {
    database.close();
  }
}

const POSTGRES_SCHEMA = `
SELECT c.relkind::text || ' ' || c.relname || ' ' || coalesce(string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attname), '')
  FROM pg_class AS c
  LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'i')
    AND NOT EXISTS (SELECT FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid WHERE i.indexrelid = c.oid AND t.relname = ANY (:'books'::text[]))
    AND NOT c.relname = ANY (:'books'::text[])
  GROUP BY c.oid, c.relkind, c.relname
UNION ALL SELECT 'function ' || proname || ' ' || md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosrc <> 'pg_catalog' AND proname !~ '^diesel_'
UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'view ' || viewname || md5(definition) FROM pg_views WHERE schemaname = 'public'
UNION ALL SELECT 'label ' || enumlabel FROM pg_enum
UNION ALL SELECT 'check ' || conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'c' AND NOT conrelid::regclass::text = ANY (:'books'::text[])
ORDER BY 1`;

function postgresSchema(database: string): readonly string[] {
  const books = `{${BOOKS.map((name) => `"${name}"`).join(",")}}`;
  return psql(database, POSTGRES_SCHEMA, ["-v", `books=${books}`]).trim().split("\n")
    .filter((row) => row !== "");
}

/** The drafts that a runner is given: without what it refuses to be given in a text, and what it takes out of one. */
function draftsFor(format: string, dialect: Drafted): readonly Draft[] {
  const change = CHANGES_OF_TEXT[format];
  if (change === undefined) return DRAFTS[dialect];
  const plain = (list: readonly PlannedStatement[]) =>
    list.map((one) => ({ ...one, sql: change(one.sql) }));
  return DRAFTS[dialect].map((one) => ({ ...one, up: plain(one.up), down: plain(one.down) }));
}

const CHANGES_OF_TEXT: Readonly<Record<string, (sql: string) => string>> = {
  liquibase: (sql) => sql.replaceAll("${", "$(").replaceAll("\r", ""),
  // It reads a file line by line, and a carriage return before the end of one is no part of it.
  goose: (sql) => sql.replaceAll("\r\n", "\n"),
};

async function write(folder: string, format: string, dialect: Drafted): Promise<readonly Draft[]> {
  const target = await formatNamed(format);
  const written: Draft[] = [];
  for (const [index, planned] of draftsFor(format, dialect).entries()) {
    const existing = await readMigrations(folder, target);
    const now = new Date(Date.UTC(2030, 0, 1 + index));
    try {
      const files = target.render(
        {
          draft: planned,
          header: ["Written for a conformance run"],
          dialect,
          lexicon: lexiconOf(dialect),
        },
        existing,
        now,
      );
      await writeFiles(folder, files, { signal: new AbortController().signal });
      written.push(planned);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }
  return written;
}

async function conform(runner: Runner, dialect: Drafted, scratch: string): Promise<string> {
  const folder = join(scratch, `${runner.format}-${dialect}`);
  mkdirSync(folder);
  const drafts = await write(folder, runner.format, dialect);
  const format = await formatNamed(runner.format);
  const { migrations } = format.parse(await readMigrations(folder, format), {
    dialect,
    lexicon: lexiconOf(dialect),
  });
  const plain = await newDatabase(scratch, dialect, `plain_${runner.format}`);
  runPlain(plain, dialect, drafts.flatMap(({ up }) => up).map(({ sql }) => sql));
  const database = await newDatabase(scratch, dialect, runner.format);
  const site: Site = { folder, database, dialect, count: migrations.length };
  call(runner.up(site));
  const wanted = schemaOf(plain, dialect);
  compare("after up", schemaOf(database, dialect), wanted);
  const others = runner.otherwise?.(site) ?? [];
  for (const [at] of others.entries()) {
    const other = await newDatabase(scratch, dialect, `${runner.format}_${at}`);
    call(runner.otherwise?.({ ...site, database: other })[at] ?? []);
    compare(`after another way up (${at + 1})`, schemaOf(other, dialect), wanted);
  }
  const down = runner.down(site);
  if (down.length > 0) {
    runPlain(plain, dialect, drafts.toReversed().flatMap((one) => one.down).map(({ sql }) => sql));
    call(down);
    compare("after down", schemaOf(database, dialect), schemaOf(plain, dialect));
    call(runner.up(site));
  }
  const left = DRAFTS[dialect].filter((one) => drafts.every(({ name }) => name !== one.name))
    .map(({ name }) => name);
  const further = others.length > 0 ? `, and in ${others.length} other ways` : "";
  return `${migrations.length} migrations up${down.length > 0 ? ", down, up" : ""}${further}` +
    (left.length > 0 ? `; refused to write ${left.join(", ")}` : "");
}

const PARTS = ["written", "applied", "generated"] as const;

interface Run {
  readonly part: typeof PARTS[number];
  /** Under which name it is reported. */
  readonly on: string;
  act(): Promise<string>;
}

/** What is tried on a database. */
async function runsOf(runner: Runner, dialect: Dialect): Promise<readonly Run[]> {
  const engine = dialect === "sqlite" ? dialect : await engineOn(dialect);
  const { books } = await formatNamed(runner.format);
  const at = { engine, scratch };
  const runs: Run[] = [];
  if (dialect === "sqlite" || dialect === "postgres") {
    runs.push({ part: "written", on: dialect, act: () => conform(runner, dialect, scratch) });
  }
  if (books?.keep !== undefined) {
    runs.push({ part: "applied", on: engine, act: () => applyBeside(runner, dialect, at) });
  }
  if (dialect !== "sqlite" && runner.walks !== false) {
    runs.push({ part: "generated", on: engine, act: () => walk(runner, dialect, at) });
  }
  return runs.filter(({ part }) => isWanted(part, PARTS));
}

const wanted = process.argv.slice(2);

/** True for a name that was asked for, or where none of its kind was. */
function isWanted(name: string, kind: readonly string[]): boolean {
  return wanted.includes(name) || !wanted.some((one) => kind.includes(one));
}

const scratch = mkdtempSync(join(tmpdir(), "aim-conformance-"));
let failed = false;
try {
  for (const runner of RUNNERS) {
    if (!isWanted(runner.format, RUNNERS.map(({ format }) => format))) continue;
    const [program, ...args] = runner.version;
    const version = spawnSync(program, args, { encoding: "utf8" });
    if (version.error !== undefined) {
      console.log(`${runner.format.padEnd(9)} not on PATH`);
      continue;
    }
    if (program === "cargo" && version.status !== 0) {
      failed = true;
      console.log(`${runner.format.padEnd(9)} does not build: ${version.stderr.trim()}`);
      continue;
    }
    const lines = `${version.stdout}${version.stderr}`.trim().split("\n");
    const said = lines.find((line) => /\d+\.\d+/.test(line)) ?? lines[0];
    for (const dialect of runner.dialects.filter(isAtHand)) {
      if (!isWanted(dialect, runner.dialects)) continue;
      for (const run of await runsOf(runner, dialect)) {
        try {
          const done = await run.act();
          console.log(`${runner.format.padEnd(9)} ${run.on.padEnd(14)} ok    ${done} (${said})`);
        } catch (error) {
          failed = true;
          console.log(`${runner.format.padEnd(9)} ${run.on.padEnd(14)} FAILS ${error}`);
        }
      }
    }
  }
} finally {
  if (process.env["AIM_KEEP"] === undefined) rmSync(scratch, { recursive: true, force: true });
  else console.log(`kept ${scratch}`);
}
process.exitCode = failed ? 1 : 0;

/**
 * Hands what aim writes to the real runners: every runner that is on PATH applies a small history on SQLite (and on Postgres,
 * with AIM_POSTGRES_URL set to a server's URL on which it may create databases), goes back, and applies it again.
 * Prints one line a runner and dialect; exit 1 when a runner refuses or leaves another schema than the statements alone do.
 * Usage: deno task conformance [runner...]
 */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { UsageError } from "../src/core/error.ts";
import { BOOKKEEPING_TABLES, formatNamed } from "../src/formats/mod.ts";
import { readMigrations } from "../src/pipeline/files/read_sources.ts";
import { writeFiles } from "../src/pipeline/files/write.ts";
import { lexiconOf } from "../src/engines/mod.ts";
import type { Draft } from "../src/core/plan.ts";
import type { PlannedStatement } from "../src/core/statement.ts";

/** Where a runner works. */
interface Site {
  readonly folder: string;
  /** A path for SQLite, a URL for Postgres. */
  readonly database: string;
  readonly dialect: Dialect;
  /** How many migrations there are. */
  readonly count: number;
}

type Dialect = "sqlite" | "postgres";

/** A command line. */
type Command = readonly [string, ...string[]];

/** A real runner and how it is called. */
interface Runner {
  readonly format: string;
  readonly dialects: readonly Dialect[];
  readonly version: Command;
  up(site: Site): readonly Command[];
  /** Empty for a runner that only goes forward. */
  down(site: Site): readonly Command[];
}

const url = ({ dialect, database }: Site, scheme: string) =>
  dialect === "sqlite" ? `${scheme}${database}` : database;

const RUNNERS: readonly Runner[] = [
  {
    format: "migrate",
    dialects: ["sqlite", "postgres"],
    version: ["migrate", "-version"],
    up: (site) => [["migrate", "-path", site.folder, "-database", url(site, "sqlite://"), "up"]],
    down: (site) => [
      ["migrate", "-path", site.folder, "-database", url(site, "sqlite://"), "down", "-all"],
    ],
  },
  {
    format: "goose",
    dialects: ["sqlite", "postgres"],
    version: ["goose", "-version"],
    up: (site) => [["goose", "-dir", site.folder, driver(site), site.database, "up"]],
    down: (site) => [["goose", "-dir", site.folder, driver(site), site.database, "reset"]],
  },
  {
    format: "dbmate",
    dialects: ["sqlite", "postgres"],
    version: ["dbmate", "--version"],
    up: (site) => [dbmate(site, "up")],
    down: (site) => Array.from({ length: site.count }, () => dbmate(site, "rollback")),
  },
  {
    format: "sqitch",
    dialects: ["sqlite", "postgres"],
    version: ["sqitch", "--version"],
    up: (site) => [
      ["sqitch", "-C", site.folder, "deploy", "--verify", `db:${url(site, "sqlite:")}`],
    ],
    down: (site) => [["sqitch", "-C", site.folder, "revert", "-y", `db:${url(site, "sqlite:")}`]],
  },
  {
    format: "sqlx",
    dialects: ["sqlite", "postgres"],
    version: ["sqlx", "--version"],
    up: (site) => [sqlx(site, "run")],
    down: (site) => [[...sqlx(site, "revert"), "--target-version", "0"]],
  },
  {
    format: "refinery",
    dialects: ["sqlite", "postgres"],
    version: ["refinery", "--version"],
    up: (site) => [
      [
        "env",
        `DATABASE_URL=${url(site, "sqlite://")}`,
        "refinery",
        "migrate",
        "-e",
        "DATABASE_URL",
        "-p",
        site.folder,
      ],
    ],
    down: () => [],
  },
  {
    format: "diesel",
    dialects: ["sqlite", "postgres"],
    version: ["diesel", "--version"],
    up: (site) => [[...diesel(site), "run"]],
    down: (site) => [[...diesel(site), "revert", "--all"]],
  },
  {
    format: "flyway",
    dialects: ["sqlite", "postgres"],
    version: ["flyway", "--version"],
    up: (site) => [
      [
        "flyway",
        `-url=jdbc:${site.dialect === "sqlite" ? "sqlite:" : "postgresql:"}${jdbc(site)}`,
        `-locations=filesystem:${site.folder}`,
        "-postgresql.transactional.lock=false",
        "migrate",
      ],
    ],
    down: () => [],
  },
];

/** A database as JDBC names it. */
function jdbc({ dialect, database }: Site): string {
  if (dialect === "sqlite") return database;
  const { host, pathname, username, password } = new URL(database);
  return `//${host}${pathname}?user=${username}&password=${password}`;
}

function driver({ dialect }: Site): string {
  return dialect === "sqlite" ? "sqlite3" : "postgres";
}

function dbmate(site: Site, verb: string): Command {
  return [
    "dbmate",
    "--url",
    url(site, "sqlite:"),
    "--migrations-dir",
    site.folder,
    "--no-dump-schema",
    verb,
  ];
}

function sqlx(site: Site, verb: string): Command {
  return ["sqlx", "migrate", verb, "--source", site.folder, "-D", url(site, "sqlite:")];
}

function diesel(site: Site): Command {
  return ["diesel", "migration", "--migration-dir", site.folder, "--database-url", site.database];
}

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

const DRAFTS: Readonly<Record<Dialect, readonly Draft[]>> = {
  sqlite: [
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
function schemaOf(database: string, dialect: Dialect): readonly string[] {
  const rows = dialect === "sqlite" ? sqliteSchema(database) : postgresSchema(database);
  return rows.map((row) => row.replace(/--[^\n]*/g, "").replace(/\s+/g, " ").trim());
}

function sqliteSchema(path: string): readonly string[] {
  const database = new DatabaseSync(path);
  try {
    const rows = database.prepare(
      "SELECT name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name",
    ).all() as { name: string; tbl_name: string; sql: string }[];
    return rows.filter((row) =>
      !BOOKKEEPING_TABLES.includes(row.tbl_name) && !row.name.startsWith("sqlite_")
    ).map((row) => row.sql.replace(/\+ ?goose/g, "goose"));
  } finally {
    database.close();
  }
}

const POSTGRES_SCHEMA = `
SELECT c.relkind::text || ' ' || c.relname || ' ' || coalesce(string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attname), '')
  FROM pg_class AS c
  LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'i')
    AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indexrelid = c.oid AND i.indrelid::regclass::text = ANY (:'books'::text[]))
    AND NOT c.relname = ANY (:'books'::text[])
  GROUP BY c.oid, c.relkind, c.relname
UNION ALL SELECT 'function ' || proname || ' ' || md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosrc <> 'pg_catalog' AND proname !~ '^diesel_'
UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'view ' || viewname || md5(definition) FROM pg_views WHERE schemaname = 'public'
UNION ALL SELECT 'label ' || enumlabel FROM pg_enum
UNION ALL SELECT 'check ' || conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'c' AND NOT conrelid::regclass::text = ANY (:'books'::text[])
ORDER BY 1`;

function postgresSchema(database: string): readonly string[] {
  const books = `{${BOOKKEEPING_TABLES.map((name) => `"${name}"`).join(",")}}`;
  return execFileSync("psql", [
    "-XAtq",
    "-v",
    "ON_ERROR_STOP=1",
    "-v",
    `books=${books}`,
    "-d",
    database,
  ], {
    input: POSTGRES_SCHEMA,
    encoding: "utf8",
  }).trim().split("\n").filter((row) => row !== "");
}

/** Runs statements one by one without any runner. */
function runPlain(database: string, dialect: Dialect, list: readonly PlannedStatement[]): void {
  if (dialect === "sqlite") {
    const open = new DatabaseSync(database, { enableForeignKeyConstraints: true });
    for (const { sql } of list) open.exec(`${sql}\n;`);
    open.close();
    return;
  }
  for (const { sql } of list) {
    execFileSync("psql", ["-Xq", "-v", "ON_ERROR_STOP=1", "-d", database], {
      input: `${sql}\n;\n`,
    });
  }
}

async function write(folder: string, format: string, dialect: Dialect): Promise<readonly Draft[]> {
  const target = formatNamed(format);
  const written: Draft[] = [];
  for (const [index, planned] of DRAFTS[dialect].entries()) {
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

function call(commands: readonly Command[]): void {
  for (const [program, ...args] of commands) {
    const done = spawnSync(program, args, { encoding: "utf8", timeout: 120_000 });
    if (done.status === 0) continue;
    throw new Error(
      `${program} ${args.at(-1)}: ${`${done.stdout}${done.stderr}`.trim().slice(-600)}`,
    );
  }
}

function newDatabase(scratch: string, dialect: Dialect, name: string): string {
  if (dialect === "sqlite") {
    const path = join(scratch, `aim_${name}.db`);
    new DatabaseSync(path).close();
    return path;
  }
  const server = process.env["AIM_POSTGRES_URL"] ?? "";
  execFileSync("psql", ["-Xq", "-d", server], {
    input: `DROP DATABASE IF EXISTS aim_${name};\nCREATE DATABASE aim_${name};\n`,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const target = new URL(server);
  target.pathname = `/aim_${name}`;
  return target.href;
}

function compare(what: string, actual: readonly string[], expected: readonly string[]): void {
  if (actual.join("\n") === expected.join("\n")) return;
  throw new Error(
    `${what}:\n  got      ${actual.join("\n           ")}\n  expected ${
      expected.join("\n           ")
    }`,
  );
}

async function conform(runner: Runner, dialect: Dialect, scratch: string): Promise<string> {
  const folder = join(scratch, `${runner.format}-${dialect}`);
  mkdirSync(folder);
  const drafts = await write(folder, runner.format, dialect);
  const format = formatNamed(runner.format);
  const { migrations } = format.parse(await readMigrations(folder, format), {
    dialect,
    lexicon: lexiconOf(dialect),
  });
  const plain = newDatabase(scratch, dialect, `plain_${runner.format}`);
  runPlain(plain, dialect, drafts.flatMap(({ up }) => up));
  const database = newDatabase(scratch, dialect, runner.format);
  const site: Site = { folder, database, dialect, count: migrations.length };
  call(runner.up(site));
  compare("after up", schemaOf(database, dialect), schemaOf(plain, dialect));
  const down = runner.down(site);
  if (down.length > 0) {
    runPlain(plain, dialect, drafts.toReversed().flatMap((one) => one.down));
    call(down);
    compare("after down", schemaOf(database, dialect), schemaOf(plain, dialect));
    call(runner.up(site));
  }
  const left = DRAFTS[dialect].filter((one) => !drafts.includes(one)).map(({ name }) => name);
  return `${migrations.length} migrations up${down.length > 0 ? ", down, up" : ""}` +
    (left.length > 0 ? `; refused to write ${left.join(", ")}` : "");
}

const wanted = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), "aim-conformance-"));
let failed = false;
try {
  for (const runner of RUNNERS) {
    if (wanted.length > 0 && !wanted.includes(runner.format)) continue;
    const [program, ...args] = runner.version;
    const version = spawnSync(program, args, { encoding: "utf8" });
    if (version.error !== undefined) {
      console.log(`${runner.format.padEnd(9)} not on PATH`);
      continue;
    }
    const lines = `${version.stdout}${version.stderr}`.trim().split("\n");
    const said = lines.find((line) => /\d+\.\d+/.test(line)) ?? lines[0];
    for (const dialect of runner.dialects) {
      if (dialect === "postgres" && process.env["AIM_POSTGRES_URL"] === undefined) continue;
      try {
        const done = await conform(runner, dialect, scratch);
        console.log(`${runner.format.padEnd(9)} ${dialect.padEnd(9)} ok    ${done} (${said})`);
      } catch (error) {
        failed = true;
        console.log(`${runner.format.padEnd(9)} ${dialect.padEnd(9)} FAILS ${error}`);
      }
    }
  }
} finally {
  if (process.env["AIM_KEEP"] === undefined) rmSync(scratch, { recursive: true, force: true });
  else console.log(`kept ${scratch}`);
}
process.exitCode = failed ? 1 : 0;

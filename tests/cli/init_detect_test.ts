/** What `aim init` makes of the folders that projects have. */

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";

type Files = Readonly<Record<string, string>>;

const TABLE = "CREATE TABLE shelf (id INTEGER PRIMARY KEY);\n";

/** Migrations by what their runners call them. */
const pairs = (folder: string): Files => ({
  [`${folder}/20240101000000_shelf.up.sql`]: TABLE,
  [`${folder}/20240101000000_shelf.down.sql`]: "DROP TABLE shelf;\n",
});
const dotted = (folder: string): Files => ({ [`${folder}/V1__shelf.sql`]: TABLE });
const goose = (folder: string): Files => ({
  [`${folder}/00001_shelf.sql`]: `-- +goose Up\n${TABLE}`,
});
const folders = (folder: string): Files => ({
  [`${folder}/1700000000000_shelf/up.sql`]: TABLE,
  [`${folder}/1700000000000_shelf/down.sql`]: "DROP TABLE shelf;\n",
});
const single = (folder: string): Files => ({ [`${folder}/20240101000000_shelf.sql`]: TABLE });

interface Project {
  readonly title: string;
  readonly files: Files;
  readonly flags?: readonly string[];
  readonly engine?: string;
  readonly format: string;
  readonly migrations: string;
  readonly schema?: string | readonly string[];
  readonly notes?: readonly RegExp[];
}

const PROJECTS: readonly Project[] = [
  {
    title: "pairs in a crate that depends on sqlx",
    files: { ...pairs("migrations"), "Cargo.toml": '[dependencies]\nsqlx = { version = "0.8" }\n' },
    format: "sqlx",
    migrations: "migrations",
  },
  {
    title: "pairs in a crate whose dependency has a table of its own",
    files: { ...pairs("migrations"), "Cargo.toml": '[dependencies.sqlx]\nversion = "0.8"\n' },
    format: "sqlx",
    migrations: "migrations",
  },
  {
    title: "pairs that sqlx prepared queries stand beside",
    files: { ...pairs("migrations"), ".sqlx/query-1.json": "{}" },
    format: "sqlx",
    migrations: "migrations",
  },
  {
    title: "pairs in a Go module that uses another sqlx",
    files: {
      ...pairs("migrations"),
      "go.mod":
        "module m\nrequire (\n\tgithub.com/jmoiron/sqlx v1.4.0\n\tgithub.com/golang-migrate/migrate/v4 v4.18.0\n)\n",
    },
    format: "migrate",
    migrations: "migrations",
  },
  {
    title: "pairs of which the Makefile tells the runner",
    files: {
      ...pairs("db/migrations"),
      "Makefile": "up:\n\tsqlx migrate run --source db/migrations\n",
    },
    format: "sqlx",
    migrations: "db/migrations",
  },
  {
    title: "pairs of which nothing tells the runner",
    files: pairs("migrations"),
    format: "migrate",
    migrations: "migrations",
    notes: [/2 files of migrate$/, /^files of sqlx look the same: --format sqlx$/],
  },
  {
    title: "V files in a crate that depends on refinery",
    files: {
      ...dotted("migrations"),
      "Cargo.toml": '[dependencies]\nrefinery = { version = "0.8", features = ["rusqlite"] }\n',
    },
    format: "refinery",
    migrations: "migrations",
  },
  {
    title: "V files of a Java project",
    files: {
      ...dotted("src/main/resources/db/migration"),
      "pom.xml": "<artifactId>flyway-core</artifactId>\n",
    },
    format: "flyway",
    migrations: "src/main/resources/db/migration",
    notes: [/1 file of flyway$/],
  },
  {
    title: "a crate inside of a repository with another runner: the nearest manifest counts",
    files: {
      ...pairs("services/books/migrations"),
      "services/books/Cargo.toml": '[dependencies]\nsqlx = "0.8"\n',
      "go.mod": "module m\nrequire github.com/golang-migrate/migrate/v4 v4.18.0\n",
    },
    format: "sqlx",
    migrations: "services/books/migrations",
  },
  {
    title: "goose's own marks say more than a manifest",
    files: { ...goose("migrations"), "Cargo.toml": '[dependencies]\nsqlx = "0.8"\n' },
    format: "goose",
    migrations: "migrations",
  },
  {
    title: "--format goes over what is found, also in the note",
    files: pairs("migrations"),
    flags: ["--format", "sqlx"],
    format: "sqlx",
    migrations: "migrations",
    notes: [/2 files of sqlx$/],
  },
  {
    title: "Hasura's folder a database",
    files: folders("migrations/default"),
    format: "diesel",
    migrations: "migrations/default",
  },
  {
    title: "a folder a dialect: that of the engine",
    files: {
      ...pairs("migrations/postgres"),
      ...pairs("migrations/sqlite"),
      "go.mod": "module m\nrequire github.com/golang-migrate/migrate/v4 v4.18.0\n",
    },
    format: "migrate",
    migrations: "migrations/sqlite",
  },
  {
    title: "a folder a dialect whose files are recognised at any depth",
    files: {
      ...dotted("db/migration/postgresql"),
      ...dotted("db/migration/sqlite"),
      "flyway.conf": "flyway.url=jdbc:sqlite:a.db\n",
    },
    format: "flyway",
    migrations: "db/migration/sqlite",
  },
  {
    title: "a folder of a dialect in the one that is named",
    files: { ...goose("db/postgres"), ...goose("db/sqlite3") },
    flags: ["--migrations", "db"],
    format: "goose",
    migrations: "db/sqlite3",
  },
  {
    title: "a dialect in the folder's name",
    files: { ...goose("migrations_postgres"), ...goose("migrations_sqlite") },
    format: "goose",
    migrations: "migrations_sqlite",
  },
  {
    title: "one folder for another dialect is still found",
    files: goose("migrations_postgres"),
    format: "goose",
    migrations: "migrations_postgres",
  },
  {
    title: "examples and tests are set aside",
    files: {
      ...goose("migrations"),
      ...goose("examples/shop/migrations"),
      ...goose("test/migrations"),
    },
    format: "goose",
    migrations: "migrations",
  },
  {
    title: "sqitch with more files than are looked at",
    files: Object.fromEntries([
      ["db/sqitch.conf", "[core]\n\tengine = sqlite\n"],
      [
        "db/sqitch.plan",
        `%syntax-version=1.0.0\n%project=p\n\n${
          Array.from({ length: 210 }, (_, at) => `c${at} 2024-01-01T00:00:00Z A <a@example.org>\n`)
            .join("")
        }`,
      ],
      ...Array.from({ length: 210 }, (_, at) => [
        [`db/deploy/c${at}.sql`, `CREATE TABLE c${at} (id int);\n`],
        [`db/revert/c${at}.sql`, `DROP TABLE c${at};\n`],
      ]).flat(),
    ]),
    format: "sqitch",
    migrations: "db",
  },
  {
    title: "Supabase, whose settings say where the schema is",
    engine: "postgres",
    files: {
      ...single("supabase/migrations"),
      "supabase/config.toml": '[db.migrations]\nschema_paths = ["./declared/*.sql"]\n',
      "supabase/declared/shelf.sql": TABLE,
    },
    format: "sqlx",
    migrations: "supabase/migrations",
    schema: "supabase/declared/*.sql",
    notes: [/supabase db push$/],
  },
  {
    title: "Supabase with its folder of schemas",
    engine: "postgres",
    files: { ...single("supabase/migrations"), "supabase/schemas/shelf.sql": TABLE },
    format: "sqlx",
    migrations: "supabase/migrations",
    schema: "supabase/schemas",
  },
  {
    title: "Supabase with several schema_paths",
    engine: "postgres",
    files: {
      ...single("supabase/migrations"),
      "supabase/config.toml":
        '[db.migrations]\nschema_paths = ["./schemas/b.sql", "./schemas/more/*.sql"]\n',
      "supabase/schemas/b.sql": TABLE,
      "supabase/schemas/more/a.sql": "CREATE TABLE more (id int);\n",
    },
    format: "sqlx",
    migrations: "supabase/migrations",
    schema: ["supabase/schemas/b.sql", "supabase/schemas/more/*.sql"],
    notes: [/supabase db push$/],
  },
  {
    title: "migrations in a folder of another name, by their files",
    engine: "postgres",
    files: {
      ...dotted("src/main/resources/shop/db/PGSQL"),
      "src/main/resources/shop/db/PGSQL/V2_1.0__books.sql": "CREATE TABLE book (id int);\n",
      "reports/sales.sql": "SELECT 1;\n",
    },
    format: "flyway",
    migrations: "src/main/resources/shop/db/PGSQL",
  },
  {
    title: "the folder of its dialect, where the runner is one that is only read",
    files: Object.fromEntries(
      ["mysql", "postgres", "sqlite3"].map((dialect) => [
        `store/migrations/${dialect}/1_shelf.sql`,
        `-- +migrate Up\n${TABLE}-- +migrate Down\nDROP TABLE shelf;\n`,
      ]),
    ),
    format: "plain",
    migrations: "store/migrations/sqlite3",
  },
  {
    title: "a schema file beside the migrations of a service",
    files: { ...goose("services/books/migrations"), "services/books/schema.sql": TABLE },
    format: "goose",
    migrations: "services/books/migrations",
    schema: "services/books/schema.sql",
  },
];

for (const project of PROJECTS) {
  const { title, files, flags = [], engine = "sqlite", format, migrations } = project;
  test(`init finds ${title}`, async () => {
    await using folder = await temporaryFolder(files);
    const args = ["init", "--engine", engine, ...flags, "--json"];
    const { code, stdout } = await runAim(args, { cwd: folder.path });
    const { settings, notes } = JSON.parse(stdout);
    assert.equal(code, 0, stdout);
    assert.deepEqual(settings, {
      engine,
      format,
      schema: project.schema ?? "schema.sql",
      migrations,
      model: null,
    });
    for (const pattern of project.notes ?? []) {
      assert(notes.some((note: string) => pattern.test(note)), `${pattern} in ${notes}`);
    }
    const sure = project.notes === undefined &&
      notes.some((note: string) => /look the same/.test(note));
    assert.equal(sure, false, `nothing is left open: ${notes}`);
  });
}

test("init lists several folders of migrations with the flags that choose one, and writes nothing", async () => {
  await using folder = await temporaryFolder({
    ...goose("services/books/migrations"),
    ...pairs("services/my films/migrations"),
  });
  const cwd = folder.path;
  const { code, stdout, stderr } = await runAim(["init", "--engine", "sqlite"], { cwd });
  assert.deepEqual([code, stdout], [1, ""]);
  assert.equal(
    stderr,
    `undecided: there are 2 folders of migrations; choose one, nothing was written
  1 file of goose: aim init --engine sqlite --migrations services/books/migrations --format goose
  2 files of migrate: aim init --engine sqlite --migrations 'services/my films/migrations' --format migrate
`,
  );
  assert.deepEqual(await readdir(cwd), ["services"]);
  const { stdout: json } = await runAim(["init", "--engine", "sqlite", "--json"], { cwd });
  assert.equal(JSON.parse(json).outcome, "undecided");
  const chosen = ["--migrations", "services/books/migrations", "--format", "goose"];
  assert.equal((await runAim(["init", "--engine", "sqlite", ...chosen], { cwd })).code, 0);
});

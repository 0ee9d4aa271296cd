import { type ProjectCase, testProjects } from "../project_case.ts";

const MIGRATE = ['engine = "postgres"', 'format = "migrate"'];
const SHELF = "CREATE TABLE shelf (id int PRIMARY KEY);\n";

/** Extensions that the embedded Postgres lacks, as they are told. */
const LACKING = ["http", "of_our_own", "pg_cron", "pg_net", "pgmq", "pgstattuple", "postgis"];

const UNUSED: readonly ProjectCase[] = ([
  ["one", ["of_our_own"], "extension of_our_own: an empty one stands in for it"],
  ["many", LACKING, `extensions ${LACKING.join(", ")}: empty ones stand in for them`],
] as const).map(([count, names, note]) => ({
  title: `${count} that nothing uses: stood in for, and created where schema.sql creates it`,
  settings: MIGRATE,
  files: {
    "migrations/1_a.up.sql": SHELF,
    "schema.sql": names.map((name) => `CREATE EXTENSION IF NOT EXISTS ${name};\n`).join("") +
      SHELF,
  },
  args: ["generate", "--dry-run"],
  code: 0,
  stdout: new RegExp(names.map((name) => `(?=[^]*^CREATE EXTENSION ${name}\\b)`).join(""), "m"),
  stderr: [new RegExp(`^note: pglite lacks the ${note}$`, "m")],
}));

const EXTENSIONS: readonly ProjectCase[] = [
  {
    title: "versions, schemas and comments of stand-ins are as scripts want them",
    settings: MIGRATE,
    files: {
      "migrations/1_a.up.sql":
        "CREATE SCHEMA gis;\nCREATE EXTENSION postgis WITH SCHEMA gis VERSION '3.4.2';\nALTER EXTENSION postgis UPDATE TO '3.5.1';\n" +
        "CREATE EXTENSION pg_cron;\nGRANT USAGE ON SCHEMA cron TO web;\n",
      "schema.sql":
        "CREATE SCHEMA gis;\nCREATE EXTENSION postgis WITH SCHEMA gis;\nCOMMENT ON EXTENSION postgis IS 'PostGIS''s own';\n" +
        "CREATE EXTENSION pg_cron WITH SCHEMA pg_catalog;\nGRANT USAGE ON SCHEMA cron TO web;\n",
    },
    args: ["diff", "--exit-code"],
    code: 0,
  },
  {
    title: "what uses a type of a missing extension is named, with the way out",
    settings: MIGRATE,
    files: {
      "migrations/1_a.up.sql": SHELF,
      "schema.sql":
        "CREATE EXTENSION postgis;\nCREATE TABLE places (\n  id int,\n  geom geometry(Point, 4326)\n);\n",
    },
    args: ["diff"],
    code: 3,
    stderr: [
      /^error: .*type "geometry" does not exist; column places\.geom uses the extension "postgis"/m,
      /^ {2}--> schema\.sql:4:8$/m,
      /^hint: Name a runtime that has postgis, or .*before/m,
    ],
  },
  {
    title:
      "what calls a function of a missing extension is named by validate, and is no fault of the migration",
    settings: MIGRATE,
    files: {
      "migrations/1_a.up.sql":
        `CREATE EXTENSION pg_cron;\nSELECT cron.schedule('n', '0 3 * * *', 'VACUUM');\n`,
      "schema.sql": "CREATE EXTENSION pg_cron;\n",
    },
    args: ["validate"],
    code: 3,
    stderr: [
      /SELECT cron\.schedule\('n', '0 3 \* \* \*', 'VACUUM'\) uses the extension "pg_cron"/,
      /^ {2}--> migrations\/1_a\.up\.sql:2:8$/m,
    ],
  },
  {
    title: "stubs in a file of before are enough for what is used",
    settings: [...MIGRATE, 'before = "stubs.sql"'],
    files: {
      "stubs.sql":
        "CREATE SCHEMA cron;\nCREATE FUNCTION cron.schedule(text, text, text) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';\n",
      "migrations/1_a.up.sql":
        `CREATE EXTENSION pg_cron;\nSELECT cron.schedule('n', '0 3 * * *', 'VACUUM');\n`,
      "schema.sql": "CREATE EXTENSION pg_cron;\n",
    },
    args: ["diff", "--exit-code"],
    code: 0,
  },
  {
    title: "servers of a missing foreign-data wrapper can be made",
    settings: MIGRATE,
    files: {
      "migrations/1_a.up.sql": "CREATE EXTENSION postgres_fdw;\n",
      "schema.sql":
        "CREATE EXTENSION postgres_fdw;\nCREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'db');\n" +
        "CREATE FOREIGN TABLE far (id int) SERVER other;\n",
    },
    args: ["generate", "--dry-run"],
    code: 0,
    stdout: /^CREATE FOREIGN TABLE far /m,
  },
  {
    title: "a block that asks for an extension first goes without it",
    settings: MIGRATE,
    files: {
      "migrations/1_a.up.sql":
        `DO $$ BEGIN IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb') THEN CREATE EXTENSION timescaledb; PERFORM create_hypertable('shelf', 'at'); END IF; END $$;\n${SHELF}`,
      "schema.sql": SHELF,
    },
    args: ["diff", "--exit-code"],
    code: 0,
  },
];

const SQLITE = ['engine = "sqlite"', 'format = "migrate"'];
const PERSON = "CREATE TABLE person (id integer PRIMARY KEY, name text);\n";
const USED =
  `${PERSON}INSERT INTO person (name) VALUES ('é');\nUPDATE person SET name = fold(name);\n`;

const REGISTERED = ["sql.js", "node:sqlite"].flatMap((runtime): readonly ProjectCase[] => [
  {
    title: `functions and collations of the application have stand-ins on ${runtime}`,
    settings: [
      ...SQLITE,
      `runtime = "${runtime}"`,
      "[sqlite]",
      'functions = ["fold/1", "pick/-1", "regexp/2"]',
      'collations = ["NATURAL"]',
    ],
    files: {
      "migrations/1_a.up.sql":
        `CREATE TABLE person (id integer PRIMARY KEY, name text COLLATE NATURAL CHECK (name REGEXP '.'));\n` +
        `INSERT INTO person (name) VALUES ('é');\nUPDATE person SET name = fold(name);\nCREATE INDEX picked ON person (pick(name, 'a', 1));\n`,
      "schema.sql":
        `CREATE TABLE person (id integer PRIMARY KEY, name text COLLATE NATURAL CHECK (name REGEXP '.'), town text COLLATE "NATURAL");\n` +
        `CREATE INDEX picked ON person (pick(name, 'a', 1));\nCREATE INDEX names ON person (name);\n`,
    },
    args: ["generate", "--dry-run"],
    code: 0,
    stdout:
      /^ALTER TABLE person ADD COLUMN town text COLLATE "?NATURAL"?;\nCREATE INDEX names ON person \(name\);\n/m,
    notStdout: /RTRIM/i,
    stderr: [
      /^note: Stand-ins for functions of the application, .*: fold\(\), pick\(\), regexp\(\)$/m,
      /^note: Stand-ins for collations of the application, .*: NATURAL$/m,
    ],
  },
  {
    title: `the error for an unknown function on ${runtime} names the setting`,
    settings: [...SQLITE, `runtime = "${runtime}"`],
    files: { "migrations/1_a.up.sql": USED, "schema.sql": PERSON },
    args: ["diff"],
    code: 2,
    stderr: [/^hint: .*functions = \["fold\/-1"\] under \[sqlite\] in aim\.toml/m],
  },
  {
    title: `the error for another number of arguments on ${runtime} names the setting`,
    settings: [...SQLITE, `runtime = "${runtime}"`, "[sqlite]", 'functions = ["fold/2"]'],
    files: { "migrations/1_a.up.sql": USED, "schema.sql": PERSON },
    args: ["diff"],
    code: 2,
    stderr: [/^hint: .*\[sqlite\] in aim\.toml: functions = \["fold\/-1"\]/m],
  },
]);

const WRONG: readonly ProjectCase[] = [
  {
    title: "a function without its number of arguments is refused, with its place",
    settings: [...SQLITE, "[sqlite]", 'functions = ["fold"]'],
    files: { "schema.sql": PERSON },
    args: ["diff"],
    code: 2,
    stderr: [/^error: Cannot use sqlite\.functions in aim\.toml: "fold" is not /m, /:4:1$/m],
  },
  {
    title: "an unknown key in a table is refused, with its place",
    settings: [...SQLITE, "[sqlite]", "function = []"],
    files: { "schema.sql": PERSON },
    args: ["diff"],
    code: 2,
    stderr: [/^error: Unknown key "sqlite\.function" in aim\.toml$/m, /sqlite\.functions/],
  },
];

testProjects([...UNUSED, ...EXTENSIONS, ...REGISTERED, ...WRONG]);

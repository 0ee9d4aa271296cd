import { type ProjectCase, testProjects } from "../project_case.ts";

const MIGRATE = ['engine = "postgres"', 'format = "migrate"'];
const HISTORY = { "migrations/1_z.up.sql": "CREATE TABLE zeta (id int PRIMARY KEY);\n" };

const CASES: readonly ProjectCase[] = [
  {
    title: "a folder whose files need each other in another order is loaded in one that works",
    settings: [...MIGRATE, 'schema = "parts"'],
    files: {
      ...HISTORY,
      "parts/a.sql": "CREATE TABLE alpha (id int REFERENCES zeta (id));\n",
      "parts/b.sql": "CREATE VIEW both_ AS SELECT id FROM alpha UNION SELECT id FROM zeta;\n",
      "parts/z.sql": "CREATE TABLE zeta (id int PRIMARY KEY);\n",
    },
    args: ["diff"],
    code: 0,
    stdout: /^\+ table {2}public\.alpha .*\n\+ view {3}public\.both_ /,
  },
  {
    title: "files that need each other both ways are loaded statement by statement",
    settings: [...MIGRATE, 'schema = "parts"'],
    files: {
      ...HISTORY,
      "parts/a.sql":
        "SET search_path = public;\nCREATE TABLE alpha (id int PRIMARY KEY REFERENCES zeta (id));\nCREATE INDEX ON alpha (id);\n",
      "parts/z.sql":
        "BEGIN;\nCREATE TABLE zeta (id int PRIMARY KEY);\nCREATE VIEW seen AS SELECT id FROM alpha;\nCOMMIT;\n",
    },
    args: ["diff"],
    code: 0,
    stdout: /^\+ table {2}public\.alpha .*\n\+ view {3}public\.seen /,
  },
  {
    title: "what still fails is named with its own error, and what fails with it",
    settings: [...MIGRATE, 'schema = "parts"'],
    files: {
      ...HISTORY,
      "parts/a.sql": "CREATE VIEW seen AS SELECT id FROM alpha;\n",
      "parts/b.sql": "\nCREATE TABLE alpha (id int REFERENCES nowhere (id));\n",
    },
    args: ["diff"],
    code: 2,
    stderr: [
      /^error: Cannot load parts\/b\.sql: relation "nowhere" does not exist$/m,
      /^ {2}--> parts\/b\.sql:2:39$/m,
      /^hint: .*parts\/a\.sql:1: relation "alpha" does not exist$/m,
    ],
  },
  {
    title: "an error that no other file can mend is told at once",
    settings: [...MIGRATE, 'schema = "parts"'],
    files: {
      ...HISTORY,
      "parts/a.sql": "CREATE TABLE alpha (id int, id int);\n",
      "parts/b.sql": "CREATE TABLE beta (id int);\n",
    },
    args: ["diff"],
    code: 2,
    stderr: [/^error: Cannot load parts\/a\.sql: column "id" specified more than once$/m],
  },
  {
    title: "a list of files and folders is loaded in its order, each file once",
    settings: ['engine = "sqlite"', 'schema = ["z.sql", "parts/"]'],
    files: {
      "z.sql": "CREATE TABLE zeta (id int);\nINSERT INTO zeta VALUES (1);\n",
      "parts/a.sql": "CREATE INDEX zeta_id ON zeta (id);\n",
      "migrations/1_a.up.sql": "CREATE TABLE zeta (id int);\nCREATE INDEX zeta_id ON zeta (id);\n",
    },
    args: ["diff", "--exit-code", "--schema", "z.sql", "--schema", "parts", "--schema", "z.sql"],
    code: 0,
  },
  {
    title: "a SQLite folder is loaded in an order that works, too",
    settings: ['engine = "sqlite"', 'schema = "parts"'],
    files: {
      "parts/a.sql": "CREATE INDEX zeta_id ON zeta (id);\n",
      "parts/z.sql": "CREATE TABLE zeta (id int);\n",
      "migrations/1_a.up.sql": "CREATE TABLE zeta (id int);\nCREATE INDEX zeta_id ON zeta (id);\n",
    },
    args: ["diff", "--exit-code"],
    code: 0,
  },
  {
    title:
      "\\i and \\ir include files of the project, and an included file of the folder counts once",
    settings: [...MIGRATE, 'schema = "db"'],
    files: {
      ...HISTORY,
      "db/schema.sql": "\\i db/types.sql\n\\ir 'tables/zeta.sql'\n",
      "db/types.sql": "CREATE TYPE mood AS ENUM ('a');\n",
      "db/tables/zeta.sql": "CREATE TABLE zeta (id int PRIMARY KEY);\n",
    },
    args: ["diff"],
    code: 0,
    stdout: /^\+ enum type? ? ?public\.mood|^\+ \S.*public\.mood/,
    notStdout: /zeta/,
  },
  {
    title: "an error in an included file has the place in that file",
    settings: [...MIGRATE, 'schema = "db/schema.sql"'],
    files: {
      ...HISTORY,
      "db/schema.sql": "-- all of it\n\\ir zeta.sql\nCREATE TABLE later (id int);\n",
      "db/zeta.sql": "CREATE TABLE zeta (id int);\nCREATE TABLE other (id nope);\n",
    },
    args: ["diff"],
    code: 2,
    stderr: [
      /^error: Cannot load db\/zeta\.sql: type "nope" does not exist$/m,
      /^ {2}--> db\/zeta\.sql:2:24$/m,
    ],
  },
  {
    title: "files that include each other are named",
    settings: [...MIGRATE],
    files: {
      ...HISTORY,
      "schema.sql": "\\i a.sql\n",
      "a.sql": "\n\\ir b.sql\n",
      "b.sql": "\\i a.sql\n",
    },
    args: ["diff"],
    code: 2,
    stderr: [
      /^error: Cannot include "a\.sql" in b\.sql: it includes itself: a\.sql -> b\.sql -> a\.sql$/m,
      /^ {2}--> b\.sql:1:1$/m,
    ],
  },
  {
    title: "an included file outside of the project is refused",
    settings: [...MIGRATE],
    files: { ...HISTORY, "schema.sql": "\n\\i /etc/hostname\n" },
    args: ["diff"],
    code: 2,
    stderr: [
      /^error: Cannot include "\/etc\/hostname" in schema\.sql: it is outside of the project$/m,
    ],
  },
  {
    title: "an included file that is not there is named, with its place",
    settings: [...MIGRATE],
    files: { ...HISTORY, "schema.sql": "\n  \\ir nowhere.sql\n" },
    args: ["diff"],
    code: 2,
    stderr: [
      /^error: Cannot include "nowhere\.sql" in schema\.sql: there is no such file$/m,
      /^ {2}--> schema\.sql:2:3$/m,
    ],
  },
  {
    title: "rows of a COPY that look like an include are rows",
    settings: [...MIGRATE],
    files: {
      ...HISTORY,
      "schema.sql":
        "CREATE TABLE zeta (id int PRIMARY KEY);\nCREATE TEMP TABLE t (a text);\nCOPY t FROM stdin;\n\\i nowhere.sql\n\\.\n",
    },
    args: ["diff", "--exit-code"],
    code: 0,
  },
  {
    title: "a format that is only read gives the SQL with --dry-run",
    settings: ['engine = "sqlite"', 'format = "plain"'],
    files: {
      "migrations/1.sql": "CREATE TABLE shelf (id int);\n",
      "schema.sql": "CREATE TABLE shelf (id int, n int);\n",
    },
    args: ["generate", "--dry-run"],
    code: 0,
    stdout: /^-- add_n_to_shelf, up\nBEGIN;\nALTER TABLE shelf ADD COLUMN n int;\n/,
    stderr: [/^ {2}proven on /m],
  },
  {
    title: "a format that is only read is not written, and the reason is given",
    settings: ['engine = "postgres"', 'format = "plain"'],
    files: {
      "migrations/1_a.sql": "CREATE TABLE shelf (id int);\n",
      "schema.sql": "CREATE TABLE shelf (id int, n int);\n",
    },
    args: ["generate"],
    code: 2,
    stderr: [
      /^error: Cannot write migrations in the format "plain"$/m,
      /^hint: It is only read; .*aim generate --dry-run prints the SQL$/m,
    ],
  },
];

testProjects(CASES);

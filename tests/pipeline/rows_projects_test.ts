import { type ProjectCase, testProjects } from "../project_case.ts";

const CASES: readonly ProjectCase[] = (["postgres", "sqlite"] as const).flatMap((
  engine,
): readonly ProjectCase[] => [
  {
    title: `${engine}: an answer that rows refuse is unproven, with the flags that settle it`,
    settings: [`engine = "${engine}"`],
    files: {
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, n integer NOT NULL);\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, n integer);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
    },
    args: ["generate", "--dry-run", "--answer", "fill:t.n=expression=nullif(1, 1)"],
    code: 1,
    stderr: [
      /✗ rows {3}1 of 1 table seeded: refused by rows/,
      /settled by --answer fill:\S*t\.n=assume-empty/,
      /unproven: refused by rows/,
    ],
  },
  {
    title:
      `${engine}: a table that is said to have no such rows stays without, and the file and the report say so`,
    settings: [`engine = "${engine}"`],
    files: {
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, n integer, CHECK (n > 5));\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, n integer);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
    },
    args: ["generate", "--dry-run", "--assume-empty", "-v"],
    code: 0,
    stdout: /assumed for check:/,
    stderr: [/rows {3}no table has rows/, /assume-empty says that it has none/, /proven/],
  },
  {
    title: `${engine}: seeds of the project's own stand in its tables, and checks hold over them`,
    settings: [
      `engine = "${engine}"`,
      'seeds = ["rows.sql"]',
      "[[check]]",
      'name = "three rows"',
      'sql = "SELECT count(*) FROM t"',
      "expect = 3",
      "[[check]]",
      'name = "names"',
      'sql = "SELECT name FROM t ORDER BY id"',
      'expect = "same"',
    ],
    files: {
      "rows.sql": "INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, NULL);\n",
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text, note text);\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
    },
    args: ["generate", "--dry-run"],
    code: 0,
    stderr: [/✓ rows {3}1 of 1 table seeded, kept/],
  },
  {
    title:
      `${engine}: a check that does not hold leaves the migration unproven, with what was expected and found`,
    settings: [
      `engine = "${engine}"`,
      "[[check]]",
      'name = "two rows"',
      'sql = "SELECT count(*) FROM t"',
      "expect = 2",
    ],
    files: {
      "seeds/rows.sql": "INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, NULL);\n",
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text, note text);\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
    },
    args: ["generate", "--dry-run"],
    code: 1,
    stderr: [/check "two rows" before up: 3, expected 2/, /unproven: a check does not hold/],
  },
  {
    title: `${engine}: a check that writes is taken back`,
    settings: [
      `engine = "${engine}"`,
      "[[check]]",
      'name = "deletes"',
      'sql = "DELETE FROM t RETURNING 1"',
      'expect = "same"',
    ],
    files: {
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text, note text);\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
    },
    args: ["generate", "--dry-run"],
    code: 0,
    stderr: [/✓ rows {3}1 of 1 table seeded, kept/],
  },
  {
    title: `${engine}: a check that ends its transaction is refused`,
    settings: [
      `engine = "${engine}"`,
      "[[check]]",
      'name = "ends"',
      'sql = "COMMIT"',
      'expect = "same"',
    ],
    files: {
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text, note text);\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
    },
    args: ["generate", "--dry-run"],
    code: 2,
    stderr: [/Cannot run the check "ends"/],
  },
  {
    title: `${engine}: a seed that does not run is an error with its place`,
    settings: [`engine = "${engine}"`, 'seeds = ["rows.sql"]'],
    files: {
      "rows.sql": "\nINSERT INTO nowhere VALUES (1);\n",
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text, note text);\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
    },
    args: ["generate", "--dry-run"],
    code: 2,
    stderr: [/Cannot put in the rows of rows\.sql: .*nowhere/, /--> rows\.sql:2/],
  },
  {
    title:
      `${engine}: validate finds the migration of a history that deletes rows, and its statement`,
    settings: [`engine = "${engine}"`],
    files: {
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text);\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
      "migrations/000002_clean.up.sql": "DELETE FROM t;\n",
      "migrations/000002_clean.down.sql": "SELECT 1;\n",
    },
    args: ["validate"],
    code: 1,
    stdout: /✗ 000002_clean.*lost[^]*DELETE FROM t;[^]*WARNING: destroys the rows of table \S*t\n/,
  },
  {
    title: `${engine}: validate names a table that DOWN leaves, and not all that is in it`,
    settings: [`engine = "${engine}"`],
    files: {
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text);\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text);\n",
      "migrations/000001_t.down.sql": "SELECT 1;\n",
    },
    args: ["validate"],
    code: 1,
    stdout: /: DOWN leaves extra table \S*t\n/,
  },
  {
    title:
      `${engine}: what a file says of one table does not excuse a DOWN that rows of another refuse`,
    settings: [`engine = "${engine}"`],
    files: {
      "schema.sql":
        "CREATE TABLE t (id integer PRIMARY KEY);\nCREATE TABLE u (id integer PRIMARY KEY, n integer);\n",
      "migrations/000001_t.up.sql":
        "CREATE TABLE t (id integer PRIMARY KEY, a text);\nCREATE TABLE u (id integer PRIMARY KEY, n integer);\nCREATE UNIQUE INDEX u_n ON u (n);\n",
      "migrations/000001_t.down.sql": "DROP TABLE u;\nDROP TABLE t;\n",
      "migrations/000002_next.up.sql":
        "-- DOWN fails on new data: duplicates in u.n\n-- WARNING: destroys the values of column t.a\nALTER TABLE t DROP COLUMN a;\nDROP INDEX u_n;\nUPDATE u SET n = 1;\n",
      "migrations/000002_next.down.sql":
        "CREATE UNIQUE INDEX u_n ON u (n);\nALTER TABLE t ADD COLUMN a text;\n",
    },
    args: ["validate"],
    code: 1,
    stdout: /✗ 000002_next.*refused[^]*over rows, DOWN fails: .*000002_next\.down\.sql:1/,
  },
  {
    title: `${engine}: a DOWN that a file says fails does not hide what UP deletes elsewhere`,
    settings: [`engine = "${engine}"`],
    files: {
      "schema.sql":
        "CREATE TABLE t (id integer PRIMARY KEY, a text);\nCREATE TABLE u (id integer PRIMARY KEY, n integer);\n",
      "migrations/000001_t.up.sql":
        "CREATE TABLE t (id integer PRIMARY KEY, a text);\nCREATE UNIQUE INDEX t_a ON t (a);\nCREATE TABLE u (id integer PRIMARY KEY, n integer);\n",
      "migrations/000001_t.down.sql": "DROP TABLE u;\nDROP TABLE t;\n",
      "migrations/000002_next.up.sql":
        "-- WARNING: destroys the values of column t.a\nDROP INDEX t_a;\nUPDATE t SET a = 'x';\nDELETE FROM u;\n",
      "migrations/000002_next.down.sql": "CREATE UNIQUE INDEX t_a ON t (a);\n",
    },
    args: ["validate"],
    code: 1,
    stdout: /✗ 000002_next.*lost[^]*DELETE FROM u;/,
  },
  {
    title: `${engine}: a DOWN over rows whose values the file says are lost may fail on them`,
    settings: [`engine = "${engine}"`],
    files: {
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, a text);\n",
      "migrations/000001_t.up.sql":
        "CREATE TABLE t (id integer PRIMARY KEY, a text);\nCREATE UNIQUE INDEX t_a ON t (a);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
      "migrations/000002_next.up.sql":
        "-- WARNING: destroys the values of column t.a\nDROP INDEX t_a;\nUPDATE t SET a = 'x';\n",
      "migrations/000002_next.down.sql": "CREATE UNIQUE INDEX t_a ON t (a);\n",
    },
    args: ["validate"],
    code: 0,
  },
  {
    title: `${engine}: an answer about one table does not excuse an UP that rows of another refuse`,
    settings: [`engine = "${engine}"`],
    files: {
      "schema.sql":
        "CREATE TABLE t (id integer PRIMARY KEY);\nCREATE TABLE u (id integer PRIMARY KEY, n integer);\nCREATE UNIQUE INDEX u_n ON u (n);\n",
      "migrations/000001_t.up.sql":
        "CREATE TABLE t (id integer PRIMARY KEY);\nCREATE TABLE u (id integer PRIMARY KEY, n integer);\n",
      "migrations/000001_t.down.sql": "DROP TABLE u;\nDROP TABLE t;\n",
      "migrations/000002_next.up.sql":
        "-- aim:answer rows:t=assume-empty (by flag): There are none\nUPDATE u SET n = 1;\nCREATE UNIQUE INDEX u_n ON u (n);\n",
      "migrations/000002_next.down.sql": "DROP INDEX u_n;\n",
    },
    args: ["validate"],
    code: 1,
    stdout: /✗ 000002_next.*refused/,
  },
  {
    title: `${engine}: rows that are gone by an UPDATE are lost, and no values that became others`,
    settings: [`engine = "${engine}"`],
    files: {
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, n integer UNIQUE);\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, n integer UNIQUE);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
      "migrations/000002_next.up.sql": engine === "sqlite"
        ? "UPDATE OR REPLACE t SET n = 1;\n"
        : "WITH gone AS (DELETE FROM t WHERE id > 2 RETURNING id)\nUPDATE t SET n = n WHERE id = 1;\n",
      "migrations/000002_next.down.sql": "SELECT 1;\n",
    },
    args: ["validate"],
    code: 1,
    stdout: /✗ 000002_next.*lost[^]*UPDATE/,
  },
  {
    title: `${engine}: a column that gives its name to a new one keeps its values`,
    settings: [`engine = "${engine}"`],
    files: {
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, kept text, a text DEFAULT '');\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, a text);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
      "migrations/000002_next.up.sql":
        "ALTER TABLE t RENAME COLUMN a TO kept;\nALTER TABLE t ADD COLUMN a text DEFAULT '';\n",
      "migrations/000002_next.down.sql":
        "ALTER TABLE t DROP COLUMN a;\nALTER TABLE t RENAME COLUMN kept TO a;\n",
    },
    args: ["validate"],
    code: 0,
    stdout: /✓ 000002_next.*kept/,
  },
  {
    title: `${engine}: rows of a table that is made again without them are laid to its DROP`,
    settings: [`engine = "${engine}"`],
    files: {
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, a text);\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, a text);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
      "migrations/000002_next.up.sql":
        "DROP TABLE t;\nCREATE TABLE t (id integer PRIMARY KEY, a text);\n",
      "migrations/000002_next.down.sql": "SELECT 1;\n",
    },
    args: ["validate"],
    code: 1,
    stdout: /✗ 000002_next.*lost[^]*DROP TABLE t;/,
  },
  {
    title: `${engine}: validate takes a loss that the file says, and with --rows off none is seen`,
    settings: [`engine = "${engine}"`],
    files: {
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text);\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
      "migrations/000002_clean.up.sql":
        "-- WARNING: destroys the rows of table t\nDELETE FROM t;\n",
      "migrations/000002_clean.down.sql": "SELECT 1;\n",
    },
    args: ["validate"],
    code: 0,
    stdout: /✓ 000002_clean.*kept/,
  },
  {
    title: `${engine}: validate takes a file that says that there are no such rows`,
    settings: [`engine = "${engine}"`],
    files: {
      "schema.sql":
        "CREATE TABLE t (id integer PRIMARY KEY, name text);\nCREATE UNIQUE INDEX u ON t ((1));\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
      "migrations/000002_u.up.sql":
        "-- aim:answer rows:t=assume-empty (by flag): There are none\nCREATE UNIQUE INDEX u ON t ((1));\n",
      "migrations/000002_u.down.sql": "DROP INDEX u;\n",
    },
    args: ["validate"],
    code: 0,
    stdout: /✓ 000002_u/,
  },
  {
    title: `${engine}: validate --rows off looks at schemas alone`,
    settings: [`engine = "${engine}"`],
    files: {
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text);\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
      "migrations/000002_clean.up.sql": "DELETE FROM t;\n",
      "migrations/000002_clean.down.sql": "SELECT 1;\n",
    },
    args: ["validate", "--rows", "off"],
    code: 0,
    notStdout: /rows|lost/,
  },
  {
    title:
      `${engine}: validate finds a migration that works on empty tables alone, and goes on behind it`,
    settings: [`engine = "${engine}"`],
    files: {
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, name text);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
      "migrations/000002_u.up.sql": "CREATE UNIQUE INDEX u ON t ((1));\n",
      "migrations/000002_u.down.sql": "DROP INDEX u;\n",
      "migrations/000003_v.up.sql": "ALTER TABLE t ADD COLUMN v text;\n",
      "migrations/000003_v.down.sql": "ALTER TABLE t DROP COLUMN v;\n",
      "schema.sql":
        "CREATE TABLE t (id integer PRIMARY KEY, name text, v text);\nCREATE UNIQUE INDEX u ON t ((1));\n",
    },
    args: ["validate"],
    code: 1,
    stdout: /✗ 000002_u.*refused\n✓ 000003_v[^]*it works on empty tables alone/,
  },
]);

/** A history over whose third state the project's own rows fit. */
const OWN_ROWS: readonly ProjectCase[] = (["postgres", "sqlite"] as const).flatMap((
  engine,
): readonly ProjectCase[] => {
  const history = {
    "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY);\n",
    "migrations/000001_t.down.sql": "DROP TABLE t;\n",
    "migrations/000002_n.up.sql": "ALTER TABLE t ADD COLUMN n integer;\n",
    "migrations/000002_n.down.sql": "ALTER TABLE t DROP COLUMN n;\n",
    "migrations/000003_sum.up.sql": "UPDATE t SET n = n + 1 WHERE id = 2;\n",
    "migrations/000003_sum.down.sql": "UPDATE t SET n = n - 1 WHERE id = 2;\n",
    "migrations/000004_note.up.sql": "ALTER TABLE t ADD COLUMN note text;\n",
    "migrations/000004_note.down.sql": "ALTER TABLE t DROP COLUMN note;\n",
  };
  const schema = "CREATE TABLE t (id integer PRIMARY KEY, n integer, note text);\n";
  const settings = [
    `engine = "${engine}"`,
    "[[check]]",
    'name = "sum"',
    'sql = "SELECT sum(n) FROM t"',
    'expect = "30"',
  ];
  const files = { ...history, "schema.sql": schema };
  return [
    {
      title:
        `${engine}: validate holds the checks against each migration once the project's rows fit`,
      settings,
      files: { ...files, "seeds/rows.sql": "INSERT INTO t (id, n) VALUES (1, 10), (2, 20);\n" },
      args: ["validate"],
      code: 1,
      stdout:
        /✓ 000002_n[^]*✗ 000003_sum.*check-failed\n✓ 000004_note[^]*check "sum" after up: 31, expected 30/,
    },
    {
      title: `${engine}: rows that fit no state of the history are said so`,
      settings: [`engine = "${engine}"`],
      files: { ...files, "seeds/rows.sql": "INSERT INTO t (id, m) VALUES (1, 10);\n" },
      args: ["validate"],
      code: 0,
      stderr: [/rows fit no state of the history: \S*seeds\/rows\.sql:1: /],
    },
  ];
});

/** A table divided into partitions, with a default one. */
const DIVIDED = "CREATE TABLE t (id integer NOT NULL, kind text) PARTITION BY LIST (kind);\n" +
  "CREATE TABLE t_a PARTITION OF t FOR VALUES IN ('a');\n";

/** Each replay of this history gives its row another value. */
const DRAWN = "CREATE TABLE t (id integer PRIMARY KEY, drawn uuid DEFAULT gen_random_uuid());\n";

const PARTITIONS: readonly ProjectCase[] = [
  {
    title:
      "postgres: what asks for as many rows as a number says is proven without rows, and that is said",
    settings: ['engine = "postgres"', 'statement_timeout = "4s"', 'memory_limit = "256MB"'],
    files: {
      "schema.sql": "CREATE TABLE t (id integer PRIMARY KEY, n integer, note text);\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id integer PRIMARY KEY, n integer);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
      "migrations/000002_time.up.sql":
        "DO $$ DECLARE most integer; BEGIN SELECT coalesce(max(n), 0) INTO most FROM t;\nFOR i IN 1..most LOOP PERFORM pg_sleep(0.001); END LOOP; END $$;\n",
      "migrations/000002_time.down.sql": "SELECT 1;\n",
      "migrations/000003_memory.up.sql":
        "SELECT array_agg(repeat('x', 100) || i) FROM t CROSS JOIN LATERAL generate_series(1, t.n) AS i;\n",
      "migrations/000003_memory.down.sql": "SELECT 1;\n",
      "migrations/000004_next.up.sql": "ALTER TABLE t ADD COLUMN note text;\n",
      "migrations/000004_next.down.sql": "ALTER TABLE t DROP COLUMN note;\n",
    },
    args: ["validate"],
    code: 0,
    stdout: /✓ 000002_time.*none\n✓ 000003_memory.*none\n✓ 000004_next.*kept/,
    stderr: [
      /000002_time\.up\.sql:1:1: canceling statement due to statement timeout, over rows of extremes: proven without rows/,
      /000003_memory\.up\.sql:1:1: .*, over rows of extremes: proven without rows/,
    ],
  },
  {
    title:
      "postgres: values that an earlier migration draws are laid to the UPDATE that writes them",
    settings: ['engine = "postgres"'],
    files: {
      "schema.sql": DRAWN,
      "migrations/000001_t.up.sql": DRAWN,
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
      "migrations/000002_row.up.sql": "INSERT INTO t (id) VALUES (1);\n",
      "migrations/000002_row.down.sql": "DELETE FROM t WHERE id = 1;\n",
      "migrations/000003_draw.up.sql":
        "SELECT 1;\nUPDATE t SET drawn = gen_random_uuid() WHERE id = 1;\n",
      "migrations/000003_draw.down.sql": "SELECT 1;\n",
    },
    args: ["validate"],
    code: 0,
    stdout: /✓ 000003_draw.*kept/,
  },
  {
    title:
      "postgres: the rows of a default partition that goes are said to go, and come back no more",
    settings: ['engine = "postgres"'],
    files: {
      "schema.sql": DIVIDED,
      "migrations/000001_t.up.sql": `${DIVIDED}CREATE TABLE t_rest PARTITION OF t DEFAULT;\n`,
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
    },
    args: ["generate", "--dry-run"],
    code: 0,
    stdout: /WARNING: destroys the rows of table public\.t_rest/,
    stderr: [/✓ rows {3}2 of 2 tables seeded/, /proven/],
  },
  {
    title: "postgres: with rows that are given up, their table's counter begins again",
    settings: ['engine = "postgres"'],
    files: {
      "schema.sql": "CREATE TABLE t (n serial, kind text) PARTITION BY LIST (kind);\n" +
        "CREATE TABLE t_a PARTITION OF t FOR VALUES IN ('a');\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (n serial, kind text);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
    },
    args: ["generate", "--dry-run", "--answer", "rows:t=discard"],
    code: 0,
    stderr: [/✓ rows {3}1 of 1 table seeded, kept but for what the migration says/],
  },
  {
    title: "postgres: a table said to be empty that becomes one without partitions is not lost",
    settings: ['engine = "postgres"'],
    files: {
      "schema.sql": "CREATE TABLE t (n integer, kind text) PARTITION BY LIST (kind);\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (n integer, kind text);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
    },
    args: ["generate", "--dry-run", "--assume-empty"],
    code: 0,
    stderr: [/proven/],
  },
  {
    title: "postgres: rows of the whole do not come into a partition that is said to have none",
    settings: ['engine = "postgres"'],
    files: {
      "schema.sql": `CREATE TABLE o (kind text PRIMARY KEY);\n${DIVIDED}` +
        "ALTER TABLE t_a ADD CONSTRAINT t_a_o FOREIGN KEY (kind) REFERENCES o;\n",
      "migrations/000001_t.up.sql": `CREATE TABLE o (kind text PRIMARY KEY);\n${DIVIDED}`,
      "migrations/000001_t.down.sql": "DROP TABLE t;\nDROP TABLE o;\n",
    },
    args: ["generate", "--dry-run", "--answer", "reference:t_a.t_a_o=assume-empty"],
    code: 0,
    stderr: [/proven/],
  },
];

/** Changes that leave every value where it is, seen from outside of the table. */
const UNCHANGED: readonly ProjectCase[] = [
  {
    title:
      "postgres: a new attribute of a composite type is no change of the values that are there",
    settings: ['engine = "postgres"'],
    files: {
      "schema.sql":
        "CREATE TYPE pair AS (a int, b text, c int);\nCREATE TABLE t (id int PRIMARY KEY, p pair);\n",
      "migrations/000001_t.up.sql":
        "CREATE TYPE pair AS (a int, b text);\nCREATE TABLE t (id int PRIMARY KEY, p pair);\n",
      "migrations/000001_t.down.sql": "SELECT 1;\n",
    },
    args: ["generate", "--dry-run"],
    code: 0,
    stderr: [/✓ rows {3}1 of 1 table seeded, kept/],
  },
  {
    title: "postgres: another start of a sequence does not move it",
    settings: ['engine = "postgres"'],
    files: {
      "schema.sql": "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (START WITH 100));\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY);\n",
      "migrations/000001_t.down.sql": "SELECT 1;\n",
    },
    args: ["generate", "--dry-run"],
    code: 0,
    stderr: [/✓ rows {3}1 of 1 table seeded, kept/],
  },
  {
    title: "postgres: a sequence with other steps goes on behind its last value",
    settings: ['engine = "postgres"'],
    files: {
      "schema.sql":
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (START WITH 500 INCREMENT BY 10 CACHE 20 CYCLE));\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
    },
    args: ["generate", "--dry-run"],
    code: 0,
    stderr: [/✓ rows {3}1 of 1 table seeded, kept/],
  },
  {
    title: "postgres: a sequence goes on at its new bounds",
    settings: ['engine = "postgres"'],
    files: {
      "schema.sql":
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (MINVALUE 100 MAXVALUE 200 START WITH 100));\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY);\n",
      "migrations/000001_t.down.sql": "DROP TABLE t;\n",
    },
    args: ["generate", "--dry-run"],
    code: 0,
    stderr: [/✓ rows {3}1 of 1 table seeded, kept/],
  },
  {
    title: "postgres: a sequence that belongs to no table any more goes on",
    settings: ['engine = "postgres"'],
    files: {
      "schema.sql":
        "CREATE SEQUENCE t_id_seq AS integer;\nCREATE TABLE t (id integer NOT NULL DEFAULT nextval('t_id_seq'));\n",
      "migrations/000001_t.up.sql": "CREATE TABLE t (id serial);\n",
      "migrations/000001_t.down.sql": "SELECT 1;\n",
    },
    args: ["generate", "--dry-run"],
    code: 0,
    stderr: [/✓ rows {3}1 of 1 table seeded, kept/],
  },
];

/** Formats whose files say what was answered above the part that is UP. */
const ABOVE: readonly ProjectCase[] = [
  {
    title: "sqlite: an answer above goose's marks excuses what rows refuse",
    settings: ['engine = "sqlite"', 'format = "goose"'],
    files: {
      "schema.sql": "CREATE TABLE t (n integer);\nCREATE UNIQUE INDEX u ON t ((1));\n",
      "migrations/00001_t.sql":
        "-- +goose Up\nCREATE TABLE t (n integer);\n-- +goose Down\nDROP TABLE t;\n",
      "migrations/00002_u.sql":
        "-- aim:answer rows:t=assume-empty (by flag): There are none\n-- +goose Up\nCREATE UNIQUE INDEX u ON t ((1));\n-- +goose Down\nDROP INDEX u;\n",
    },
    args: ["validate"],
    code: 0,
    stdout: /✓ 00002_u/,
  },
  {
    title: "sqlite: an answer above a program of Alembic excuses what rows refuse",
    settings: ['engine = "sqlite"', 'format = "alembic"'],
    files: {
      "schema.sql": "CREATE TABLE t (n integer);\nCREATE UNIQUE INDEX u ON t ((1));\n",
      "migrations/a1_t.py":
        'from alembic import op\nrevision = "a1"\ndown_revision = None\n\n\ndef upgrade():\n    op.execute("CREATE TABLE t (n integer)")\n\n\ndef downgrade():\n    op.execute("DROP TABLE t")\n',
      "migrations/a2_u.py":
        'from alembic import op\n# aim:answer rows:t=assume-empty (by flag): There are none\nrevision = "a2"\ndown_revision = "a1"\n\n\ndef upgrade():\n    op.execute("CREATE UNIQUE INDEX u ON t ((1))")\n\n\ndef downgrade():\n    op.execute("DROP INDEX u")\n',
    },
    args: ["validate"],
    code: 0,
    stdout: /✓ a2_u/,
  },
];

testProjects([...CASES, ...UNCHANGED, ...OWN_ROWS, ...PARTITIONS, ...ABOVE]);

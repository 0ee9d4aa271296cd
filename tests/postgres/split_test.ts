import assert from "node:assert/strict";
import test from "node:test";
import { UsageError } from "../../src/core/error.ts";
import { split } from "../../src/engines/postgres/split.ts";
import { target } from "../../src/engines/postgres/target.ts";

/** Scripts and the statements that they hold. */
const CASES: readonly { name: string; sql: string; statements: readonly string[] }[] = [
  {
    name: "nothing but blanks, comments and semicolons",
    sql: " ;\n-- a;\n/* ; */;",
    statements: [],
  },
  {
    name: "a last statement without a semicolon",
    sql: "SELECT 1; SELECT 2 ",
    statements: ["SELECT 1", "SELECT 2"],
  },
  {
    name: "comments around a statement",
    sql: "-- a\nSELECT 1 -- b\n; /* c */ SELECT /* d */ 2 /* e */;",
    statements: ["SELECT 1", "SELECT /* d */ 2"],
  },
  {
    name: "nested comments",
    sql: "/* a /* b; */ c; */ SELECT 1 /*/* ; */*/;",
    statements: ["SELECT 1"],
  },
  {
    name: "doubled quotes",
    sql: `SELECT 'a'';b', "c"";d"; SELECT 2`,
    statements: [`SELECT 'a'';b', "c"";d"`, "SELECT 2"],
  },
  {
    name: "a backslash in a standard string",
    sql: String.raw`SELECT 'a\'; SELECT 2`,
    statements: [String.raw`SELECT 'a\'`, "SELECT 2"],
  },
  {
    name: "an escape string",
    sql: String.raw`SELECT E'a\';b', e'\\'; SELECT 2`,
    statements: [String.raw`SELECT E'a\';b', e'\\'`, "SELECT 2"],
  },
  {
    name: "an escape string that goes on in the next line",
    sql: "SELECT E'a'\n -- c\n 'b\\';c'; SELECT 2",
    statements: ["SELECT E'a'\n -- c\n 'b\\';c'", "SELECT 2"],
  },
  {
    name: "a name that ends in e before a string",
    sql: String.raw`SELECT date'a\'; SELECT 2`,
    statements: [String.raw`SELECT date'a\'`, "SELECT 2"],
  },
  {
    name: "Unicode strings and names",
    sql: String.raw`SELECT U&'\0061;', U&"d\0061;", N';', B'01', x'ff'; SELECT 2`,
    statements: [String.raw`SELECT U&'\0061;', U&"d\0061;", N';', B'01', x'ff'`, "SELECT 2"],
  },
  {
    name: "strings after standard_conforming_strings is turned off and on",
    sql: String
      .raw`SET standard_conforming_strings = off; SELECT 'a\';b'; SET standard_conforming_strings TO 'on'; SELECT '\'; SELECT 2`,
    statements: [
      "SET standard_conforming_strings = off",
      String.raw`SELECT 'a\';b'`,
      "SET standard_conforming_strings TO 'on'",
      String.raw`SELECT '\'`,
      "SELECT 2",
    ],
  },
  {
    name: "dollar quotes",
    sql: "SELECT $$a;'b$$, $t$;$$;$u$;$t$; SELECT $1; SELECT a$b$c; SELECT $é_1$;$é_1$",
    statements: [
      "SELECT $$a;'b$$, $t$;$$;$u$;$t$",
      "SELECT $1",
      "SELECT a$b$c",
      "SELECT $é_1$;$é_1$",
    ],
  },
  {
    name: "a rule with several actions",
    sql: "CREATE RULE r AS ON DELETE TO t DO ALSO (DELETE FROM a; DELETE FROM b;); SELECT 2",
    statements: [
      "CREATE RULE r AS ON DELETE TO t DO ALSO (DELETE FROM a; DELETE FROM b;)",
      "SELECT 2",
    ],
  },
  {
    name: "a routine with a body of statements",
    sql: `CREATE OR REPLACE PROCEDURE p(a int) LANGUAGE sql
BEGIN ATOMIC
  SELECT CASE WHEN a > 1 THEN CASE a WHEN 2 THEN 1 END END AS "end";
  SELECT 1 AS case, t.end FROM t;
END; SELECT 2`,
    statements: [
      `CREATE OR REPLACE PROCEDURE p(a int) LANGUAGE sql
BEGIN ATOMIC
  SELECT CASE WHEN a > 1 THEN CASE a WHEN 2 THEN 1 END END AS "end";
  SELECT 1 AS case, t.end FROM t;
END`,
      "SELECT 2",
    ],
  },
  {
    name: "a routine with very many arguments before its body",
    sql: `CREATE FUNCTION f(${
      Array.from({ length: 40 }, (_, i) => `a${i} int`).join(", ")
    }) RETURNS int BEGIN ATOMIC SELECT 1; END; SELECT 2`,
    statements: [
      `CREATE FUNCTION f(${
        Array.from({ length: 40 }, (_, i) => `a${i} int`).join(", ")
      }) RETURNS int BEGIN ATOMIC SELECT 1; END`,
      "SELECT 2",
    ],
  },
  {
    name: "BEGIN and END as transaction control",
    sql: "BEGIN; SELECT CASE 1 WHEN 1 THEN 2 END; END;",
    statements: ["BEGIN", "SELECT CASE 1 WHEN 1 THEN 2 END", "END"],
  },
  {
    name: "a byte order mark and Windows line ends",
    sql: "\ufeffSELECT 1;\r\n-- a\r\nSELECT 2;\r\n",
    statements: ["SELECT 1", "SELECT 2"],
  },
  {
    name: "psql commands that change nothing",
    sql: "\\restrict AbC\n\\set ON_ERROR_STOP on\nSELECT 1;\n\\echo it's done;\n\\unrestrict AbC\n",
    statements: ["SELECT 1"],
  },
  {
    name: "comments that end at a carriage return, and at no other line end",
    sql: "SELECT 1 -- a\rAS b; -- c\f;\u0085;\u2028;\rSELECT 2",
    statements: ["SELECT 1 -- a\rAS b", "SELECT 2"],
  },
  {
    name: "CASE and END as labels in a body",
    sql: `CREATE FUNCTION f() RETURNS int
BEGIN ATOMIC
  SELECT 1 end, 2 case, (SELECT 3 end) case FROM t;
  SELECT CASE WHEN (SELECT 1 end) THEN 2 END end;
  SELECT t . end FROM t;
END; SELECT 2`,
    statements: [
      `CREATE FUNCTION f() RETURNS int
BEGIN ATOMIC
  SELECT 1 end, 2 case, (SELECT 3 end) case FROM t;
  SELECT CASE WHEN (SELECT 1 end) THEN 2 END end;
  SELECT t . end FROM t;
END`,
      "SELECT 2",
    ],
  },
  {
    name: "an argument that is called as a body begins",
    sql: "CREATE FUNCTION f(begin atomic) RETURNS int RETURN 1; SELECT 2",
    statements: ["CREATE FUNCTION f(begin atomic) RETURNS int RETURN 1", "SELECT 2"],
  },
  {
    name: "numbers before dollar quotes",
    sql: "SELECT 1$a$;$a$, 1..2, $1$b$;$b$; SELECT 2",
    statements: ["SELECT 1$a$;$a$, 1..2, $1$b$;$b$", "SELECT 2"],
  },
  {
    name: "operators with comment signs inside",
    sql: "SELECT 2 -/* a */1; SELECT 3*-- b\n4; SELECT '{}'::json->>'a'",
    statements: ["SELECT 2 -/* a */1", "SELECT 3*-- b\n4", "SELECT '{}'::json->>'a'"],
  },
];

for (const { name, sql, statements } of CASES) {
  test(`split cuts ${name}`, () => {
    const found = split(sql);
    assert.deepEqual(found.map((statement) => statement.sql), statements);
    for (const { sql: text, offset } of found) {
      assert.equal(sql.slice(offset, offset + text.length), text);
    }
  });
}

test("split takes the data of COPY FROM stdin", () => {
  const script =
    "COPY public.t (a, b) FROM stdin;\n1\t'\n\\\\.\t;\n\\.\n\nSELECT 1;\nCOPY t FROM STDIN WITH (FORMAT csv);\r\n1,2\r\n\\.\r\nCOPY t FROM STDIN;\n";
  assert.deepEqual(split(script).map(({ sql, copyData }) => [sql, copyData]), [
    ["COPY public.t (a, b) FROM stdin", "1\t'\n\\\\.\t;\n"],
    ["SELECT 1", undefined],
    ["COPY t FROM STDIN WITH (FORMAT csv)", "1,2\r\n"],
    ["COPY t FROM STDIN", ""],
  ]);
});

test("split leaves other COPY statements alone", () => {
  const script =
    "COPY (SELECT a FROM stdin) TO STDOUT;\nCOPY t FROM 'stdin';\nSELECT * FROM stdin;\nSELECT 2";
  assert.deepEqual(split(script).map(({ copyData }) => copyData), Array(4).fill(undefined));
});

const ALONE = `
  CREATE INDEX CONCURRENTLY i ON t (a); CREATE UNIQUE INDEX CONCURRENTLY ON t (a); DROP INDEX CONCURRENTLY IF EXISTS i;
  REINDEX INDEX CONCURRENTLY i; REINDEX (VERBOSE, CONCURRENTLY) TABLE t; REINDEX DATABASE d; REINDEX SYSTEM d; REINDEX SCHEMA s;
  VACUUM; VACUUM (FULL) t; CLUSTER; CLUSTER VERBOSE; CREATE DATABASE d; DROP DATABASE d; CREATE TABLESPACE s LOCATION '/a';
  DROP TABLESPACE s; ALTER SYSTEM SET work_mem = '1MB'; ALTER DATABASE d SET TABLESPACE s; DROP SUBSCRIPTION s;
  ALTER TABLE "a" DETACH PARTITION "b" CONCURRENTLY; CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p;
  ALTER SUBSCRIPTION s REFRESH PUBLICATION; COMMIT PREPARED 'x'; DISCARD ALL`;

const TOGETHER = `
  CREATE INDEX concurrently_made ON t (a); CREATE INDEX "CONCURRENTLY" ON t (a); DROP INDEX i; REINDEX TABLE t; ANALYZE t;
  CLUSTER t USING i; CLUSTER "t"; ALTER TYPE e ADD VALUE 'a'; REFRESH MATERIALIZED VIEW CONCURRENTLY v; CALL p(); DO $$$$;
  ALTER DATABASE d SET work_mem = '1MB'; ALTER TABLE a DETACH PARTITION b; ALTER TABLE a DETACH PARTITION b FINALIZE;
  CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false); DISCARD TEMP; SELECT 'VACUUM'`;

test("split knows the statements that stand alone", () => {
  assert.deepEqual(split(ALONE).filter(({ transactional }) => transactional), []);
  assert.deepEqual(split(TOGETHER).filter(({ transactional }) => !transactional), []);
});

test("split knows transaction control", () => {
  const script =
    "BEGIN; START TRANSACTION ISOLATION LEVEL SERIALIZABLE; COMMIT WORK; END; ROLLBACK; ABORT; SAVEPOINT a; ROLLBACK TO a; ROLLBACK TRANSACTION TO SAVEPOINT a; RELEASE a; COMMIT AND CHAIN; SELECT 1";
  assert.deepEqual(split(script).map(({ control }) => control), [
    "begin",
    "begin",
    "commit",
    "commit",
    "rollback",
    "rollback",
    "savepoint",
    "savepoint",
    "savepoint",
    "savepoint",
    "commit",
    undefined,
  ]);
});

const REFUSED: readonly (readonly [sql: string, message: RegExp, line: number, column: number])[] =
  [
    ["SELECT 1;\n  \\connect other\n", /psql meta-command "\\connect"/, 2, 3],
    ["\\i other.sql", /psql meta-command "\\i"/, 1, 1],
    ["SELECT 1 \\gset", /psql meta-command "\\gset"/, 1, 10],
    ["\\set name value", /psql meta-command "\\set"/, 1, 1],
    ["\\copy t FROM a.csv", /psql meta-command "\\copy"/, 1, 1],
    ["SELECT 1;\nSELECT 'a;\n", /quoted string has no end/, 2, 8],
    ['SELECT "a', /quoted identifier has no end/, 1, 8],
    ["DO $a$ b $b$", /dollar-quoted string has no end/, 1, 4],
    ["/* a /* b */", /comment has no end/, 1, 1],
    ["SELECT 1; -- \0", /zero character/, 1, 14],
    ["SELECT 1;\n\\echo a \\\\ SELECT 2;", /psql meta-command "\\echo"/, 2, 1],
    ["COPY t FROM stdin; SELECT 1;\n\\.\n", /data of a COPY begins on the next line/, 1, 20],
  ];

for (const [sql, message, line, column] of REFUSED) {
  test(`split refuses ${JSON.stringify(sql)} with its place`, () => {
    assert.throws(() => split(sql), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, message);
      assert.deepEqual(error.place, { file: "", line, column });
      return true;
    });
  });
}

test("split takes comments that are nested very deep", () => {
  const depth = 50_000;
  assert.deepEqual(split("SELECT 1 " + "/*".repeat(depth) + "*/".repeat(depth)).length, 1);
});

test("split begins where it is told to, and drops a byte order mark at the beginning of the text only", () => {
  const script = "\ufeffSELECT 1; \ufeffSELECT 2";
  assert.deepEqual(split(script).map(({ sql }) => sql), ["SELECT 1", "\ufeffSELECT 2"]);
  assert.deepEqual(split(script, 11), [
    { sql: "\ufeffSELECT 2", offset: 11, transactional: true },
  ]);
});

test("split says where a setting decides how a string is read", () => {
  const script = String.raw`SELECT '\', E'\''; SET standard_conforming_strings = off; SELECT '\'';`;
  const told = split(script).map(({ cutWhile }) => /= '(\w+)'/.exec(cutWhile ?? "")?.[1]);
  assert.deepEqual(told, ["on", undefined, "off"]);
});

test("target names the extensions that the scripts create", () => {
  const scripts = [
    `CREATE EXTENSION pgcrypto; create extension if not exists "uuid-ossp" WITH SCHEMA public;`,
    `-- CREATE EXTENSION bloom;\nCREATE /* a */ EXTENSION IF NOT EXISTS earthdistance CASCADE; CREATE EXTENSION IF NOT EXISTS plpgsql;`,
    `DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE EXTENSION timescaledb; END $$; SELECT 'CREATE EXTENSION lo'`,
    `CREATE EXTENSION Vector; 'unfinished`,
    `CREATE EXTENSION Vector;`,
  ];
  const { standIns: _, ...wanted } = target("16.4", scripts, false);
  assert.deepEqual(wanted, {
    dialect: "postgres",
    version: "16.4",
    needs: ["cube", "earthdistance", "pg_trgm", "pgcrypto", "timescaledb", "uuid-ossp", "vector"],
    subscriptions: false,
    anyVersion: false,
  });
});

test("target refuses a version that cannot be", () => {
  assert.equal(target("17-alpine", [], false).version, "17");
  assert.equal(target(null, [], true).version, null);
  for (const version of ["latest", "9.6", "", "17.x", "1700"]) {
    assert.throws(() => target(version, [], false), UsageError);
  }
});

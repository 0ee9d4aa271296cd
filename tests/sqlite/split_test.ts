import assert from "node:assert/strict";
import { test } from "node:test";
import { split } from "../../src/engines/sqlite/split.ts";
import { tokenizeAll } from "../../src/engines/sqlite/tokens.ts";
import { UsageError } from "../../src/core/error.ts";

const trigger = `CREATE TEMP TRIGGER IF NOT EXISTS tr AFTER INSERT ON t WHEN CASE WHEN 1 THEN 1 END
BEGIN
  UPDATE t SET a = CASE WHEN a > 1 THEN ';' ELSE "END;" END; -- END;
  INSERT INTO u VALUES (1) /* ; END; */;
  SELECT CASE a WHEN 1 THEN 2 END FROM t;
END`;

/** A script and the statements that it holds. */
const scripts: readonly [string, string, readonly string[]][] = [
  ["nothing", " ;;\n-- only a comment\n/* and */ ;", []],
  ["strings and names", `SELECT ';', ";", \`;\`, [;]; SELECT 'it''s; ok'`, [
    `SELECT ';', ";", \`;\`, [;]`,
    "SELECT 'it''s; ok'",
  ]],
  ["comments", "-- a; b\nSELECT 1 -- c;\n + 2; /* ; */ SELECT 3", [
    "SELECT 1 -- c;\n + 2",
    "SELECT 3",
  ]],
  ["trigger bodies", `${trigger};\nSELECT 1;`, [trigger, "SELECT 1"]],
  ["explained triggers", `EXPLAIN QUERY PLAN ${trigger};SELECT 1`, [
    `EXPLAIN QUERY PLAN ${trigger}`,
    "SELECT 1",
  ]],
  ["a transaction's BEGIN is no body", "BEGIN; SELECT 1; END; SELECT 2", [
    "BEGIN",
    "SELECT 1",
    "END",
    "SELECT 2",
  ]],
  [
    "tables with telling names",
    'CREATE TABLE "trigger" (begin_at); INSERT INTO "trigger" VALUES (1);',
    [
      'CREATE TABLE "trigger" (begin_at)',
      'INSERT INTO "trigger" VALUES (1)',
    ],
  ],
  ["comments end at a line feed only", "SELECT 1 -- a\r;\u2028;\n; SELECT 2", [
    "SELECT 1",
    "SELECT 2",
  ]],
  ["a byte order mark before a token is blank", "\ufeffSELECT \ufeff1;\ufeff\nSELECT a\ufeff", [
    "SELECT \ufeff1",
    "SELECT a\ufeff",
  ]],
  ["an open string takes the rest", "SELECT 1; SELECT 'a; b", ["SELECT 1", "SELECT 'a; b"]],
  ["Windows line ends and a dot in a number", "SELECT\r\n.5;\r\nSELECT 2;\r\n", [
    "SELECT\r\n.5",
    "SELECT 2",
  ]],
];

for (const [name, script, expected] of scripts) {
  test(`splits: ${name}`, () => {
    const statements = split(script);
    assert.deepEqual(statements.map((statement) => statement.sql), expected);
    for (const { sql, offset } of statements) {
      assert.equal(script.slice(offset, offset + sql.length), sql);
    }
    assert.equal(tokenizeAll(script).map((token) => token.text).join(""), script);
  });
}

test("knows what cannot run in a transaction and what begins or ends one", () => {
  const natures = split(`
    BEGIN IMMEDIATE; COMMIT; END TRANSACTION; ROLLBACK; ROLLBACK TO s; SAVEPOINT s; RELEASE s;
    VACUUM; ATTACH 'x' AS y; DETACH y; PRAGMA foreign_keys = OFF; PRAGMA main.journal_mode = WAL;
    PRAGMA foreign_key_check; PRAGMA defer_foreign_keys = ON; CREATE TABLE t (a)`)
    .map(({ transactional, control }) => control ?? transactional);
  assert.deepEqual(natures, [
    ...["begin", "commit", "commit", "rollback", "savepoint", "savepoint", "savepoint"],
    ...[false, false, false, false, false],
    ...[true, true, true],
  ]);
});

test("refuses the shell's own commands with their place", () => {
  assert.throws(() => split("SELECT 1;\n  .read other.sql\nSELECT 2;"), (error: unknown) => {
    assert.ok(error instanceof UsageError);
    assert.equal(
      error.message,
      'Cannot run ".read other.sql": it is a command of the sqlite3 shell, not SQL',
    );
    assert.deepEqual([error.place?.line, error.place?.column], [2, 3]);
    return true;
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { UsageError } from "../../src/core/error.ts";
import { splitterOf } from "../../src/engines/mysql/split.ts";

const split = { mysql: splitterOf("mysql"), mariadb: splitterOf("mariadb") };

const body = `CREATE DEFINER=\`a\`@\`%\` PROCEDURE p(IN a INT, OUT b INT) COMMENT 'BEGIN; END'
label: BEGIN
  DECLARE done INT DEFAULT IF(a > 1, 2, 3);
  DECLARE c CURSOR FOR SELECT x FROM t FOR UPDATE;
  DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN SET done = 1; END;
  IF a THEN SET b = CASE WHEN a THEN IF(a, 1, 2) ELSE REPEAT('x', 2) END; ELSEIF b THEN SELECT 1; ELSE SELECT 2; END IF;
  CASE a WHEN 1 THEN SELECT 1; ELSE IF b THEN SELECT 2; END IF; END CASE;
  l: LOOP LEAVE l; END LOOP l;
  WHILE a > 0 DO SET a = a - 1; END WHILE;
  REPEAT SET a = a + 1; UNTIL a > 10 END REPEAT;
  BEGIN SELECT t.end, t.\`begin\` FROM t; END;
END label`;

/** A script and the statements that it holds, for both families unless one is named. */
const CASES: readonly {
  readonly name: string;
  readonly sql: string;
  readonly statements: readonly string[];
  readonly only?: "mysql" | "mariadb";
}[] = [
  { name: "nothing", sql: " ;;\n-- a;\n# b;\n/* c; */ ;", statements: [] },
  {
    name: "strings, names and comments",
    sql: `SELECT 'a\\';', "b"";", \`c;\` -- d;\n, 1--2; # e;\nSELECT 'it''s' /* ; */;`,
    statements: [`SELECT 'a\\';', "b"";", \`c;\` -- d;\n, 1--2`, "SELECT 'it''s'"],
  },
  { name: "bodies without a delimiter", sql: `${body};\nSELECT 1`, statements: [body, "SELECT 1"] },
  {
    name: "bodies of one statement",
    sql:
      "CREATE TRIGGER t BEFORE INSERT ON `a` FOR EACH ROW IF NEW.x THEN SET NEW.y = 1; END IF; CREATE FUNCTION f(a INT) RETURNS INT DETERMINISTIC RETURN IF(a, 1, 2); CREATE PROCEDURE q() SELECT 1 AS x; SELECT 2",
    statements: [
      "CREATE TRIGGER t BEFORE INSERT ON `a` FOR EACH ROW IF NEW.x THEN SET NEW.y = 1; END IF",
      "CREATE FUNCTION f(a INT) RETURNS INT DETERMINISTIC RETURN IF(a, 1, 2)",
      "CREATE PROCEDURE q() SELECT 1 AS x",
      "SELECT 2",
    ],
  },
  {
    name: "a trigger of one statement on a quoted table",
    sql: "CREATE TRIGGER t AFTER INSERT ON `a` FOR EACH ROW INSERT INTO b VALUES (1); SELECT 1",
    statements: [
      "CREATE TRIGGER t AFTER INSERT ON `a` FOR EACH ROW INSERT INTO b VALUES (1)",
      "SELECT 1",
    ],
  },
  {
    name: "a function whose body is a CASE",
    sql: "CREATE FUNCTION f() RETURNS INT RETURN CASE WHEN 1 THEN 2 END; SELECT 1",
    statements: ["CREATE FUNCTION f() RETURNS INT RETURN CASE WHEN 1 THEN 2 END", "SELECT 1"],
  },
  {
    name: "events",
    sql:
      "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' ENDS '2031-01-01' DO BEGIN DELETE FROM t; END; ALTER EVENT e DO BEGIN SELECT 1; END; SELECT 1",
    statements: [
      "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' ENDS '2031-01-01' DO BEGIN DELETE FROM t; END",
      "ALTER EVENT e DO BEGIN SELECT 1; END",
      "SELECT 1",
    ],
  },
  {
    name: "transactions",
    sql: "BEGIN; SELECT 1; COMMIT; START TRANSACTION; ROLLBACK",
    statements: ["BEGIN", "SELECT 1", "COMMIT", "START TRANSACTION", "ROLLBACK"],
  },
  {
    name: "delimiters",
    sql:
      "DELIMITER $$\nCREATE PROCEDURE p()\nBEGIN\n  SELECT ';$$';\nEND$$\ndelimiter ;\nSELECT 1;\nDELIMITER //\nSELECT 2 //\nSELECT 3/4//\nDELIMITER ;;\nSELECT 5;;\nDELIMITER ;",
    statements: [
      "CREATE PROCEDURE p()\nBEGIN\n  SELECT ';$$';\nEND",
      "SELECT 1",
      "SELECT 2",
      "SELECT 3/4",
      "SELECT 5",
    ],
  },
  {
    name: "names that other commands have",
    sql: "CREATE TABLE delimiter (source INT, end INT); SELECT 1",
    statements: ["CREATE TABLE delimiter (source INT, end INT)", "SELECT 1"],
  },
  {
    name: "versioned comments",
    sql:
      "/*!40101 SET NAMES utf8mb4 */;\n/*!50003 CREATE*/ /*!50003 TRIGGER t AFTER INSERT ON a FOR EACH ROW BEGIN SELECT '*/'; SELECT 2; END */;\nSELECT 1",
    statements: [
      "/*!40101 SET NAMES utf8mb4 */",
      "/*!50003 CREATE*/ /*!50003 TRIGGER t AFTER INSERT ON a FOR EACH ROW BEGIN SELECT '*/'; SELECT 2; END */",
      "SELECT 1",
    ],
  },
  {
    name: "comments for MySQL alone",
    only: "mysql",
    sql: "/*!80000 SET @a = 1 */; /*M!100100 SET @b = 1 */; /*!100100 SET @c = 1 */; SELECT 1",
    statements: ["/*!80000 SET @a = 1 */", "SELECT 1"],
  },
  {
    name: "comments for MariaDB alone",
    only: "mariadb",
    sql:
      "/*M!999999\\- enable the sandbox mode */\n/*!80000 SET @a = 1 */; /*M!100100 SET @b = 1 */; /*!100100 SET @c = 1 */; SELECT 1",
    statements: ["/*M!100100 SET @b = 1 */", "/*!100100 SET @c = 1 */", "SELECT 1"],
  },
  {
    name: "a mode in which a backslash is a letter",
    sql: `SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT '\\'; SET sql_mode = ''; SELECT '\\'';`,
    statements: [
      "SET sql_mode = 'NO_BACKSLASH_ESCAPES'",
      "SELECT '\\'",
      "SET sql_mode = ''",
      "SELECT '\\''",
    ],
  },
  {
    name: "BEGIN NOT ATOMIC and loops of MariaDB",
    only: "mariadb",
    sql: "BEGIN NOT ATOMIC FOR i IN 1..3 DO SELECT i; END FOR; END; SELECT 1",
    statements: ["BEGIN NOT ATOMIC FOR i IN 1..3 DO SELECT i; END FOR; END", "SELECT 1"],
  },
  {
    name: "routines in Oracle's manner",
    only: "mariadb",
    sql:
      "CREATE OR REPLACE PROCEDURE p(a INT) AS b INT := 1; BEGIN FOR i IN 1..3 LOOP b := i; END LOOP; END; CREATE PACKAGE k AS PROCEDURE p1(); FUNCTION f1() RETURN INT; END; CREATE PACKAGE BODY k AS x INT; PROCEDURE p1() AS BEGIN SELECT 1; END; END; SELECT 1",
    statements: [
      "CREATE OR REPLACE PROCEDURE p(a INT) AS b INT := 1; BEGIN FOR i IN 1..3 LOOP b := i; END LOOP; END",
      "CREATE PACKAGE k AS PROCEDURE p1(); FUNCTION f1() RETURN INT; END",
      "CREATE PACKAGE BODY k AS x INT; PROCEDURE p1() AS BEGIN SELECT 1; END; END",
      "SELECT 1",
    ],
  },
];

for (const { name, sql, statements, only } of CASES) {
  for (const family of ["mysql", "mariadb"] as const) {
    if (only !== undefined && only !== family) continue;
    test(`split, ${family}: ${name}`, () => {
      const cut = split[family](sql);
      assert.deepEqual(cut.map((statement) => statement.sql), statements);
      for (const statement of cut) {
        assert.equal(sql.slice(statement.offset).startsWith(statement.sql), true);
      }
    });
  }
}

test("split tells transactions and settings", () => {
  const cut = split.mysql(
    "BEGIN; SAVEPOINT a; ROLLBACK TO a; COMMIT; SET NAMES utf8; SET GLOBAL a = 1; CREATE TABLE t (a INT)",
  );
  assert.deepEqual(cut.map(({ control, batchable }) => control ?? batchable ?? null), [
    "begin",
    "savepoint",
    "savepoint",
    "commit",
    "setting",
    null,
    "definition",
  ]);
});

for (
  const [name, sql, message] of [
    ["a string without end", "SELECT 1;\nSELECT 'a", "the string has no end"],
    ["a comment without end", "SELECT 1 /* a", "the comment has no end"],
    ["a command of the client", "source other.sql", "a command of the mysql client"],
    ["a shell command", "\\! rm x", "a command of the mysql client"],
    ["a zero character", "SELECT 1\0", "it holds a zero character"],
  ] as const
) {
  test(`split refuses ${name}`, () => {
    assert.throws(() => split.mysql(sql), (error) => {
      assert(error instanceof UsageError);
      assert(error.message.includes(message), error.message);
      assert(error.place !== undefined);
      return true;
    });
  });
}

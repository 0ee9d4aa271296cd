import assert from "node:assert/strict";
import { test } from "node:test";
import { DatabaseError } from "../../src/core/error.ts";
import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";
import { SERVERS, startServer } from "./servers.ts";

const LIMITS = { statementTimeout: 1500, memory: 2 * 1024 ** 3 };

async function tablesOf(database: ScratchDatabase): Promise<string> {
  const rows = await database.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1",
  );
  return rows.map(({ name }) => name).join(" ");
}

async function refusal(work: Promise<unknown>): Promise<DatabaseError> {
  try {
    await work;
  } catch (error) {
    assert(error instanceof DatabaseError, String(error));
    return error;
  }
  throw new Error("It was not refused");
}

for (const { engine, isMissing } of SERVERS) {
  const { dialect } = engine;
  test(`${dialect}: scratch databases`, { skip: isMissing }, async (t) => {
    await using server = await startServer(engine, LIMITS);
    assert.match(server.version, /^\d+\.\d+\.\d+$/);

    await t.test("values are exact", async () => {
      const database = await server.create();
      const [row] = await database.query(
        "SELECT 1 AS a, 9007199254740993 AS b, 1.50 AS c, 'ä🙂' AS d, NULL AS e, CAST('2020-01-02' AS DATE) AS f",
      );
      assert.deepEqual(row, {
        a: 1,
        b: "9007199254740993",
        c: "1.50",
        d: "ä🙂",
        e: null,
        f: "2020-01-02",
      });
    });

    await t.test("sessions begin as those of the client do, at a fixed moment", async () => {
      const database = await server.create();
      const [row] = await database.query<Record<string, unknown>>(
        "SELECT @@sql_mode LIKE '%IGNORE_SPACE%' AS spaces, NOW() AS now, @@character_set_connection AS charset, @@time_zone AS zone",
      );
      assert.deepEqual(row, {
        spaces: 0,
        now: "2001-01-01 00:00:00",
        charset: "utf8mb4",
        zone: "+00:00",
      });
    });

    await t.test("a checkpoint brings back tables, rows, users, databases and settings", async () => {
      const database = await server.create();
      await database.exec("CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO a VALUES (1)");
      const start = await database.checkpoint();
      await database.exec("DROP TABLE a");
      await database.exec("CREATE DATABASE other");
      await database.exec("CREATE USER somebody");
      await database.exec("SET foreign_key_checks = 0, @a = 1");
      await database.rewind(start);
      assert.equal(await tablesOf(database), "a");
      const [row] = await database.query(
        "SELECT (SELECT count(*) FROM a) AS count, @@foreign_key_checks AS checks, @a AS a",
      );
      assert.deepEqual(row, { count: 1, checks: 1, a: null });
      await database.exec("CREATE USER somebody");
      await database.exec("CREATE DATABASE other");
      await database.exec("INSERT INTO a VALUES (2)");
      await database.rewind(start);
      assert.deepEqual(await database.query("SELECT id FROM a"), [{ id: 1 }]);
    });

    await t.test("what comes by chance is the same after a rewind", async () => {
      const database = await server.create();
      await database.exec("CREATE TABLE a (id VARCHAR(40) PRIMARY KEY)");
      await database.exec("INSERT INTO a VALUES (UUID())");
      const before = await database.query("SELECT id FROM a");
      const start = await database.checkpoint();
      await database.exec("DELETE FROM a");
      await database.rewind(start);
      assert.deepEqual(await database.query("SELECT id FROM a"), before);
      await database.exec("DROP TABLE a");
      await database.rewind(start);
      assert.deepEqual(await database.query("SELECT id FROM a"), before);
    });

    await t.test("a session is in its database again after a rewind", async () => {
      const database = await server.create();
      await database.exec("CREATE DATABASE shop");
      await database.exec("USE shop");
      await database.exec("CREATE TABLE a (id VARCHAR(40) DEFAULT (UUID()))");
      const start = await database.checkpoint();
      await database.exec("DROP DATABASE shop");
      await database.rewind(start);
      assert.equal(await tablesOf(database), "a");
    });

    await t.test("a new database is empty, whatever the one before left", async () => {
      const first = await server.create();
      await first.exec("CREATE TABLE a (id INT); CREATE DATABASE other; CREATE USER somebody");
      const second = await server.create();
      assert.equal(await tablesOf(second), "");
      await second.exec("CREATE USER somebody");
      assert.equal((await refusal(first.exec("SELECT 1"))).code, "08003");
    });

    await t.test("a failure says which statement it is", async () => {
      const database = await server.create();
      const error = await refusal(database.execAll(["SELECT 1", "SELECT nothing"]));
      assert.equal(error.code, "1054");
      assert.equal(error.statement, 1);
    });

    await t.test("a statement that takes too long is cancelled", async () => {
      const database = await server.create();
      const error = await refusal(database.exec("SELECT BENCHMARK(1000000000000, SHA2('a', 256))"));
      assert.equal(error.code, "57014");
      assert.deepEqual(await database.query("SELECT 1 AS a"), [{ a: 1 }]);
    });

    await t.test("a session that ends itself is reported, and the next one works", async () => {
      const database = await server.create();
      const error = await refusal(database.exec("KILL CONNECTION_ID()"));
      assert.match(error.message, /ended its own session/);
      assert.deepEqual(await database.query("SELECT 1 AS a"), [{ a: 1 }]);
    });

    await t.test("scripts reach neither files nor the server", async () => {
      const database = await server.create();
      await database.exec("CREATE TABLE a (id TEXT)");
      const [row] = await database.query("SELECT LOAD_FILE('/etc/passwd') AS text");
      assert.deepEqual(row, { text: null });
      for (
        const sql of [
          "SELECT 1 INTO OUTFILE '/tmp/aim-test-outfile'",
          "LOAD DATA INFILE '/etc/passwd' INTO TABLE a",
          "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE a",
          "INSTALL PLUGIN a SONAME 'a.so'",
          "CREATE FUNCTION a RETURNS STRING SONAME 'a.so'",
          "SET GLOBAL general_log = 1",
          "SELECT * FROM mysql.user",
          "CREATE TABLE mysql.a (id INT)",
          "GRANT ALL ON *.* TO root@localhost",
          "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'localhost')",
          "SHUTDOWN",
        ]
      ) {
        const { code } = await refusal(database.exec(sql));
        assert.match(code, /^(?:1044|1045|1142|1227|1290|3948|4166)$/, sql);
      }
    });
  });
}

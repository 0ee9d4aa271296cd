import assert from "node:assert/strict";
import process from "node:process";
import { describe, test } from "node:test";
import { DatabaseError } from "../../src/core/error.ts";
import { nodeSqlite } from "../../src/runtimes/node_sqlite.ts";
import type { Runtime, ScratchDatabase, Target } from "../../src/runtimes/runtime.ts";
import { sqljs } from "../../src/runtimes/sqljs.ts";

const plain: Target = { dialect: "sqlite", version: null, needs: [], anyVersion: false };

async function withDatabase(runtime: Runtime, work: (database: ScratchDatabase) => Promise<void>) {
  const options = { emit: () => {}, signal: new AbortController().signal };
  await using server = await runtime.start(plain, options);
  await using database = await server.create();
  await work(database);
}

async function refused(work: Promise<unknown>): Promise<DatabaseError> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof DatabaseError, `not a DatabaseError: ${error}`);
    return error;
  }
  assert.fail("it was not refused");
}

/** A script, the message and the text that the offset points at (null: no certain place). */
const faults: readonly [string, string, string | null][] = [
  ["SELECT * FRM x", 'near "FRM": syntax error', "FRM x"],
  ["CREATE TABLE t (a, b,, c)", 'near ",": syntax error', ", c)"],
  ["CREATE TABLE t (x int /* y */ ( y y)", 'near "y": syntax error', "y y)"],
  ["SELECT as AS asx", 'near "as": syntax error', "as AS asx"],
  ["SELECT 'abc", `unrecognized token: "'abc"`, "'abc"],
  ["CREATE TABLE t (a,", "incomplete input", ""],
  ["SELECT nofn(1)", "no such function: nofn", "nofn(1)"],
  ["SELECT a FROM nosuch", "no such table: nosuch", "nosuch"],
  [
    "CREATE TABLE ok (a);\n-- é\nINSERT INTO ok VALUESS (1)",
    'near "VALUESS": syntax error',
    "VALUESS (1)",
  ],
  ["CREATE TABLE ok (a);\nCREATE TABLE ok (a)", "table ok already exists", "ok (a)"],
];

for (const runtime of [sqljs, nodeSqlite]) {
  describe(`SQLite on ${runtime.name}`, () => {
    test("behaves as stock SQLite", async () => {
      await withDatabase(runtime, async (database) => {
        await database.exec(
          `CREATE TABLE t (a TEXT CHECK (a IN ("x", "y")), b AS (sqrt(c)) STORED, c)`,
        );
        await database.exec(`INSERT INTO t (a, c) VALUES ('x', 4)`);
        assert.deepEqual(await database.query("SELECT b FROM t"), [{ b: 2 }]);
        assert.deepEqual(await database.query("PRAGMA foreign_keys"), [{ foreign_keys: 0 }]);
        const rows = await database.query(
          "SELECT ceil(1.2) a, ceil(2) b, log(100) c, log(2, 8) d, typeof(floor(7)) e, sqrt(-1) f, sqrt('9') g, mod(7, 4) h",
        );
        assert.deepEqual(rows, [
          { a: 2, b: 2, c: 2, d: 3, e: "integer", f: null, g: 3, h: 3 },
        ]);
      });
    });

    test("gives numbers exactly", async () => {
      await withDatabase(runtime, async (database) => {
        const rows = await database.query(
          "SELECT 9007199254740993 a, 12 b, 1.5 c, x'01' d, NULL e",
        );
        assert.deepEqual(rows, [
          { a: 9007199254740993n, b: 12, c: 1.5, d: new Uint8Array([1]), e: null },
        ]);
      });
    });

    test("comes back to a state, out of a broken transaction and with its settings", async () => {
      await withDatabase(runtime, async (database) => {
        await database.exec("PRAGMA foreign_keys = ON; CREATE TABLE t (a)");
        const state = await database.checkpoint();
        await database.exec("PRAGMA foreign_keys = OFF; BEGIN; CREATE TABLE u (a)");
        await refused(database.exec("CREATE TABLE u (a)"));
        for (let round = 0; round < 2; round++) {
          await database.rewind(state);
          assert.deepEqual(await database.query("SELECT name FROM sqlite_schema"), [{ name: "t" }]);
          assert.deepEqual(await database.query("PRAGMA foreign_keys"), [{ foreign_keys: 1 }]);
          await database.exec("BEGIN; DROP TABLE t; COMMIT");
        }
      });
    });

    test("a state of an empty database can be taken and come back to", async () => {
      await withDatabase(runtime, async (database) => {
        const empty = await database.checkpoint();
        await database.exec("CREATE TABLE t (a)");
        await database.rewind(empty);
        assert.deepEqual(await database.query("SELECT name FROM sqlite_schema"), []);
        await database.exec("CREATE TABLE t (a)");
      });
    });

    for (const [sql, message, place] of faults) {
      test(`tells where the fault stands: ${sql}`, async () => {
        await withDatabase(runtime, async (database) => {
          const error = await refused(database.exec(sql));
          assert.equal(error.message, message);
          const found = error.offset === undefined ? null : sql.slice(error.offset);
          assert.equal(found, place);
        });
      });
    }

    test("touches no file of the host", async () => {
      await withDatabase(runtime, async (database) => {
        const path = `/tmp/aim-must-not-be-${runtime.name.replace(":", "-")}.db`;
        await database.exec("VACUUM");
        if (runtime === nodeSqlite && "deno" in process.versions) {
          // Its thread has no permission for any file, which for Deno means no ATTACH at all.
          const error = await refused(database.exec(`ATTACH ':memory:' AS other`));
          assert.match(error.hint ?? "", /no other files/);
        } else {
          await database.exec(`ATTACH ':memory:' AS other; DETACH other; VACUUM`);
        }
        if (runtime === sqljs) return;
        await refused(database.exec(`ATTACH '${path}' AS other`));
        await refused(database.exec(`VACUUM INTO '${path}'`));
      });
    });

    test("says that the application registers an unknown function", async () => {
      await withDatabase(runtime, async (database) => {
        const error = await refused(database.exec("SELECT my_function(1)"));
        assert.match(
          error.hint ?? "",
          /if your application registers it, write functions = \["my_function\/-1"\]/,
        );
      });
    });
  });
}

test("sql.js refuses modules that it lacks and node:sqlite takes them", async () => {
  const needs = { ...plain, needs: ["fts5", "rtree"] };
  assert.equal(await sqljs.refuses(needs), "it is built without the module fts5, rtree");
  assert.equal(await nodeSqlite.refuses(needs), null);
  assert.equal(await sqljs.refuses({ ...plain, needs: ["fts4"] }), null);
  assert.match(await nodeSqlite.refuses({ ...plain, needs: ["vec0"] }) ?? "", /module vec0/);
  assert.match(await sqljs.refuses({ ...plain, version: "3.99" }) ?? "", /older than 3.99/);
  assert.equal(await sqljs.refuses({ ...plain, version: "3.35" }), null);
});

test("a server ends the database before when it makes another", async () => {
  const options = { emit: () => {}, signal: new AbortController().signal };
  await using server = await sqljs.start(plain, options);
  const first = await server.create();
  await first.exec("CREATE TABLE t (a)");
  const second = await server.create();
  assert.deepEqual(await second.query("SELECT name FROM sqlite_schema"), []);
  await refused(first.exec("SELECT 1"));
});

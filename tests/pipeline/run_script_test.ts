import assert from "node:assert/strict";
import test from "node:test";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { target } from "../../src/engines/postgres/target.ts";
import type { Engine } from "../../src/engines/engine.ts";
import { sqlite } from "../../src/engines/sqlite/mod.ts";
import { runScript, ScriptFailure } from "../../src/pipeline/scratch/run_script.ts";
import { sqljs } from "../../src/runtimes/sqljs.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";

const signal = new AbortController().signal;
const server = await pglite.start(target(null, [], false), { emit: () => {}, signal });

const MANY = 450;

/** A long script of tables, a line for each, with another statement in the place of one of them. */
function tables(changes: Readonly<Record<number, string>> = {}): string {
  return Array.from(
    { length: MANY },
    (_, at) => `${changes[at] ?? `CREATE TABLE t${at} (a int)`};\n`,
  )
    .join("");
}

function run(database: ScratchDatabase, text: string): Promise<number> {
  const script = { file: "schema.sql", text, transaction: "auto" } as const;
  const note = () => {};
  return runScript(database, script, {
    engine: postgres,
    emit: () => {},
    signal,
    folder: "",
    note,
  });
}

/** How many tables there are, and how many transactions made them. */
async function made(database: ScratchDatabase) {
  const [row] = await database.query<{ tables: number; transactions: number }>(
    `SELECT count(*)::int AS tables, count(DISTINCT xmin::text)::int AS transactions
     FROM pg_class WHERE relkind = 'r' AND oid >= 16384`,
  );
  return row;
}

test("a very long script of definitions takes several transactions", async () => {
  await using database = await server.create();
  const text = tables({ 0: "SET search_path = public", 1: "CREATE SCHEMA s" });
  assert.equal(await run(database, text), MANY);
  const result = await made(database);
  assert.equal(result?.tables, MANY - 2);
  assert.ok((result?.transactions ?? 0) > 1);
});

test("what could tell the difference keeps a long script in one transaction", async () => {
  for (
    const [at, sql] of [
      [5, "SET LOCAL search_path = pg_temp, public"],
      [5, "CREATE TEMP TABLE short (a int) ON COMMIT DROP"],
      [5, "SELECT set_config('search_path', 'public', true)"],
    ] as const
  ) {
    await using database = await server.create();
    await run(database, tables({ [at]: sql, 400: "CREATE SCHEMA late" }));
    assert.equal((await made(database))?.transactions, 1, sql);
  }
});

test("a value of an enum is not committed before its use", async () => {
  await using database = await server.create();
  await database.exec("CREATE TYPE mood AS ENUM ('calm')");
  const text = tables({
    5: "ALTER TYPE mood ADD VALUE 'glad'",
    400: "CREATE TABLE late (m mood DEFAULT 'glad')",
  });
  await assert.rejects(run(database, text), /unsafe use of new value "glad"/);
});

test("a failure in a very long script has its place, and nothing of the script is left", async () => {
  await using database = await server.create();
  await database.exec("CREATE TABLE before (a int)");
  const failure = await run(database, tables({ 440: "CREATE TABLE wrong (a integr)" }))
    .then(() => null, (error: unknown) => error);
  assert.ok(failure instanceof ScriptFailure);
  assert.equal(failure.index, 440);
  assert.deepEqual(failure.place, { file: "schema.sql", line: 441, column: 23 });
  assert.equal((await made(database))?.tables, 1);
});

test("a long script is mended wherever it needs a role", async () => {
  await using database = await server.create();
  const text = tables({ 420: "ALTER TABLE t1 OWNER TO app" });
  assert.equal(await run(database, text), MANY);
  assert.equal((await made(database))?.tables, MANY - 1);
});

/** A SQLite database on which no transaction lasts longer than a statement, as on servers whose definitions end transactions. */
function withoutTransactions(database: ScratchDatabase): ScratchDatabase {
  const exec = (sql: string) =>
    /^(?:BEGIN|COMMIT|ROLLBACK)$/.test(sql) ? Promise.resolve() : database.exec(sql);
  return {
    dialect: database.dialect,
    exec,
    execAll: async (statements) => {
      for (const sql of statements) await exec(sql);
    },
    query: (sql) => database.query(sql),
    checkpoint: () => database.checkpoint(),
    rewind: (to) => database.rewind(to),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

test("where ROLLBACK undoes no definition, a failure still has its place, and a repair goes on from there", async () => {
  const target = sqlite.target(null, [], false);
  await using embedded = await sqljs.start(target, { emit: () => {}, signal });
  const text = Array.from({ length: 40 }, (_, at) => `CREATE TABLE t${at} (a int)`)
    .map((sql, at) => at === 30 ? `${sql.replace("(", "((")};\n` : `${sql};\n`).join("");
  const engine: Engine = {
    ...sqlite,
    transactionalDdl: false,
    repair: (_error, _connection, statement) =>
      Promise.resolve(statement.includes("((") ? { note: "left out", skip: true } : null),
  };
  const options = { emit: () => {}, signal, folder: "", note: () => {} };
  const script = { file: "schema.sql", text, transaction: "auto" } as const;
  await using refused = withoutTransactions(await embedded.create());
  await assert.rejects(
    runScript(refused, script, { ...options, engine: { ...engine, repair: sqlite.repair } }),
    (error) => error instanceof ScriptFailure && error.index === 30 && error.place.line === 31,
  );
  await using mended = withoutTransactions(await embedded.create());
  assert.equal(await runScript(mended, script, { ...options, engine }), 40);
  const [row] = await mended.query<{ tables: number }>(
    "SELECT count(*) AS tables FROM sqlite_schema WHERE type = 'table'",
  );
  assert.equal(row?.tables, 39);
});

test("the runner's COMMIT ends a transaction that a script begins after it ended the runner's", async () => {
  const text = "CREATE TABLE a (n int);\nCOMMIT;\nBEGIN;\nCREATE TABLE b (n int);\n";
  for (const transaction of ["one", "auto"] as const) {
    await using database = await server.create();
    const script = { file: "1.sql", text, transaction };
    const options = { engine: postgres, emit: () => {}, signal, folder: "", note: () => {} };
    const ran = runScript(database, script, options);
    if (transaction === "one") assert.equal(await ran, 4);
    else await assert.rejects(ran, /the transaction that begins here does not end/);
    const there = transaction === "one" ? 2 : 1;
    assert.equal((await made(database))?.tables, there);
  }
});

/** Schemas of frameworks: made, taken away, and each of their columns dropped and brought back. */

import assert from "node:assert/strict";
import test from "node:test";
import { rowsUnder } from "../../scripts/rows/mod.ts";
import { DatabaseError } from "../../src/core/error.ts";
import { quote } from "../../src/engines/sqlite/quote.ts";
import type { ScratchDatabase, Server } from "../../src/runtimes/runtime.ts";
import { type Idiom, POSTGRES, SQLITE } from "./idioms.ts";
import { type Pair, planned, projectOf, serverOf } from "./planned.ts";

/** Statements that each drop one column. */
type Drops = (database: ScratchDatabase) => Promise<readonly string[]>;

const ENGINES:
  readonly (readonly [engine: Pair["engine"], idioms: readonly Idiom[], drops: Drops])[] = [
    ["postgres", POSTGRES, dropsInPostgres],
    ["sqlite", SQLITE, dropsInSqlite],
  ];

for (const [engine, idioms, drops] of ENGINES) {
  for (const { name, sql } of idioms) {
    test(`a schema as it is written by ${name} (${engine})`, async () => {
      await using server = await serverOf(engine, sql);
      const prove = async (from: string, to: string, what: string) => {
        const outcome = await planned(server, { engine, from, to, onAmbiguity: "drop-add" });
        assert.equal(outcome.outcome, "proven", `${what}: ${JSON.stringify(outcome.proof)}`);
        const rows = await rowsUnder(await projectOf(engine), server, { current: from, outcome });
        assert.notEqual(rows?.fate, "lost", `${what}: ${rows?.losses}`);
      };
      await prove("", sql, "made");
      await prove(sql, "", "taken away");
      const statements = await runnable(server, sql, drops);
      assert.ok(statements.length > 0);
      for (const drop of statements) {
        await prove(sql, `${sql};\n${drop};`, drop);
        await prove(`${sql};\n${drop};`, sql, `back from ${drop}`);
      }
    });
  }
}

/** Those of the drops that the server carries out. */
async function runnable(server: Server, sql: string, drops: Drops): Promise<readonly string[]> {
  const found: string[] = [];
  await using database = await server.create();
  await database.exec(sql);
  const start = await database.checkpoint();
  for (const drop of await drops(database)) {
    try {
      await database.exec(drop);
      found.push(drop);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
    }
    await database.rewind(start);
  }
  return found;
}

async function dropsInPostgres(database: ScratchDatabase): Promise<readonly string[]> {
  const columns = await database.query<{ table: string; name: string }>(`
    SELECT c.oid::regclass::text AS table, quote_ident(a.attname) AS name
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind = 'r' AND a.attnum > 0 AND c.oid > 16383 AND c.relnamespace::regnamespace::text !~ '^pg_'
      AND c.relnamespace <> 'information_schema'::regnamespace
    ORDER BY c.oid, a.attnum`);
  return columns.map(({ table, name }) => `ALTER TABLE ${table} DROP COLUMN ${name} CASCADE`);
}

async function dropsInSqlite(database: ScratchDatabase): Promise<readonly string[]> {
  const columns = await database.query<{ table: string; name: string }>(`
    SELECT l.name AS "table", x.name AS name
    FROM pragma_table_list l, pragma_table_xinfo(l.name) x
    WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite%'
    ORDER BY 1, x.cid`);
  return columns.map(({ table, name }) => `ALTER TABLE ${quote(table)} DROP COLUMN ${quote(name)}`);
}

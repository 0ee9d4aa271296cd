import assert from "node:assert/strict";
import test from "node:test";
import { postgres } from "../src/engines/postgres/mod.ts";
import type { Database } from "../src/runtimes/runtime.ts";

/** Pairs of schemas that differ in little: another order, a swap, a flag. Their digests must differ, and so must the snapshots. */
const PAIRS: readonly (readonly [name: string, one: string, other: string])[] = [
  [
    "the order of labels",
    "CREATE TYPE e AS ENUM ('a', 'b', 'c')",
    "CREATE TYPE e AS ENUM ('a', 'c', 'b')",
  ],
  [
    "swapped comments",
    "CREATE TABLE a (); CREATE TABLE b (); COMMENT ON TABLE a IS 'x'; COMMENT ON TABLE b IS 'y'",
    "CREATE TABLE a (); CREATE TABLE b (); COMMENT ON TABLE a IS 'y'; COMMENT ON TABLE b IS 'x'",
  ],
  [
    "swapped sequence options",
    "CREATE SEQUENCE a CACHE 2; CREATE SEQUENCE b CACHE 3",
    "CREATE SEQUENCE a CACHE 3; CREATE SEQUENCE b CACHE 2",
  ],
  ["swapped types of columns", "CREATE TABLE t (a int, b text)", "CREATE TABLE t (a text, b int)"],
  ["swapped names of columns", "CREATE TABLE t (a int, b text)", "CREATE TABLE t (b int, a text)"],
  [
    "a storage parameter of a TOAST table",
    "CREATE TABLE t (a text)",
    "CREATE TABLE t (a text) WITH (toast.autovacuum_enabled = off)",
  ],
  [
    "the owner of a table",
    "CREATE ROLE r1; CREATE ROLE r2; CREATE TABLE t (); ALTER TABLE t OWNER TO r1",
    "CREATE ROLE r1; CREATE ROLE r2; CREATE TABLE t (); ALTER TABLE t OWNER TO r2",
  ],
  [
    "a privilege",
    "CREATE ROLE r1; CREATE TABLE t (); GRANT SELECT ON t TO r1",
    "CREATE ROLE r1; CREATE TABLE t (); GRANT INSERT ON t TO r1",
  ],
  [
    "a name of a role by the same number",
    "CREATE ROLE r1; CREATE TABLE t (); ALTER TABLE t OWNER TO r1",
    "CREATE ROLE r2; CREATE TABLE t (); ALTER TABLE t OWNER TO r2",
  ],
  [
    "the parent of tables",
    "CREATE TABLE a (i int); CREATE TABLE b (i int); CREATE TABLE c () INHERITS (a); CREATE TABLE d () INHERITS (b)",
    "CREATE TABLE a (i int); CREATE TABLE b (i int); CREATE TABLE c () INHERITS (b); CREATE TABLE d () INHERITS (a)",
  ],
];

test("digests differ where schemas do", async () => {
  const signal = new AbortController().signal;
  const target = postgres.target(null, [], false);
  const runtime = postgres.runtimes[0];
  assert.ok(runtime !== undefined);
  await using server = await runtime.start(target, { emit: () => {}, signal });
  const read = async (sql: string) => {
    await using database = await server.create();
    await database.exec(sql);
    return { digest: await postgres.fingerprint(database), told: await describe(database) };
  };
  for (const [name, one, other] of PAIRS) {
    const [a, b] = [await read(one), await read(other)];
    assert.notEqual(a.digest, b.digest, name);
    assert.notEqual(a.told, b.told, name);
    assert.equal((await read(one)).digest, a.digest, name);
  }
});

async function describe(database: Database): Promise<string> {
  const snapshot = await postgres.inspect(database, { ignoreTables: [] });
  return JSON.stringify([...snapshot.objects.values()]);
}

import assert from "node:assert/strict";
import test from "node:test";
import { DEPENDS_SQL } from "../../src/engines/postgres/catalog/depends.ts";
import { fingerprintSql } from "../../src/engines/postgres/catalog/fingerprint.ts";
import { READERS } from "../../src/engines/postgres/catalog/mod.ts";
import { USED_CATALOGS_SQL } from "../../src/engines/postgres/catalog/used_catalogs.ts";
import { EVERYTHING } from "../../src/engines/postgres/catalog/unmodelled.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import type { ScratchDatabase, Server } from "../../src/runtimes/runtime.ts";
import { MANY, TAKEN_BACK } from "./taken_back.ts";
import { NEEDS_SERVER, SERVERS, startLocal } from "../runtimes/native_servers.ts";

const INDEXES = "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a); CREATE INDEX j ON t (a)";
const CHECKS = "CREATE TABLE t (a int, CONSTRAINT k CHECK (a > 0), CONSTRAINT l CHECK (a > 1))";
const TRIGGERS = `CREATE TABLE t (a int);
  CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER x BEFORE UPDATE ON t EXECUTE FUNCTION f(); CREATE TRIGGER y BEFORE UPDATE ON t EXECUTE FUNCTION f()`;
const PARTITIONED = `CREATE TABLE t (a int) PARTITION BY LIST (a);
  CREATE TABLE p PARTITION OF t FOR VALUES IN (1);
  CREATE INDEX i ON ONLY t (a); CREATE INDEX j ON ONLY t (a); CREATE INDEX k ON p (a); CREATE INDEX l ON p (a)`;

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
  ...[
    ["a table", "CREATE TABLE t (a int)", "SELECT ON t"],
    ["a column", "CREATE TABLE t (a int)", "SELECT (a) ON t"],
    ["a schema", "CREATE SCHEMA s", "USAGE ON SCHEMA s"],
    ["a type", "CREATE TYPE e AS ENUM ('a')", "USAGE ON TYPE e"],
    ["a sequence", "CREATE SEQUENCE q", "USAGE ON SEQUENCE q"],
    [
      "a function",
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      "ALL ON FUNCTION f()",
    ],
    ["a language", "SELECT 1", "USAGE ON LANGUAGE plpgsql"],
    ["a wrapper", "CREATE FOREIGN DATA WRAPPER w", "USAGE ON FOREIGN DATA WRAPPER w"],
    [
      "a server",
      "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER v FOREIGN DATA WRAPPER w",
      "USAGE ON FOREIGN SERVER v",
    ],
  ].map(([name, made, what]): [string, string, string] => [
    `who may grant ${name} on`,
    `CREATE ROLE r1; ${made}; GRANT ${what} TO r1`,
    `CREATE ROLE r1; ${made}; GRANT ${what} TO r1 WITH GRANT OPTION`,
  ]),
  [
    "who may grant on what is made later",
    "CREATE ROLE r1; ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO r1",
    "CREATE ROLE r1; ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO r1 WITH GRANT OPTION",
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
  [
    "swapped comments of indexes",
    `${INDEXES}; COMMENT ON INDEX i IS 'x'; COMMENT ON INDEX j IS 'y'`,
    `${INDEXES}; COMMENT ON INDEX i IS 'y'; COMMENT ON INDEX j IS 'x'`,
  ],
  [
    "swapped columns of indexes",
    "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a); CREATE INDEX j ON t (b)",
    "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (b); CREATE INDEX j ON t (a)",
  ],
  [
    "a statistics target of an index",
    "CREATE TABLE t (a int); CREATE INDEX i ON t ((a + 1)); CREATE INDEX j ON t ((a + 2)); ALTER INDEX i ALTER 1 SET STATISTICS 9",
    "CREATE TABLE t (a int); CREATE INDEX i ON t ((a + 1)); CREATE INDEX j ON t ((a + 2)); ALTER INDEX j ALTER 1 SET STATISTICS 9",
  ],
  [
    "the parent of indexes",
    `${PARTITIONED}; ALTER INDEX i ATTACH PARTITION k; ALTER INDEX j ATTACH PARTITION l`,
    `${PARTITIONED}; ALTER INDEX i ATTACH PARTITION l; ALTER INDEX j ATTACH PARTITION k`,
  ],
  [
    "swapped comments of constraints",
    `${CHECKS}; COMMENT ON CONSTRAINT k ON t IS 'x'; COMMENT ON CONSTRAINT l ON t IS 'y'`,
    `${CHECKS}; COMMENT ON CONSTRAINT k ON t IS 'y'; COMMENT ON CONSTRAINT l ON t IS 'x'`,
  ],
  [
    "swapped tables of a constraint",
    "CREATE TABLE t (a int CONSTRAINT k CHECK (a > 0)); CREATE TABLE u (a int CONSTRAINT k CHECK (a > 1))",
    "CREATE TABLE t (a int CONSTRAINT k CHECK (a > 1)); CREATE TABLE u (a int CONSTRAINT k CHECK (a > 0))",
  ],
  [
    "what a foreign key does",
    "CREATE TABLE t (a int PRIMARY KEY, b int REFERENCES t ON DELETE CASCADE)",
    "CREATE TABLE t (a int PRIMARY KEY, b int REFERENCES t ON DELETE SET NULL)",
  ],
  [
    "which trigger is switched off",
    `${TRIGGERS}; ALTER TABLE t DISABLE TRIGGER x`,
    `${TRIGGERS}; ALTER TABLE t DISABLE TRIGGER y`,
  ],
  [
    "swapped defaults",
    "CREATE TABLE t (a int DEFAULT 1, b int DEFAULT 2)",
    "CREATE TABLE t (a int DEFAULT 2, b int DEFAULT 1)",
  ],
];

/** What is recreated by a script just as it was: its digest is the old one, and nothing needs to be read. */
const AGAIN: readonly (readonly [name: string, first: string, then: string])[] = [
  ["an index", INDEXES, "DROP INDEX i; CREATE INDEX i ON t (a)"],
  ["a constraint", CHECKS, "ALTER TABLE t DROP CONSTRAINT k, ADD CONSTRAINT k CHECK (a > 0)"],
  [
    "a foreign key",
    "CREATE TABLE t (a int PRIMARY KEY, b int CONSTRAINT f REFERENCES t)",
    "ALTER TABLE t DROP CONSTRAINT f; ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES t",
  ],
  [
    "a primary key",
    "CREATE TABLE t (a int NOT NULL, CONSTRAINT p PRIMARY KEY (a))",
    "ALTER TABLE t DROP CONSTRAINT p; ALTER TABLE t ADD CONSTRAINT p PRIMARY KEY (a)",
  ],
  [
    "a trigger",
    TRIGGERS,
    "DROP TRIGGER x ON t; CREATE TRIGGER x BEFORE UPDATE ON t EXECUTE FUNCTION f()",
  ],
  [
    "a default",
    "CREATE TABLE t (a int DEFAULT 1)",
    "ALTER TABLE t ALTER a DROP DEFAULT; ALTER TABLE t ALTER a SET DEFAULT 1",
  ],
  ["a column", "CREATE TABLE t (a int, b int)", "ALTER TABLE t ADD c int; ALTER TABLE t DROP c"],
];

/** Of these not all is as it was: some count by their oids, and a column that was inherited is the table's own now. */
const OTHERS: ReadonlySet<string> = new Set([
  "statistics",
  "a table of a publication",
  "a parent",
  "unlogged",
]);

test("digests differ where schemas do", async () => {
  await using server = await start();
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

test("what is recreated as it was has the same digest", async () => {
  await using server = await start();
  await recreate(server);
});

test("what is changed and taken back has another digest, and then the same", async () => {
  await using server = await start();
  await takeBack(server);
});

for (const version of SERVERS) {
  test(`Postgres ${version}: digests differ where something changed, and only there`, async () => {
    await using server = await startLocal(version, { part: { superuser: true } });
    const isPlain = Number(version) >= NO_PLACES;
    if (isPlain) await recreate(server);
    await takeBack(server, isPlain);
  });
}

/** Before this version an expression in the catalog says where in its statement it stood. */
const NO_PLACES = 17;

test("digests on real servers", NEEDS_SERVER, () => {
  assert.ok(SERVERS.length > 0);
});

async function recreate(server: Server): Promise<void> {
  for (const [name, first, then] of AGAIN) {
    await using database = await server.create();
    await database.exec(first);
    const [digest, told] = [await postgres.fingerprint(database), await describe(database)];
    await database.exec(then);
    assert.equal(await postgres.fingerprint(database), digest, name);
    assert.equal(await describe(database, true), told, name);
  }
}

/** `isPlain` where the same expression is always kept alike. */
async function takeBack(server: Server, isPlain = true): Promise<void> {
  await using database = await server.create();
  await database.exec(MANY);
  for (const [name, then, back] of TAKEN_BACK) {
    const digest = await postgres.fingerprint(database);
    await database.exec(then);
    assert.notEqual(await postgres.fingerprint(database), digest, name);
    await database.exec(back);
    const isKnown = isPlain && !OTHERS.has(name);
    if (isKnown) assert.equal(await postgres.fingerprint(database), digest, name);
  }
}

async function start(): Promise<Server> {
  const runtime = postgres.runtimes.find(({ name }) => name === "pglite");
  assert.ok(runtime !== undefined);
  const signal = new AbortController().signal;
  return await runtime.start(postgres.target(null, [], false), { emit: () => {}, signal });
}

/** All that a snapshot says, sorted; `whole` reads the catalog even where its digest is known. */
async function describe(database: ScratchDatabase, whole = false): Promise<string> {
  const options = { ignoreTables: [], remember: !whole };
  const snapshot = await postgres.inspect(database, options);
  const objects = [...snapshot.objects.values()].sort((a, b) => a.id < b.id ? -1 : 1);
  return JSON.stringify(objects);
}

test("no query of the catalog names the first oid of users, whose first use would cost its plan", () => {
  const queries = [
    USED_CATALOGS_SQL,
    DEPENDS_SQL,
    EVERYTHING,
    fingerprintSql(VERSION),
    ...READERS.map((reader) => reader.sql(VERSION)),
  ];
  for (const sql of queries) assert.doesNotMatch(sql, /\b16384\b/);
});

const VERSION = 180000;

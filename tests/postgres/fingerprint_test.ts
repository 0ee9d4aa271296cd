import assert from "node:assert/strict";
import test from "node:test";
import { DEPENDS_SQL } from "../../src/engines/postgres/catalog/depends.ts";
import { fingerprintSql } from "../../src/engines/postgres/catalog/fingerprint.ts";
import { READERS } from "../../src/engines/postgres/catalog/mod.ts";
import { USED_CATALOGS_SQL } from "../../src/engines/postgres/catalog/used_catalogs.ts";
import { EVERYTHING } from "../../src/engines/postgres/catalog/unmodelled.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import type { ScratchDatabase, Server } from "../../src/runtimes/runtime.ts";
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

/** Statements that change one thing of what is there: each must give another digest, and the one after it that takes it back the old one. */
const TAKEN_BACK: readonly (readonly [name: string, then: string, back: string])[] = [
  [
    "the statistics of a column",
    "ALTER TABLE t ALTER a SET STATISTICS 9",
    "ALTER TABLE t ALTER a SET STATISTICS -1",
  ],
  [
    "options of a column",
    "ALTER TABLE t ALTER a SET (n_distinct = 5)",
    "ALTER TABLE t ALTER a RESET (n_distinct)",
  ],
  [
    "a storage",
    "ALTER TABLE t ALTER b SET STORAGE EXTERNAL",
    "ALTER TABLE t ALTER b SET STORAGE EXTENDED",
  ],
  ["NOT NULL", "ALTER TABLE t ALTER a SET NOT NULL", "ALTER TABLE t ALTER a DROP NOT NULL"],
  ["a default", "ALTER TABLE t ALTER a SET DEFAULT 2", "ALTER TABLE t ALTER a SET DEFAULT 1"],
  ["a name of a column", "ALTER TABLE t RENAME a TO z", "ALTER TABLE t RENAME z TO a"],
  ["a name of a table", "ALTER TABLE t RENAME TO t2", "ALTER TABLE t2 RENAME TO t"],
  ["a schema", "ALTER TABLE t SET SCHEMA s", "ALTER TABLE s.t SET SCHEMA public"],
  ["unlogged", "ALTER TABLE t SET UNLOGGED", "ALTER TABLE t SET LOGGED"],
  [
    "an option of a table",
    "ALTER TABLE t SET (fillfactor = 50)",
    "ALTER TABLE t RESET (fillfactor)",
  ],
  [
    "row security",
    "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE t DISABLE ROW LEVEL SECURITY",
  ],
  [
    "the replica identity",
    "ALTER TABLE t REPLICA IDENTITY FULL",
    "ALTER TABLE t REPLICA IDENTITY DEFAULT",
  ],
  ["a cluster", "ALTER TABLE t CLUSTER ON i", "ALTER TABLE t SET WITHOUT CLUSTER"],
  [
    "an expression of an index",
    "DROP INDEX i; CREATE INDEX i ON t ((a + 2))",
    "DROP INDEX i; CREATE INDEX i ON t ((a + 1))",
  ],
  [
    "an order of an index",
    "DROP INDEX j; CREATE INDEX j ON t (a DESC)",
    "DROP INDEX j; CREATE INDEX j ON t (a)",
  ],
  [
    "a condition of an index",
    "DROP INDEX j; CREATE INDEX j ON t (a) WHERE a > 1",
    "DROP INDEX j; CREATE INDEX j ON t (a)",
  ],
  [
    "an option of an index",
    "ALTER INDEX j SET (fillfactor = 50)",
    "ALTER INDEX j RESET (fillfactor)",
  ],
  [
    "the statistics of an index",
    "ALTER INDEX i ALTER 1 SET STATISTICS 9",
    "ALTER INDEX i ALTER 1 SET STATISTICS -1",
  ],
  [
    "a check",
    "ALTER TABLE t DROP CONSTRAINT k, ADD CONSTRAINT k CHECK (a > 1)",
    "ALTER TABLE t DROP CONSTRAINT k, ADD CONSTRAINT k CHECK (a > 0)",
  ],
  [
    "a check that is not valid",
    "ALTER TABLE t DROP CONSTRAINT k, ADD CONSTRAINT k CHECK (a > 0) NOT VALID",
    "ALTER TABLE t VALIDATE CONSTRAINT k",
  ],
  [
    "a deferrable key",
    "ALTER TABLE t ALTER CONSTRAINT f DEFERRABLE",
    "ALTER TABLE t ALTER CONSTRAINT f NOT DEFERRABLE",
  ],
  [
    "a trigger",
    "DROP TRIGGER x ON t; CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION g('1')",
    "DROP TRIGGER x ON t; CREATE TRIGGER x AFTER UPDATE ON t EXECUTE FUNCTION g('1')",
  ],
  [
    "what a trigger is given",
    "DROP TRIGGER x ON t; CREATE TRIGGER x AFTER UPDATE ON t EXECUTE FUNCTION g('2')",
    "DROP TRIGGER x ON t; CREATE TRIGGER x AFTER UPDATE ON t EXECUTE FUNCTION g('1')",
  ],
  [
    "the columns of a trigger",
    "DROP TRIGGER x ON t; CREATE TRIGGER x AFTER UPDATE OF a ON t EXECUTE FUNCTION g('1')",
    "DROP TRIGGER x ON t; CREATE TRIGGER x AFTER UPDATE ON t EXECUTE FUNCTION g('1')",
  ],
  ["a trigger that is off", "ALTER TABLE t DISABLE TRIGGER x", "ALTER TABLE t ENABLE TRIGGER x"],
  [
    "the triggers of a key that are off",
    "ALTER TABLE t DISABLE TRIGGER ALL",
    "ALTER TABLE t ENABLE TRIGGER ALL",
  ],
  ["a rule that is off", "ALTER TABLE t DISABLE RULE r", "ALTER TABLE t ENABLE RULE r"],
  ["a policy", "ALTER POLICY p ON t USING (a > 2)", "ALTER POLICY p ON t USING (a > 1)"],
  [
    "a privilege",
    "GRANT SELECT ON t TO PUBLIC",
    "REVOKE SELECT ON t FROM PUBLIC; REVOKE ALL ON t FROM CURRENT_USER; GRANT ALL ON t TO CURRENT_USER",
  ],
  [
    "a privilege of a column",
    "GRANT SELECT (a) ON t TO PUBLIC",
    "REVOKE SELECT (a) ON t FROM PUBLIC",
  ],
  [
    "the body of a function",
    "CREATE OR REPLACE FUNCTION h(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 2'",
    "CREATE OR REPLACE FUNCTION h(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1'",
  ],
  [
    "a default of a function",
    "CREATE OR REPLACE FUNCTION h(a int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION h(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1'",
  ],
  ["what a function may do", "ALTER FUNCTION h STABLE", "ALTER FUNCTION h VOLATILE"],
  ["the cost of a function", "ALTER FUNCTION h COST 7", "ALTER FUNCTION h COST 100"],
  [
    "a setting of a function",
    "ALTER FUNCTION h SET work_mem = '1MB'",
    "ALTER FUNCTION h RESET work_mem",
  ],
  ["a default of a domain", "ALTER DOMAIN d SET DEFAULT 'y'", "ALTER DOMAIN d SET DEFAULT 'x'"],
  [
    "a check of a domain",
    "ALTER DOMAIN d DROP CONSTRAINT c; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE <> 'b')",
    "ALTER DOMAIN d DROP CONSTRAINT c; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE <> 'a')",
  ],
  ["a name of a type", "ALTER TYPE e RENAME TO e2", "ALTER TYPE e2 RENAME TO e"],
  ["a label", "ALTER TYPE e RENAME VALUE 'a' TO 'z'", "ALTER TYPE e RENAME VALUE 'z' TO 'a'"],
  [
    "a query of a view",
    "CREATE OR REPLACE VIEW v AS SELECT a + 2 AS a FROM t",
    "CREATE OR REPLACE VIEW v AS SELECT a + 1 AS a FROM t",
  ],
  [
    "an option of a view",
    "ALTER VIEW v SET (security_barrier)",
    "ALTER VIEW v RESET (security_barrier)",
  ],
  ["a sequence", "ALTER SEQUENCE q CACHE 9", "ALTER SEQUENCE q CACHE 1"],
  ["who owns a sequence", "ALTER SEQUENCE q OWNED BY t.a", "ALTER SEQUENCE q OWNED BY NONE"],
  ["a comment of a table", "COMMENT ON TABLE t IS 'y'", "COMMENT ON TABLE t IS 'x'"],
  ["a comment of a column", "COMMENT ON COLUMN t.a IS 'y'", "COMMENT ON COLUMN t.a IS NULL"],
  ["a comment of an index", "COMMENT ON INDEX i IS 'y'", "COMMENT ON INDEX i IS NULL"],
  [
    "a comment of a schema",
    "COMMENT ON SCHEMA public IS 'mine'",
    "COMMENT ON SCHEMA public IS 'theirs'",
  ],
  ["a parent", "ALTER TABLE c NO INHERIT t", "ALTER TABLE c INHERIT t"],
  [
    "statistics",
    "DROP STATISTICS st; CREATE STATISTICS st2 ON a, b FROM t; ALTER STATISTICS st2 RENAME TO st3",
    "DROP STATISTICS st3; CREATE STATISTICS st ON a, b FROM t",
  ],
  [
    "a default privilege",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
    "ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM PUBLIC",
  ],
  [
    "a publication",
    "ALTER PUBLICATION pub SET (publish = 'insert')",
    "ALTER PUBLICATION pub SET (publish = 'insert, update, delete, truncate')",
  ],
  [
    "a table of a publication",
    "ALTER PUBLICATION pub ADD TABLE t",
    "ALTER PUBLICATION pub DROP TABLE t",
  ],
  ["a collation", "ALTER COLLATION co RENAME TO co2", "ALTER COLLATION co2 RENAME TO co"],
  [
    "an aggregate",
    "ALTER AGGREGATE ag(int) RENAME TO ag2",
    "ALTER AGGREGATE ag2(int) RENAME TO ag",
  ],
  [
    "an operator",
    "ALTER OPERATOR === (int, int) SET (RESTRICT = eqsel)",
    "ALTER OPERATOR === (int, int) SET (RESTRICT = NONE)",
  ],
  ["a range", "ALTER TYPE ra RENAME TO rb", "ALTER TYPE rb RENAME TO ra"],
  [
    "a text search configuration",
    "ALTER TEXT SEARCH CONFIGURATION ts DROP MAPPING FOR word",
    "ALTER TEXT SEARCH CONFIGURATION ts ADD MAPPING FOR word WITH simple",
  ],
];

/** What these change. */
const MANY = `
  COMMENT ON SCHEMA public IS 'theirs';
  CREATE SCHEMA s;
  CREATE TYPE e AS ENUM ('a', 'b');
  CREATE TYPE ra AS RANGE (subtype = int);
  CREATE DOMAIN d AS text DEFAULT 'x' CONSTRAINT c CHECK (VALUE <> 'a');
  CREATE TABLE t (a int DEFAULT 1 CONSTRAINT k CHECK (a > 0), b text, CONSTRAINT u UNIQUE (a),
    CONSTRAINT f FOREIGN KEY (a) REFERENCES t (a));
  CREATE TABLE c () INHERITS (t);
  GRANT ALL ON t TO CURRENT_USER;
  CREATE INDEX i ON t ((a + 1));
  CREATE INDEX j ON t (a);
  CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER x AFTER UPDATE ON t EXECUTE FUNCTION g('1');
  CREATE RULE r AS ON DELETE TO t DO ALSO SELECT 1;
  CREATE POLICY p ON t USING (a > 1);
  CREATE FUNCTION h(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE VIEW v AS SELECT a + 1 AS a FROM t;
  CREATE SEQUENCE q;
  COMMENT ON TABLE t IS 'x';
  CREATE STATISTICS st ON a, b FROM t;
  CREATE PUBLICATION pub;
  CREATE COLLATION co (locale = 'C');
  CREATE AGGREGATE ag(int) (SFUNC = int4pl, STYPE = int);
  CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
  CREATE TEXT SEARCH CONFIGURATION ts (COPY = simple)`;

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

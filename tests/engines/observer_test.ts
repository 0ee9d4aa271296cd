import assert from "node:assert/strict";
import test from "node:test";
import { observe } from "../../scripts/observe/mod.ts";
import { normalSchema } from "../../scripts/observe/sqlite_schema.ts";
import { target } from "../../src/engines/postgres/target.ts";
import { pglite } from "../../src/runtimes/pglite.ts";

const server = await pglite.start(target(null, [], false), {
  emit: () => {},
  signal: new AbortController().signal,
});

async function seen(sql: string): Promise<string> {
  await using database = await server.create();
  await database.exec(sql);
  return await observe(database, server);
}

/** Scripts that make the same Postgres schema but for the order of columns. */
const SAME: readonly (readonly [string, string])[] = [
  [
    `CREATE TABLE t (a int PRIMARY KEY, b text DEFAULT 'x,(;' CHECK (b <> ')'), c numeric(10, 2))`,
    `CREATE TABLE t (c numeric(10, 2), a int PRIMARY KEY); ALTER TABLE t ADD b text DEFAULT 'x,(;' CHECK (b <> ')')`,
  ],
  [
    `CREATE TABLE t (a text, b text); COMMENT ON COLUMN t.a IS 'a'; COMMENT ON COLUMN t.b IS 'b';
     ALTER TABLE t ALTER a SET STATISTICS 5, ALTER b SET STATISTICS 6`,
    `CREATE TABLE t (b text, a text); COMMENT ON COLUMN t.b IS 'b'; COMMENT ON COLUMN t.a IS 'a';
     ALTER TABLE t ALTER b SET STATISTICS 6, ALTER a SET STATISTICS 5`,
  ],
  [
    `CREATE TABLE t (a int PRIMARY KEY, "b (" text); CREATE PUBLICATION p FOR TABLE t (a, "b (") WHERE (a > 0)`,
    `CREATE TABLE t ("b (" text, a int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t (a, "b (") WHERE (a > 0)`,
  ],
  [
    "CREATE TABLE t (a int, b int); CREATE STATISTICS s ON a, b, (a + b), lower(b::text) FROM t",
    "CREATE TABLE t (b int, a int); CREATE STATISTICS s ON b, a, (a + b), lower(b::text) FROM t",
  ],
];

/** Scripts that do not. */
const OTHER: readonly (readonly [string, string])[] = [
  [`CREATE TABLE t (a int)`, `CREATE TABLE t (a bigint)`],
  [`CREATE TYPE t AS (a int, b int)`, `CREATE TYPE t AS (b int, a int)`],
  [`CREATE TABLE t (a int)`, `CREATE TABLE t (a int); COMMENT ON TABLE t IS 'a'`],
  [`CREATE TABLE t (a int)`, `CREATE TABLE t (a int); GRANT SELECT ON t TO public`],
  [
    `CREATE TABLE t (a int, b int); CREATE PUBLICATION p FOR TABLE t (a)`,
    `CREATE TABLE t (a int, b int); CREATE PUBLICATION p FOR TABLE t (b)`,
  ],
  [
    `CREATE TABLE t (a int, b int); CREATE PUBLICATION p FOR TABLE t WHERE (a IN (1, 2))`,
    `CREATE TABLE t (a int, b int); CREATE PUBLICATION p FOR TABLE t WHERE (a IN (2, 1))`,
  ],
  [
    `CREATE TABLE t (a int)`,
    `CREATE ACCESS METHOD other TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE t (a int) USING other`,
  ],
];

test("pg_dump sees no difference but for the order of columns", async () => {
  for (const [one, other] of SAME) assert.equal(await seen(one), await seen(other));
});

test("pg_dump sees the differences that count", async () => {
  for (const [one, other] of OTHER) assert.notEqual(await seen(one), await seen(other));
});

test("the observer leaves the database as it was", async () => {
  await using database = await server.create();
  await database.exec(`CREATE TABLE t (a int); SET search_path = pg_catalog`);
  const first = await observe(database, server);
  assert.equal(await observe(database, server), first);
  const [row] = await database.query<{ search_path: string }>(`SHOW search_path`);
  assert.equal(row?.search_path, "pg_catalog");
});

/** SQLite statements that mean the same, and ones that do not. */
const SQLITE_SAME: readonly (readonly [string, string])[] = [
  [
    "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT UNIQUE NOT NULL, c REFERENCES p (x))",
    'create table "T"(`c`, b text not null, [a] integer, foreign key (c) references P(x), UNIQUE (b ASC), PRIMARY KEY (a AUTOINCREMENT)) -- x',
  ],
  [
    "CREATE TABLE t (a REFERENCES p ON DELETE CASCADE ON UPDATE NO ACTION, b AS (1)) WITHOUT ROWID, STRICT",
    "CREATE TABLE IF NOT EXISTS t (b GENERATED ALWAYS AS (1) VIRTUAL, a REFERENCES p ON DELETE CASCADE) STRICT, WITHOUT ROWID",
  ],
  ["CREATE TABLE t (a CHECK (t.a > 1))", "CREATE TABLE t (a, CHECK (`a` > 1))"],
  [
    "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW BEGIN SELECT 1; END",
    "CREATE TRIGGER IF NOT EXISTS g AFTER INSERT ON t BEGIN SELECT 1; END",
  ],
  ["CREATE TABLE 'F_data' (a)", 'CREATE TABLE "f_data" (a)'],
  ["CREATE INDEX i ON t (a ASC, b DESC)", "CREATE INDEX IF NOT EXISTS `i` ON `t` (a, b desc)"],
];

const SQLITE_OTHER: readonly (readonly [string, string])[] = [
  ["CREATE TABLE t (a TEXT)", "CREATE TABLE t (a TEXT NOT NULL)"],
  ["CREATE TABLE t (a DEFAULT 'A')", "CREATE TABLE t (a DEFAULT 'a')"],
  ["CREATE TABLE t (a, UNIQUE (a))", "CREATE TABLE t (a, CONSTRAINT u UNIQUE (a))"],
  [
    "CREATE TABLE t (a REFERENCES p)",
    "CREATE TABLE t (a REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
  ],
  ["CREATE INDEX i ON t (a, b)", "CREATE INDEX i ON t (b, a)"],
  ["CREATE VIEW v AS SELECT 1", "CREATE VIEW v AS SELECT 2"],
];

test("the schema text of SQLite is compared by what it means", () => {
  for (const [one, other] of SQLITE_SAME) assert.equal(normal(one), normal(other));
  for (const [one, other] of SQLITE_OTHER) assert.notEqual(normal(one), normal(other));
});

function normal(sql: string): string {
  return normalSchema([{ type: "", name: "", tbl_name: "", sql }]);
}

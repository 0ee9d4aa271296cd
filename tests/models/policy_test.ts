import assert from "node:assert/strict";
import test from "node:test";
import { policyFor } from "../../src/models/policy/mod.ts";
import { type Allowance, allowanceOf } from "../../src/models/policy/policy.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import { withoutComments } from "../../src/sql/ranges.ts";
import type { Change } from "../../src/core/change.ts";
import type { Facts } from "../../src/core/snapshot.ts";

/** A change of `users`, and whatever else is named. */
function allowance(more: readonly Change[] = [], prefix = ""): Allowance {
  const users = object("table", `${prefix}users`, {});
  return allowanceOf(
    [
      { op: "alter", kind: "table", id: users.id, before: users, after: users, facts: ["x"] },
      ...more,
    ],
    [`${prefix}users`],
  );
}

function object(kind: string, name: string, facts: Facts) {
  return { id: `${kind}:${name}`, kind, name, parent: null, facts, dependsOn: [], droppedWith: [] };
}

function created(kind: string, name: string, facts: Facts = {}): Change {
  const after = object(kind, name, facts);
  return { op: "create", kind, id: after.id, after };
}

interface Cases {
  /** May run. */
  readonly good: readonly (string | readonly string[])[];
  /** May not, and a word of the reason. */
  readonly bad: readonly (readonly [string | readonly string[], RegExp])[];
  readonly expressions: readonly (readonly [string, boolean])[];
}

const CASES: Readonly<Record<string, Cases>> = {
  postgres: {
    good: [
      "ALTER TABLE users ADD COLUMN email text NOT NULL DEFAULT ''",
      'ALTER TABLE public.users RENAME COLUMN "full name" TO name',
      "UPDATE users SET name = split_part(full_name, ' ', 1)",
      "CREATE INDEX CONCURRENTLY i ON users (name)",
      [
        "CREATE TABLE users_new (id int)",
        "INSERT INTO users_new SELECT id FROM users",
        "DROP TABLE users",
      ],
      ["ALTER TABLE users RENAME TO people", "UPDATE people SET a = 1"],
      ["CREATE TABLE copy AS SELECT * FROM users", "DELETE FROM copy"],
      "SELECT setval('users_id_seq', (SELECT max(id) FROM users))",
      "CREATE VIEW v AS SELECT 1; ",
      "WITH gone AS (DELETE FROM users RETURNING *) INSERT INTO users SELECT * FROM gone",
      "ALTER TYPE mood ADD VALUE 'x'",
      "DROP VIEW v",
    ],
    bad: [
      ["COPY users TO PROGRAM 'rm -rf /'", /COPY/],
      ["COPY users FROM '/etc/passwd'", /COPY/],
      ["DO $$ BEGIN EXECUTE 'DROP TABLE x'; END $$", /DO/],
      ["CREATE EXTENSION dblink", /extension/],
      ["DROP EXTENSION pgcrypto", /extension/],
      ["CREATE LANGUAGE plpython3u", /extension/],
      ["CREATE ROLE boss SUPERUSER", /role/],
      ["ALTER ROLE me SUPERUSER", /role/],
      ["GRANT boss TO me", /role/],
      ["GRANT ALL ON users TO PUBLIC", /privilege/],
      ["REVOKE ALL ON users FROM PUBLIC", /privilege/],
      ["ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC", /default privileges/],
      ["ALTER SYSTEM SET fsync = off", /server/],
      ["ALTER DATABASE d SET x = 1", /business/],
      ["SET search_path = evil", /setting/],
      ["BEGIN", /transactions/],
      ["COMMIT", /transactions/],
      ["SAVEPOINT x", /transactions/],
      ["SELECT 1; DROP TABLE users", /more than one/],
      ["ALTER TABLE users ADD a int; COMMIT", /more than one/],
      ["", /empty/],
      ["-- nothing", /empty/],
      ["SELECT pg_read_file('/etc/passwd')", /query/],
      ["UPDATE users SET name = pg_read_file('/etc/passwd')", /pg_read_file/],
      ["ALTER TABLE users ADD x text DEFAULT pg_read_file('/x')", /pg_read_file/],
      ["UPDATE users SET name = (SELECT lo_import('/etc/passwd')::text)", /lo_import/],
      [
        "UPDATE users SET name = query_to_xml('drop table x', true, true, '')::text",
        /query_to_xml/,
      ],
      ["SELECT set_config('x', 'y', false)", /query/],
      ["UPDATE orders SET total = 0", /orders/],
      ["DELETE FROM public.orders", /orders/],
      ["WITH x AS (DELETE FROM orders RETURNING *) INSERT INTO users SELECT * FROM x", /orders/],
      ["TRUNCATE users", /rows/],
      ["DROP TABLE orders", /orders/],
      ["DROP TABLE users, orders", /orders/],
      ["ALTER TABLE orders DROP COLUMN total", /orders/],
      ["ALTER TABLE users OWNER TO me", /owner/],
      ["ALTER TABLE users DISABLE TRIGGER ALL", /triggers/],
      ["COMMENT ON TABLE users IS 'x'", /comment/],
      ["CREATE TEMP TABLE t (a int)", /temporary/],
      [
        "CREATE FUNCTION helper() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        /function helper/,
      ],
      ["CREATE SCHEMA s AUTHORIZATION boss", /owner/],
      ["LOAD 'evil'", /programs/],
      ["PREPARE x AS SELECT 1", /PREPARE/],
      ["CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw", /server/],
      ["IMPORT FOREIGN SCHEMA x FROM SERVER y INTO z", /server/],
      ["VACUUM FULL users", /business/],
      [["CREATE TABLE IF NOT EXISTS orders (id int)", "DELETE FROM orders"], /orders/],
      [["CREATE TABLE x (id int)", "DROP TABLE x", "DELETE FROM x"], /dropped or renamed/],
      [
        ["DROP TABLE users", "CREATE VIEW users AS SELECT * FROM orders", "DELETE FROM users"],
        /view of this draft/,
      ],
      [["CREATE TABLE x (id int)", "DELETE FROM archive.x"], /archive\.x/],
      ["ALTER TABLE orders SET SCHEMA archive", /orders/],
      ["ALTER TABLE orders RENAME COLUMN a TO b", /orders/],
      ["ALTER SEQUENCE s RESTART", /sequence/],
      ["ALTER TABLE users ALTER id RESTART", /sequence/],
      ["CREATE OPERATOR |> (FUNCTION = pg_read_file, RIGHTARG = text)", /operator/],
      ["CREATE CAST (text AS xml) WITH FUNCTION f(text)", /cast/],
      ["CREATE AGGREGATE a (text) (SFUNC = f, STYPE = text)", /aggregate/],
      ["CREATE DOMAIN d AS text", /domain/],
      ["UPDATE users SET name = (SELECT rolpassword FROM pg_authid LIMIT 1)", /secrets/],
      ["\\! rm -rf /", /client/],
    ],
    expressions: [
      ["lower(name)", true],
      ["coalesce((SELECT max(id) FROM users), 0)", true],
      ["1, 2", true],
      ["1); DROP TABLE users; SELECT (1", false],
      ["1), (2", false],
      ["1) FROM users WHERE (true", false],
      ["1) UNION SELECT (2", false],
      ["pg_read_file('/etc/passwd')", false],
      ["lower(", false],
    ],
  },
  sqlite: {
    good: [
      "ALTER TABLE users ADD COLUMN email text",
      [
        "PRAGMA foreign_keys = OFF",
        "CREATE TABLE users_new (id int)",
        "INSERT INTO users_new SELECT id FROM users",
        "DROP TABLE users",
        "ALTER TABLE users_new RENAME TO users",
        "PRAGMA foreign_key_check",
      ],
      ['ALTER TABLE users RENAME TO "the people"', 'UPDATE "the people" SET a = 1'],
      "UPDATE sqlite_sequence SET seq = 5 WHERE name = 'users'",
      "CREATE TRIGGER t AFTER INSERT ON users BEGIN UPDATE orders SET a = 1; DELETE FROM orders; END",
      "CREATE INDEX i ON users (lower(name))",
      "ALTER TABLE users ALTER COLUMN a SET NOT NULL",
      "DELETE FROM main.users",
    ],
    bad: [
      ["ATTACH '/tmp/x.db' AS x", /database file/],
      ["DETACH x", /database file/],
      ["PRAGMA writable_schema = 1", /writable_schema/],
      ["PRAGMA user_version = 3", /user_version/],
      ["VACUUM INTO '/tmp/x'", /files/],
      ["BEGIN", /transactions/],
      ["SAVEPOINT a", /transactions/],
      ["SELECT load_extension('x')", /query/],
      ["UPDATE users SET a = load_extension('x')", /load_extension/],
      ["UPDATE users SET a = readfile('/etc/passwd')", /readfile/],
      ["INSERT INTO users SELECT * FROM other.t", /other/],
      ["ALTER TABLE temp.users ADD b", /temp/],
      ["UPDATE sqlite_master SET sql = ''", /sqlite_master/],
      ["DELETE FROM orders", /orders/],
      ["DROP TABLE orders", /orders/],
      ["ALTER TABLE orders ADD x", /orders/],
      ["CREATE TEMP TABLE x (a)", /temporary/],
      ["CREATE TEMP VIEW x AS SELECT 1", /temporary/],
      ["CREATE VIRTUAL TABLE f USING csv(filename='/etc/passwd')", /reads files/],
      ["CREATE VIRTUAL TABLE f USING fts5(a)", /virtual table/],
      ["ALTER TABLE users ADD a; ALTER TABLE users ADD b", /more than one/],
      ["ALTER TABLE orders ALTER COLUMN a SET NOT NULL", /orders/],
      ["", /empty/],
    ],
    expressions: [
      ["lower(name)", true],
      ["CASE WHEN a THEN 1 ELSE 0 END", true],
      ["1); DROP TABLE users; SELECT (1", false],
      ["1) FROM users WHERE (true", false],
      ["1) UNION SELECT (2", false],
      ["readfile('x')", false],
      ["1), (2", false],
    ],
  },
  mysql: {
    good: [
      "ALTER TABLE `users` ADD COLUMN email varchar(20)",
      "UPDATE users SET name = 'LOAD DATA'",
      ["CREATE TABLE users_new (id int)", "INSERT INTO users_new SELECT id FROM users"],
      "CREATE TRIGGER t AFTER INSERT ON users FOR EACH ROW BEGIN SET @a = 1; END",
      ["RENAME TABLE users TO people", "UPDATE people SET a = 1"],
      "DELETE FROM users WHERE id IN (SELECT 1)",
      "SET SESSION system_versioning_alter_history = KEEP",
    ],
    bad: [
      ["SET SESSION system_versioning_alter_history = KEEP, sql_mode = ''", /business/],
      ["DROP SCHEMA shop", /database/],
      ["LOAD DATA INFILE '/etc/passwd' INTO TABLE users", /business|files/],
      ["SELECT * INTO OUTFILE '/tmp/x' FROM users", /business/],
      ["INSERT INTO users SELECT load_file('/etc/passwd')", /files/],
      ["GRANT ALL ON *.* TO me", /business/],
      ["CREATE USER boss", /user/],
      ["SET GLOBAL general_log = 1", /business/],
      ["ALTER TABLE users DATA DIRECTORY = '/tmp'", /folder/],
      ["CREATE TABLE x (a int) ENGINE=FEDERATED CONNECTION='mysql://u:p@h/d/t'", /server/],
      ["START TRANSACTION", /business/],
      ["UPDATE users SET a = 1; COMMIT", /more than one/],
      ["/*!50000 GRANT ALL ON *.* TO me */", /comment|empty/],
      ["ALTER TABLE users ADD a int /*!50000 , DROP b */", /comment/],
      ["UPDATE orders SET a = 1", /orders/],
      ["DROP TABLE IF EXISTS orders", /orders/],
      ["UPDATE users JOIN orders ON 1 SET orders.a = 1", /more than one table/],
      ["DELETE orders FROM orders JOIN users", /orders/],
      ["CALL p()", /business/],
      [
        "CREATE DEFINER = root@localhost TRIGGER t AFTER INSERT ON users FOR EACH ROW SET @a = 1",
        /definer/,
      ],
      ["INSTALL PLUGIN x SONAME 'y'", /business|programs/],
    ],
    expressions: [
      ["lower(name)", true],
      ["(1", false],
      ["1; DROP TABLE x", false],
      ["load_file('x')", false],
    ],
  },
};

for (const [dialect, { good, bad, expressions }] of Object.entries(CASES)) {
  const scope = allowance([], dialect === "postgres" ? "public." : "");

  test(`${dialect}: what a migration may do is let through`, async () => {
    const policy = await policyFor(dialect, lexiconOf(dialect));
    for (const sql of good) {
      assert.equal(policy.statements([sql].flat(), scope), null, String(sql));
    }
  });

  test(`${dialect}: what a migration has no business doing is refused before it runs`, async () => {
    const policy = await policyFor(dialect, lexiconOf(dialect));
    for (const [sql, reason] of bad) {
      const verdict = policy.statements([sql].flat(), scope);
      assert.match(verdict?.reason ?? "it was let through", reason, String(sql));
    }
  });

  test(`${dialect}: an expression is one expression`, async () => {
    const policy = await policyFor(dialect, lexiconOf(dialect));
    for (const [sql, fine] of expressions) {
      assert.equal(policy.expression(sql) === null, fine, `${sql}: ${policy.expression(sql)}`);
    }
  });
}

test("postgres: what a change asks for is allowed", async () => {
  const policy = await policyFor("postgres", lexiconOf("postgres"));
  const asked: readonly (readonly [Change, string])[] = [
    [created("extension", "dblink"), "CREATE EXTENSION dblink"],
    [created("table", "public.t", { grants: ["x"] }), "GRANT SELECT ON users TO reader"],
    [created("table", "public.t", { owner: "me" }), "ALTER TABLE users OWNER TO me"],
    [created("table", "public.t", { comment: "x" }), "COMMENT ON TABLE users IS 'x'"],
    [
      created("function", "public.helper(integer)"),
      "CREATE FUNCTION helper(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
    [created("trigger", "public.users.t"), "ALTER TABLE users DISABLE TRIGGER t"],
    [created("publication", "p"), "CREATE PUBLICATION p FOR TABLE users"],
  ];
  for (const [change, sql] of asked) {
    assert.equal(policy.statements([sql], allowance([change], "public.")), null, sql);
    assert.notEqual(policy.statements([sql], allowance([], "public.")), null, sql);
  }
});

test("the statement that is refused is counted from 1", async () => {
  const policy = await policyFor("postgres", lexiconOf("postgres"));
  const verdict = policy.statements(
    ["ALTER TABLE users ADD a int", "COMMIT"],
    allowance([], "public."),
  );
  assert.equal(verdict?.statement, 2);
});

test("comments are found and taken out by each dialect's quoting", () => {
  assert.equal(
    withoutComments("SELECT '--' -- gone\n, 1", lexiconOf("postgres")),
    "SELECT '--' \n, 1",
  );
  assert.equal(withoutComments("a /* b /* c */ d */ e", lexiconOf("postgres")), "a   e");
  assert.equal(
    withoutComments("SELECT $x$ -- kept $x$", lexiconOf("postgres")),
    "SELECT $x$ -- kept $x$",
  );
  assert.equal(withoutComments("SELECT 'a\\'--b' # gone", lexiconOf("mysql")), "SELECT 'a\\'--b'");
  assert.equal(
    withoutComments("SELECT [a--b], `c--d`", lexiconOf("sqlite")),
    "SELECT [a--b], `c--d`",
  );
});

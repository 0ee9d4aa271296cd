/** Each row of the table of features, on real servers: none takes it before the version that the row names, all take it from then on. */

import assert from "node:assert/strict";
import test from "node:test";
import { DatabaseError } from "../../src/core/error.ts";
import { features, OLDEST_PLANNED } from "../../src/engines/postgres/features.ts";
import { lexicon } from "../../src/engines/postgres/lexicon.ts";
import { usedFeature } from "../../src/engines/version_features.ts";
import type { Connection } from "../../src/runtimes/runtime.ts";
import { NEEDS_SERVER, SERVERS, startLocal } from "../runtimes/native_servers.ts";

/** A statement with the feature, after others that every version takes. */
interface Sample {
  readonly before?: string;
  readonly sql: string;
  /** Not in a transaction, and what takes it back. */
  readonly undo?: string;
}

const T = "CREATE TABLE t (a int, b int, c text, d tsrange)";
const F = `${T}; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`;
const SUBSCRIBES = "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false, ";

/** By the words of the table; the first is told by its pattern, the rest are further things that it names. */
const SAMPLES: Readonly<Record<string, readonly Sample[]>> = {
  "SET COMPRESSION, COMPRESSION of columns": [
    { before: T, sql: "ALTER TABLE t ALTER COLUMN c SET COMPRESSION pglz" },
    { sql: "CREATE TABLE t (c text COMPRESSION pglz)" },
  ],
  "CREATE OR REPLACE TRIGGER": [{
    before: F,
    sql: "CREATE OR REPLACE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
  }],
  "SQL function bodies without quotes (BEGIN ATOMIC, RETURN)": [
    { sql: "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END" },
  ],
  "OUT parameters of procedures": [
    { sql: "CREATE PROCEDURE p(OUT a int) LANGUAGE sql AS 'SELECT 1'" },
  ],
  "DETACH PARTITION CONCURRENTLY": [{
    before: `CREATE TABLE parts (a int) PARTITION BY LIST (a);
      CREATE TABLE part PARTITION OF parts FOR VALUES IN (1)`,
    sql: "ALTER TABLE parts DETACH PARTITION part CONCURRENTLY",
    undo: "DROP TABLE IF EXISTS part; DROP TABLE parts",
  }],
  "multirange types": [
    { sql: "CREATE TABLE t (a int4multirange)" },
    { sql: "CREATE TYPE r AS RANGE (SUBTYPE = int4, MULTIRANGE_TYPE_NAME = rs)" },
  ],
  "SUBSCRIPT of types": [{
    before:
      `CREATE TYPE ty; CREATE FUNCTION i(cstring) RETURNS ty LANGUAGE internal IMMUTABLE STRICT AS 'jsonb_in';
      CREATE FUNCTION o(ty) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'jsonb_out'`,
    sql:
      // Version 13 passes over what it does not know there.
      `CREATE TYPE ty (INPUT = i, OUTPUT = o, LIKE = jsonb, SUBSCRIPT = jsonb_subscript_handler);
        CREATE TABLE t (a ty CHECK (a['x'] IS NULL))`,
  }],
  "statistics on expressions": [
    { before: T, sql: "CREATE STATISTICS st ON a, (b + 1) FROM t" },
  ],
  "date_bin()": [{ sql: "SELECT date_bin('1 hour', now(), now())" }],
  "SEARCH and CYCLE of recursive queries": [
    {
      sql:
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) SEARCH DEPTH FIRST BY n SET o SELECT * FROM r",
    },
    {
      sql:
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) CYCLE n SET is_cycle USING path SELECT * FROM r",
    },
  ],
  "bit_xor(), bit_count(), string_to_table(), trim_array(), unistr()": [
    { sql: "SELECT bit_xor(1)" },
    { sql: "SELECT bit_count('101'::bit(3))" },
    { sql: "SELECT string_to_table('a,b', ',')" },
    { sql: "SELECT trim_array(ARRAY[1, 2], 1)" },
    { sql: "SELECT unistr('a')" },
  ],
  "INCLUDE columns of SP-GiST indexes": [
    { before: T, sql: "CREATE INDEX i ON t USING spgist (c) INCLUDE (a)" },
  ],
  "the roles pg_database_owner, pg_read_all_data, pg_write_all_data": [
    { before: T, sql: "GRANT SELECT ON t TO pg_database_owner" },
    { before: T, sql: "GRANT SELECT ON t TO pg_read_all_data" },
    { before: T, sql: "GRANT SELECT ON t TO pg_write_all_data" },
  ],
  "MERGE": [
    { before: T, sql: "MERGE INTO t USING t u ON t.a = u.a WHEN MATCHED THEN DELETE" },
  ],
  "UNIQUE NULLS NOT DISTINCT": [
    { before: T, sql: "CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT" },
    { sql: "CREATE TABLE t (a int UNIQUE NULLS NOT DISTINCT)" },
  ],
  "views WITH (security_invoker)": [
    { sql: "CREATE VIEW v WITH (security_invoker) AS SELECT 1 AS a" },
  ],
  "ON DELETE SET NULL (columns), SET DEFAULT (columns)": [{
    before: "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b))",
    sql: "CREATE TABLE u (a int, b int, FOREIGN KEY (a, b) REFERENCES t ON DELETE SET NULL (a))",
  }],
  "publications FOR TABLES IN SCHEMA": [
    { sql: "CREATE PUBLICATION p FOR TABLES IN SCHEMA public" },
  ],
  "publications of columns and rows": [
    { before: T, sql: "CREATE PUBLICATION p FOR TABLE t (a)" },
    { before: T, sql: "CREATE PUBLICATION p FOR TABLE t WHERE (a > 1)" },
  ],
  "unlogged sequences": [{ sql: "CREATE UNLOGGED SEQUENCE s" }],
  "SET ACCESS METHOD": [{ before: T, sql: "ALTER TABLE t SET ACCESS METHOD heap" }],
  "regexp_count(), regexp_like(), regexp_substr(), regexp_instr()": [
    { sql: "SELECT regexp_count('a', 'a')" },
    { sql: "SELECT regexp_like('a', 'a')" },
    { sql: "SELECT regexp_substr('a', 'a')" },
    { sql: "SELECT regexp_instr('a', 'a')" },
  ],
  "numeric types with a negative scale, or one that exceeds the precision": [
    { sql: "CREATE TABLE t (a numeric(3, -2))" },
  ],
  "privileges on parameters": [{ sql: "GRANT SET ON PARAMETER work_mem TO public" }],
  "the role pg_checkpoint": [{ before: T, sql: "GRANT SELECT ON t TO pg_checkpoint" }],
  "two_phase and disable_on_error of subscriptions": [
    { sql: `${SUBSCRIBES}two_phase = true)` },
    { sql: `${SUBSCRIBES}disable_on_error = true)` },
  ],
  "SET STORAGE DEFAULT": [{ before: T, sql: "ALTER TABLE t ALTER COLUMN c SET STORAGE DEFAULT" }],
  "STORAGE in CREATE TABLE": [{ sql: "CREATE TABLE t (c text STORAGE EXTERNAL)" }],
  "any_value()": [{ sql: "SELECT any_value(1)" }],
  "IS JSON, JSON_ARRAY(), JSON_ARRAYAGG(), JSON_OBJECTAGG()": [
    { sql: "SELECT '1' IS JSON" },
    { sql: "SELECT JSON_ARRAY(1)" },
    { sql: "SELECT JSON_ARRAYAGG(1)" },
    { sql: "SELECT JSON_OBJECTAGG('a': 1)" },
  ],
  "numbers with underscores, and in other bases": [
    { sql: "CREATE TABLE t (a int CHECK (a < 1_000))" },
    { sql: "CREATE TABLE t (a int CHECK (a < 0xff))" },
  ],
  "RULES of collations": [
    { sql: "CREATE COLLATION co (PROVIDER = icu, LOCALE = 'en', RULES = '&a < g')" },
  ],
  "CREATE STATISTICS without a name": [{ before: T, sql: "CREATE STATISTICS ON a, b FROM t" }],
  "GRANT of a role WITH INHERIT, WITH SET": [
    { before: "CREATE ROLE r; CREATE ROLE s", sql: "GRANT r TO s WITH INHERIT FALSE" },
    { before: "CREATE ROLE r; CREATE ROLE s", sql: "GRANT r TO s WITH SET FALSE" },
  ],
  "the roles pg_create_subscription, pg_use_reserved_connections": [
    { before: T, sql: "GRANT SELECT ON t TO pg_create_subscription" },
    { before: T, sql: "GRANT SELECT ON t TO pg_use_reserved_connections" },
  ],
  "origin, password_required and run_as_owner of subscriptions": [
    { sql: `${SUBSCRIBES}origin = none)` },
    { sql: `${SUBSCRIBES}password_required = false)` },
    { sql: `${SUBSCRIBES}run_as_owner = true)` },
  ],
  "pg_input_is_valid(), random_normal(), date_add(), array_sample(), array_shuffle()": [
    { sql: "SELECT pg_input_is_valid('1', 'int')" },
    { sql: "SELECT random_normal()" },
    { sql: "SELECT date_add(now(), '1 day'), date_subtract(now(), '1 day')" },
    { sql: "SELECT array_sample(ARRAY[1], 1)" },
    { sql: "SELECT array_shuffle(ARRAY[1])" },
  ],
  "SET EXPRESSION AS": [{
    before: "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED)",
    sql: "ALTER TABLE t ALTER COLUMN b SET EXPRESSION AS (a + 1)",
  }],
  "JSON_TABLE(), JSON_EXISTS(), JSON_QUERY(), JSON_VALUE()": [
    { sql: "SELECT * FROM JSON_TABLE('[1]'::jsonb, '$[*]' COLUMNS (a int PATH '$')) j" },
    { sql: "SELECT JSON_EXISTS('[1]'::jsonb, '$')" },
    { sql: "SELECT JSON_QUERY('[1]'::jsonb, '$')" },
    { sql: "SELECT JSON_VALUE('1'::jsonb, '$')" },
    { sql: "SELECT JSON_SCALAR(1)" },
    { sql: "SELECT JSON_SERIALIZE('1'::json)" },
  ],
  "the MAINTAIN privilege": [{ before: T, sql: "GRANT MAINTAIN ON t TO public" }],
  "access methods of partitioned tables": [
    { sql: "CREATE TABLE t (a int) PARTITION BY LIST (a) USING heap" },
    { before: T, sql: "ALTER TABLE t SET ACCESS METHOD DEFAULT" },
  ],
  "names of a domain's NOT NULL": [
    { before: "CREATE DOMAIN d AS int", sql: "ALTER DOMAIN d ADD CONSTRAINT n NOT NULL" },
  ],
  "MERGE ... RETURNING, WHEN NOT MATCHED BY SOURCE": [
    {
      before: T,
      sql: "MERGE INTO t USING t u ON t.a = u.a WHEN MATCHED THEN DELETE RETURNING t.a",
    },
    {
      before: T,
      sql: "MERGE INTO t USING t u ON t.a = u.a WHEN NOT MATCHED BY SOURCE THEN DELETE",
    },
  ],
  "event triggers ON login": [{
    before: "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
    sql: "CREATE EVENT TRIGGER et ON login EXECUTE FUNCTION e()",
  }],
  "collations of the provider builtin": [
    { sql: "CREATE COLLATION co (PROVIDER = builtin, LOCALE = 'C.UTF-8')" },
  ],
  "SET STATISTICS DEFAULT": [
    { before: T, sql: "ALTER TABLE t ALTER COLUMN a SET STATISTICS DEFAULT" },
  ],
  "the role pg_maintain": [{ before: T, sql: "GRANT SELECT ON t TO pg_maintain" }],
  "failover of subscriptions": [{ sql: `${SUBSCRIBES}failover = true)` }],
  "to_bin(), to_oct(), uuid_extract_timestamp(), uuid_extract_version()": [
    { sql: "SELECT to_bin(1)" },
    { sql: "SELECT to_oct(1)" },
    { sql: "SELECT uuid_extract_timestamp(gen_random_uuid())" },
    { sql: "SELECT uuid_extract_version(gen_random_uuid())" },
  ],
  "AT LOCAL": [{ sql: "SELECT now() AT LOCAL" }],
  "virtual generated columns (GENERATED ALWAYS AS (...) without STORED)": [
    { sql: "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1))" },
    { sql: "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL)" },
  ],
  "NOT NULL as a table constraint (ADD CONSTRAINT n NOT NULL c, ADD NOT NULL c, NOT VALID)": [
    { before: T, sql: "ALTER TABLE t ADD CONSTRAINT n NOT NULL a" },
    { before: T, sql: "ALTER TABLE t ADD NOT NULL a" },
    { before: T, sql: "ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID" },
    { sql: "CREATE TABLE t (a int, CONSTRAINT n NOT NULL a)" },
  ],
  "NOT ENFORCED constraints": [
    { sql: "CREATE TABLE t (a int, CHECK (a > 0) NOT ENFORCED)" },
  ],
  "WITHOUT OVERLAPS and PERIOD in keys": [
    { sql: "CREATE TABLE t (a int4range, d tsrange, PRIMARY KEY (a, d WITHOUT OVERLAPS))" },
  ],
  "publications of generated columns": [
    { sql: "CREATE PUBLICATION p WITH (publish_generated_columns = stored)" },
  ],
  "uuidv7(), uuidv4()": [{ sql: "SELECT uuidv7()" }, { sql: "SELECT uuidv4()" }],
  "casefold(), crc32(), crc32c(), array_sort(), array_reverse(), gamma(), lgamma()": [
    { sql: `SELECT casefold('A' COLLATE "pg_c_utf8")` },
    { sql: "SELECT crc32(''), crc32c('')" },
    { sql: "SELECT array_sort(ARRAY[1])" },
    { sql: "SELECT array_reverse(ARRAY[1])" },
    { sql: "SELECT gamma(1), lgamma(1)" },
  ],
  "default privileges of large objects": [
    { sql: "ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO public" },
  ],
  "the role pg_signal_autovacuum_worker": [
    { before: T, sql: "GRANT SELECT ON t TO pg_signal_autovacuum_worker" },
  ],
  "RETURNING OLD and NEW": [
    { before: T, sql: "UPDATE t SET a = 1 RETURNING old.a, new.a" },
  ],
};

/** What every version takes that is planned for. */
const PLANNED = features.filter(({ since }) => Number(since) > OLDEST_PLANNED);

test("every feature has a sample, and its pattern finds it", () => {
  assert.deepEqual(Object.keys(SAMPLES), PLANNED.map(({ what }) => what));
  for (const { what, since } of PLANNED) {
    for (const { before = "", sql } of SAMPLES[what] ?? []) {
      assert.equal(usedFeature(sql, features, lexicon)?.since, since, sql);
      for (const statement of before.split(";")) {
        const used = usedFeature(statement, features, lexicon)?.since ?? "0";
        assert.ok(Number(used) <= OLDEST_PLANNED, statement);
      }
    }
  }
});

for (const version of SERVERS) {
  test(`Postgres ${version} takes what its version brought, and nothing later`, async () => {
    await using server = await startLocal(version, { part: { superuser: true } });
    await using database = await server.create();
    const wrong: string[] = [];
    for (const { what, since } of PLANNED) {
      for (const sample of SAMPLES[what] ?? []) {
        const refusal = await refused(database, sample);
        if ((refusal === null) === (Number(since) <= Number(version))) continue;
        wrong.push(`${since} ${sample.sql}: ${refusal ?? "taken"}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
}

test("the table of features on real servers", NEEDS_SERVER, () => {
  assert.ok(SERVERS.length > 0);
});

/** What the server says against the statement, or null; leaves the database as it was. */
async function refused(
  database: Connection,
  { before, sql, undo }: Sample,
): Promise<string | null> {
  if (undo === undefined) await database.exec("BEGIN");
  try {
    if (before !== undefined) await database.exec(before);
    await database.exec(sql);
    return null;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return error.message;
  } finally {
    await database.exec(undo ?? "ROLLBACK");
  }
}

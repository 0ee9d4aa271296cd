/** Rows that are put into a Postgres database: of each kind, through whatever its tables forbid. */

import assert from "node:assert/strict";
import test from "node:test";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { target } from "../../src/engines/postgres/target.ts";
import { pglite } from "../../src/runtimes/pglite.ts";

interface Case {
  readonly name: string;
  readonly sql: string;
  /** Conditions that must be true once the rows are there. */
  readonly sees: readonly string[];
  /** Tables that took no rows, and why. */
  readonly empty?: Readonly<Record<string, RegExp>>;
}

/** Whether a table has a row for which a condition is true. */
function has(table: string, condition: string): string {
  return `EXISTS (SELECT FROM ${table} WHERE ${condition})`;
}

function every(table: string, condition: string): string {
  return `(SELECT count(*) > 0 AND bool_and(${condition}) FROM ${table})`;
}

const CASES: readonly Case[] = [
  {
    name: "an ordinary row, one with NULL wherever it may be, one like the first",
    sql: "CREATE TABLE t (id int PRIMARY KEY, a text, b int NOT NULL, c date)",
    sees: [
      has("t", "a IS NOT NULL AND c IS NOT NULL"),
      has("t", "a IS NULL AND c IS NULL"),
      "(SELECT count(*) > count(DISTINCT (a, b, c)) FROM t)",
      "(SELECT count(DISTINCT id) = count(*) FROM t)",
    ],
  },
  {
    name: "no UUID that tells rows apart is in two tables; elsewhere there are the extremes",
    sql: `CREATE TABLE a (id uuid PRIMARY KEY, v uuid); CREATE TABLE b (id uuid NOT NULL UNIQUE);
      CREATE TABLE c (a uuid REFERENCES a)`,
    sees: [
      "(SELECT count(*) > 1 FROM b)",
      "NOT EXISTS (SELECT FROM a JOIN b USING (id))",
      has("a", "v = 'ffffffff-ffff-ffff-ffff-ffffffffffff'"),
      "EXISTS (SELECT FROM a JOIN c ON c.a = a.id)",
    ],
  },
  {
    name: "a padded text refers to what is equal to it alone",
    sql: `CREATE TABLE a (id varchar(40) PRIMARY KEY);
      CREATE TABLE b (a char(36) NOT NULL PRIMARY KEY REFERENCES a)`,
    sees: [has("a", "id ~ ' $'"), "(SELECT count(*) > 1 FROM b)"],
  },
  {
    name: "documents have what required columns are generated from",
    sql: `CREATE TYPE state AS ENUM ('on', 'off');
      CREATE FUNCTION to_state(t text) RETURNS state LANGUAGE sql IMMUTABLE AS 'SELECT t::state';
      CREATE TABLE t (value jsonb NOT NULL, "Doc" json,
        id text NOT NULL GENERATED ALWAYS AS (value ->> 'id') STORED PRIMARY KEY,
        deleted bool NOT NULL GENERATED ALWAYS AS ((value ->> 'deleted')::bool) STORED,
        state state NOT NULL GENERATED ALWAYS AS (to_state(value -> 'state' ->> 'it''s')) STORED,
        n int NOT NULL GENERATED ALWAYS AS ((value #>> '{state,n}')::int) STORED,
        words tsvector GENERATED ALWAYS AS (to_tsvector('simple', (value ->> 'id') || (value ->> 'more'))) STORED,
        other text NOT NULL GENERATED ALWAYS AS ("Doc" ->> 'other') STORED)`,
    sees: [
      "(SELECT count(*) > 2 FROM t)",
      has("t", "deleted AND n > 0 AND value -> 'state' ->> 'it''s' = state::text"),
      has("t", "words IS NOT NULL AND other <> ''"),
    ],
  },
  {
    name: "whole rows are there twice where no key forbids it",
    sql: "CREATE TABLE t (a text, b int)",
    sees: ["EXISTS (SELECT FROM t GROUP BY a, b HAVING count(*) > 1)"],
  },
  {
    name: "no two columns have the same values in an ordinary row",
    sql: "CREATE TABLE t (id int PRIMARY KEY, a int, b int, c text, d text)",
    sees: [has("t", "id <> a AND a <> b AND c <> d")],
  },
  {
    name: "the extremes of numbers",
    sql:
      `CREATE TABLE t (a smallint, b int, c bigint, d numeric(6,2), e numeric, f real, g float8, h money,
      i numeric(3,0))`,
    sees: [
      has("t", "a = 32767 AND b = 2147483647 AND c = 9223372036854775807"),
      has("t", "a = -32768 AND b = -2147483648 AND c = -9223372036854775808"),
      has("t", "d = 9999.99"),
      has("t", "d = 0.01"),
      has("t", "scale(e) = 15"),
      `NOT EXISTS (SELECT FROM t WHERE f = 'NaN' OR g = 'NaN' OR f = 'Infinity')`,
      has("t", "g > 1e308"),
      has("t", "i = 999"),
    ],
  },
  {
    name: "the extremes of texts",
    sql: `CREATE TABLE t (a text, b varchar(20), c char(5), d varchar(1), e name, f "char")`,
    sees: [
      has("t", "length(a) >= 3000"),
      has("t", "length(b) = 20 AND octet_length(b) > 20"),
      has("t", "length(c) = 5"),
      has("t", "a = '' AND b = ''"),
      has("t", "a LIKE '%日本語%'"),
      has("t", `position('''' IN a) > 0 AND position('"' IN a) > 0 AND position('\\' IN a) > 0`),
      has("t", "a <> btrim(a) AND b <> btrim(b)"),
      has("t", "length(d) = 1"),
      has("t", "length(e::text) = 63"),
    ],
  },
  {
    name: "the extremes of dates and times",
    sql:
      `CREATE TABLE t (a date, b timestamp, c timestamptz, d time, e interval, f timestamp(0), g timetz)`,
    sees: [
      has("t", "a = '9999-12-31' AND b > '9999-12-31 23:59:59.9'"),
      has("t", "a < '0001-01-01' AND a > '-infinity'"),
      `NOT EXISTS (SELECT FROM t WHERE a = 'infinity' OR b = 'infinity' OR c = '-infinity')`,
      has("t", "extract(microseconds FROM b)::int % 1000 <> 0 AND b < '2100-01-01'"),
      has("t", "d = '24:00'"),
      has("t", "e > '1000 years'"),
      has("t", "f > '9999-12-31'"),
    ],
  },
  {
    name: "dates without end where the column's default is one",
    sql: "CREATE TABLE t (a date DEFAULT 'infinity', b timestamptz DEFAULT '-infinity', c date)",
    sees: [
      has("t", "a = 'infinity'"),
      has("t", "b = 'infinity'"),
      has("t", "b = '-infinity'"),
      "NOT EXISTS (SELECT FROM t WHERE c = 'infinity')",
    ],
  },
  {
    name: "documents, bytes, bits, networks and other things",
    sql:
      `CREATE TABLE t (a json, b jsonb, c bytea, d bit(3), e bit varying(4), f inet, g uuid, h xml,
      i tsvector, j point, k pg_lsn, l cidr, m macaddr, n jsonpath, o regclass, p oid)`,
    sees: [
      has("t", "a::text LIKE '%\"a\": [ ]%' AND a::text LIKE '%  %'"),
      has("t", "b = 'null'::jsonb"),
      has("t", "c = ''"),
      has("t", "position('\\x00'::bytea IN c) > 0"),
      has("t", "d = B'111' AND e = B'1111'"),
      has("t", "family(f) = 6"),
      has("t", "g = 'ffffffff-ffff-ffff-ffff-ffffffffffff'"),
      has("t", "j IS NOT NULL AND k IS NOT NULL AND l IS NOT NULL AND o IS NOT NULL"),
    ],
  },
  {
    name: "arrays: empty, of several, of NULL, nested",
    sql:
      "CREATE TYPE e AS ENUM ('x', 'y'); CREATE TABLE t (a int[], b text[], c e[], d varchar(3)[])",
    sees: [
      has("t", "a = '{}' AND b = '{}' AND c = '{}'"),
      has("t", "cardinality(b) > 3"),
      has("t", "array_ndims(a) = 2"),
      has("t", "a = '{NULL}'"),
      has("t", "'y' = ANY (c)"),
      has("t", "array_lower(b, 1) = 0"),
    ],
  },
  {
    name: "every label of an enumeration",
    sql:
      `CREATE TYPE e AS ENUM ('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'it''s', 'é "q"');
      CREATE TABLE t (m e NOT NULL)`,
    sees: ["(SELECT count(DISTINCT m) = 14 FROM t)"],
  },
  {
    name: "domains, domains over domains, arrays of them, composites of all",
    sql:
      `CREATE DOMAIN pos AS int CHECK (VALUE > 5); CREATE DOMAIN small AS pos CHECK (VALUE < 9) NOT NULL;
      CREATE DOMAIN mail AS varchar(40) CHECK (VALUE ~ '^[a-z]+@[a-z]+\\.[a-z]{2,4}$');
      CREATE TYPE pair AS (a int, b text, "c d" numeric(4,1)); CREATE TYPE two AS (p pair, q pair[]);
      CREATE TABLE t (a pos, b small, c mail NOT NULL, d pair, e pair[], f two, g pos[])`,
    sees: [
      every("t", "b BETWEEN 6 AND 8"),
      has("t", "c LIKE '%@%'"),
      has("t", "(d).a = 2147483647"),
      has("t", "(f).p IS NOT NULL"),
      has("t", "cardinality(e) > 1"),
    ],
  },
  {
    name: "ranges and multiranges",
    sql: `CREATE TYPE floats AS RANGE (subtype = float8);
      CREATE TABLE t (a int4range, b tstzrange, c nummultirange, d floats, e daterange NOT NULL)`,
    sees: [
      has("t", "isempty(a) AND isempty(b)"),
      has("t", "lower_inf(a) AND upper_inf(a)"),
      has("t", "c = '{}'"),
      has("t", "NOT isempty(e) AND NOT lower_inf(e)"),
    ],
  },
  {
    name: "types that name themselves, and arrays of themselves",
    sql: "CREATE TABLE t (id int); CREATE TABLE u (a t, b t[], c oidvector, d int2vector)",
    sees: [has("u", "a IS NOT NULL")],
  },
  {
    name: "serial and identity columns, also those that always number themselves",
    sql:
      `CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n serial, o bigint GENERATED BY DEFAULT AS IDENTITY);
      CREATE TABLE u (id smallserial PRIMARY KEY)`,
    sees: [
      every("t", "id < 10000 AND n < 10000"),
      "nextval(pg_get_serial_sequence('t', 'id')) > (SELECT max(id) FROM t)",
      "nextval(pg_get_serial_sequence('u', 'id')) > (SELECT max(id) FROM u)",
    ],
  },
  {
    name: "generated columns, and extremes that they do not take",
    sql:
      `CREATE TABLE t (a int, b int, c int GENERATED ALWAYS AS (a + b) STORED, d text GENERATED ALWAYS AS (a::text) VIRTUAL)`,
    sees: [
      has("t", "a = -2147483648 OR b = -2147483648"),
      every("t", "c IS NOT DISTINCT FROM a + b"),
    ],
  },
  {
    name: "foreign keys over several columns, to a table of another name order",
    sql: `CREATE TABLE z (a int, b text, PRIMARY KEY (a, b));
      CREATE TABLE a (id int PRIMARY KEY, x int NOT NULL, y text NOT NULL, FOREIGN KEY (x, y) REFERENCES z);
      CREATE TABLE b (x int, y text, FOREIGN KEY (x, y) REFERENCES z MATCH FULL)`,
    sees: [
      every("a", "EXISTS (SELECT FROM z WHERE (z.a, z.b) = (x, y))"),
      every("b", "num_nulls(x, y) IN (0, 2)"),
      has("b", "x IS NULL"),
      has("b", "x IS NOT NULL"),
    ],
  },
  {
    name: "foreign keys that share a column",
    sql: `CREATE TABLE org (id int PRIMARY KEY);
      CREATE TABLE usr (org int REFERENCES org, id int, PRIMARY KEY (org, id));
      CREATE TABLE doc (org int NOT NULL REFERENCES org, id int, author int NOT NULL, editor int,
        PRIMARY KEY (org, id), FOREIGN KEY (org, author) REFERENCES usr, FOREIGN KEY (org, editor) REFERENCES usr)`,
    sees: [every("doc", "EXISTS (SELECT FROM usr u WHERE (u.org, u.id) = (doc.org, author))")],
  },
  {
    name: "a table between two others, one for one",
    sql: `CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id uuid PRIMARY KEY);
      CREATE TABLE ab (a int REFERENCES a, b uuid REFERENCES b, PRIMARY KEY (a, b));
      CREATE TABLE one (id int PRIMARY KEY REFERENCES a)`,
    sees: ["(SELECT count(*) > 1 FROM ab)", "(SELECT count(*) > 1 FROM one)"],
  },
  {
    name: "tables that refer to themselves and to each other",
    sql: `CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t);
      CREATE TABLE s (id int PRIMARY KEY, up int NOT NULL REFERENCES s);
      CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL);
      CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a DEFERRABLE INITIALLY DEFERRED);
      ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b DEFERRABLE;
      CREATE TABLE c (id int PRIMARY KEY, d int);
      CREATE TABLE d (id int PRIMARY KEY, c int NOT NULL REFERENCES c); ALTER TABLE c ADD FOREIGN KEY (d) REFERENCES d`,
    sees: [
      has("t", "up IS NOT NULL"),
      has("t", "up IS NULL"),
      every("t", "up IS NULL OR up IN (SELECT id FROM t)"),
      every("s", "up IN (SELECT id FROM s)"),
      every("a", "b IN (SELECT id FROM b)"),
      every("b", "a IN (SELECT id FROM a)"),
      has("c", "d IS NOT NULL"),
      every("c", "d IS NULL OR d IN (SELECT id FROM d)"),
    ],
  },
  {
    name: "columns without a key refer to nothing",
    sql: "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a_id int)",
    sees: [has("b", "a_id NOT IN (SELECT id FROM a)")],
  },
  {
    name: "checks: what they name, lengths, patterns, columns beside each other",
    sql:
      `CREATE TABLE t (a int CHECK (a BETWEEN 100 AND 103), b text NOT NULL CHECK (b IN ('new', 'old')),
        c text CHECK (length(c) = 7), d text NOT NULL CHECK (d ~ '^[A-Z]{3}-\\d+(?:/x)?$'), e date, f date, CHECK (e < f),
        g int, h int, i int, CHECK (num_nonnulls(g, h, i) = 1), j text NOT NULL CHECK (j = lower(j) AND j LIKE 'ab_%'),
        k jsonb NOT NULL CHECK (k ? 'key' AND jsonb_typeof(k) = 'object'), l text[] NOT NULL CHECK (l <@ ARRAY['p', 'q'] AND l <> '{}'),
        m text NOT NULL CHECK (m ~* '^https?://'), n timestamptz NOT NULL CHECK (n > '2100-01-01'),
        o numeric(5,2) NOT NULL CHECK (o > 0 AND o <= 1), p text NOT NULL CHECK (p SIMILAR TO '(x|y)[0-9]+'))`,
    sees: [
      "(SELECT count(*) > 2 FROM t)",
      "(SELECT count(DISTINCT b) = 2 FROM t)",
      has("t", "e IS NOT NULL AND f IS NOT NULL"),
    ],
  },
  {
    name: "checks that fail with an error for some values",
    sql:
      `CREATE TABLE t (a text NOT NULL CHECK (a::int > 10), b jsonb NOT NULL CHECK ((b ->> 'n')::int = 5))`,
    sees: [has("t", "a::int > 10")],
  },
  {
    name: "unique keys: partial, over expressions, without distinct NULLs, exclusion",
    sql:
      `CREATE TABLE t (a text, b text UNIQUE NULLS NOT DISTINCT, c int4range, d bool UNIQUE, e text,
        EXCLUDE USING gist (c WITH &&));
      CREATE UNIQUE INDEX ON t (lower(a)); CREATE UNIQUE INDEX ON t (e) WHERE a IS NOT NULL`,
    sees: ["(SELECT count(*) > 1 FROM t)"],
  },
  {
    name: "a row in each partition, by range, list, hash and what is left",
    sql:
      `CREATE TABLE r (id int NOT NULL, d date NOT NULL, PRIMARY KEY (id, d)) PARTITION BY RANGE (d);
      CREATE TABLE r1 PARTITION OF r FOR VALUES FROM ('2031-01-01') TO ('2032-01-01');
      CREATE TABLE r2 PARTITION OF r FOR VALUES FROM ('2032-01-01') TO (MAXVALUE) PARTITION BY LIST (id);
      CREATE TABLE r2a PARTITION OF r2 FOR VALUES IN (4711, 4712); CREATE TABLE r2b PARTITION OF r2 DEFAULT;
      CREATE TABLE r3 PARTITION OF r DEFAULT;
      CREATE TABLE l (k text, n serial) PARTITION BY LIST (k);
      CREATE TABLE l1 PARTITION OF l FOR VALUES IN ('it''s', NULL); CREATE TABLE l2 PARTITION OF l DEFAULT;
      CREATE TABLE h (id int, t text) PARTITION BY HASH (id);
      CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 3, REMAINDER 0);
      CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 3, REMAINDER 1);
      CREATE TABLE h2 PARTITION OF h FOR VALUES WITH (MODULUS 3, REMAINDER 2);
      CREATE TABLE m (a int, b int) PARTITION BY RANGE (a, b);
      CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (1, 10) TO (1, 20);
      CREATE TABLE c (id int, d date, FOREIGN KEY (id, d) REFERENCES r)`,
    sees: [
      ...["r1", "r2a", "r2b", "r3", "l1", "l2", "h0", "h1", "h2", "m1"].map((name) =>
        has(name, "true")
      ),
      has("c", "id IS NOT NULL"),
    ],
  },
  {
    name: "a partitioned table that has no partitions",
    sql: "CREATE TABLE t (a int) PARTITION BY LIST (a)",
    sees: ["NOT EXISTS (SELECT FROM t)"],
    empty: { "public.t": /no partitions/ },
  },
  {
    name: "children by inheritance, typed tables, unlogged ones, those without columns",
    sql: `CREATE TABLE p (a int CHECK (a > 0)); CREATE TABLE c (b text) INHERITS (p);
      CREATE TYPE y AS (a int, b text); CREATE TABLE ty OF y; CREATE UNLOGGED TABLE un (a int);
      CREATE TABLE nothing (); CREATE VIEW v AS SELECT a FROM p; CREATE MATERIALIZED VIEW m AS SELECT a FROM p`,
    sees: ["ONLY p", "c", "ty", "un", "nothing"].map((name) => has(name, "true")),
  },
  {
    name: "triggers, rules and policies stay out of it, those that always fire as well",
    sql:
      `CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
      CREATE TABLE t (a int); CREATE TRIGGER no BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION no();
      CREATE TABLE u (a int); CREATE TRIGGER "no ""2""" BEFORE INSERT ON u FOR EACH ROW EXECUTE FUNCTION no();
      ALTER TABLE u ENABLE ALWAYS TRIGGER "no ""2""";
      CREATE TABLE w (a int); CREATE RULE r AS ON INSERT TO w DO INSTEAD NOTHING;
      ALTER TABLE w ENABLE ALWAYS RULE r; ALTER TABLE w ENABLE ROW LEVEL SECURITY; ALTER TABLE w FORCE ROW LEVEL SECURITY`,
    sees: [
      has("t", "true"),
      has("u", "true"),
      has("w", "true"),
      "(SELECT tgenabled = 'A' FROM pg_trigger WHERE tgrelid = 'u'::regclass)",
      "(SELECT ev_enabled = 'A' FROM pg_rewrite WHERE ev_class = 'w'::regclass)",
      "current_setting('session_replication_role') = 'origin'",
    ],
  },
  {
    name: "names in quotes, of keywords, with dots",
    sql:
      `CREATE SCHEMA "my ""s"; CREATE TYPE "my ""s"."E.e" AS ENUM ('x'); CREATE DOMAIN "Do" AS text CHECK (VALUE <> '');
      CREATE TABLE "my ""s"."T.t" ("select" int PRIMARY KEY, "a ""b" "my ""s"."E.e" NOT NULL, "C.c" "Do" NOT NULL,
        "value" text CHECK ("value" > "C.c"), "é" text UNIQUE CHECK ("é" <> 'x'), "group" int REFERENCES "my ""s"."T.t")`,
    sees: [has(`"my ""s"."T.t"`, `"value" IS NOT NULL AND "group" IS NOT NULL`)],
  },
  {
    name: "defaults that raise or never end are not asked",
    sql: `CREATE FUNCTION bad() RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
      CREATE TABLE t (a int DEFAULT bad(), b text DEFAULT pg_sleep(1000)::text NOT NULL)`,
    sees: [has("t", "a IS NOT NULL")],
  },
  {
    name:
      "what cannot be: a check that always fails, a domain that nothing satisfies, what refers to them",
    sql:
      `CREATE TABLE t (id int PRIMARY KEY, CHECK (id < id)); CREATE TABLE u (t int NOT NULL REFERENCES t);
      CREATE DOMAIN never AS text CHECK (VALUE <> VALUE) NOT NULL; CREATE TABLE w (n never);
      CREATE FUNCTION bad(int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RAISE EXCEPTION ''no way''; END';
      CREATE TABLE x (a int NOT NULL CHECK (bad(a))); CREATE TYPE nothing AS ENUM (); CREATE TABLE y (n nothing NOT NULL);
      CREATE TABLE ok (a int, t int REFERENCES t)`,
    sees: [has("ok", "a IS NOT NULL"), every("ok", "t IS NULL")],
    empty: {
      "public.t": /nothing that was tried passes t_id_check/,
      "public.u": /refers to public\.t, without rows/,
      "public.w": /nothing that was tried passes never_check/,
      "public.x": /no way/,
      "public.y": /nothing is known that n could hold/,
    },
  },
  {
    name: "more columns than a row of a page holds",
    sql: `CREATE TABLE t (${
      Array.from({ length: 1200 }, (_, at) => `c${at} ${at % 2 ? "text" : "bigint"}`)
    })`,
    sees: ["(SELECT count(c0) > 0 AND count(c601) > 0 AND count(c1199) > 0 FROM t)"],
  },
  {
    name: "long texts in an index",
    sql: "CREATE TABLE t (a text PRIMARY KEY, b varchar(9000) UNIQUE, c bytea UNIQUE)",
    sees: ["(SELECT max(length(b)) = 9000 OR max(length(a)) >= 3000 FROM t)"],
  },
];

const server = await pglite.start(target(null, ["CREATE EXTENSION citext"], false), {
  emit: () => {},
  signal: new AbortController().signal,
});

for (const { name, sql, sees, empty = {} } of CASES) {
  test(`rows are put in: ${name}`, async () => {
    await using database = await server.create();
    await database.exec(sql);
    const seeded = await postgres.rows.seed(database);
    const said = new Map(seeded.empty.map(({ table, reason }) => [table, reason]));
    for (const [table, reason] of Object.entries(empty)) {
      assert.match(said.get(table) ?? "", reason);
    }
    assert.deepEqual(
      [...said.keys()].sort(),
      Object.keys(empty).sort(),
      JSON.stringify(seeded.empty),
    );
    for (const condition of sees) {
      const [row] = await database.query<{ holds: boolean }>(`SELECT ${condition} AS holds`);
      assert.equal(row?.holds, true, condition);
    }
    // All that was put in past the server's checks must pass them.
    await database.exec(RECHECK);
  });
}

/** Every constraint is dropped and added again, and so checked over the rows. */
const RECHECK = `DO $$
  DECLARE k record;
  BEGIN
    FOR k IN SELECT conrelid::regclass AS of, conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
      WHERE contype = 'f' AND conparentid = 0 AND conrelid::regclass::text !~ '^pg_'
    LOOP
      EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s', k.of, k.conname, k.conname, k.definition);
    END LOOP;
  END $$`;

test("the same schema gets the same rows, whatever the order in which it was made", async () => {
  const first = "CREATE TABLE a (id serial PRIMARY KEY, v text, n numeric(5,2));";
  const second = "CREATE TABLE b (a int REFERENCES a, t timestamptz); CREATE TABLE c (x int);";
  const third = "CREATE TABLE d (x int);";
  const rowsOf = async (sql: string) => {
    await using database = await server.create();
    await database.exec(sql);
    await postgres.rows.seed(database);
    const { tables } = await postgres.rows.observe(database);
    return [...tables.values()].map(({ name, rows }) => [name, rows]).sort();
  };
  assert.deepEqual(await rowsOf(first + second + third), await rowsOf(third + first + second));
});

test("only the given tables get rows, with what they refer to and their partitions", async () => {
  await using database = await server.create();
  await database.exec(
    `CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int NOT NULL REFERENCES a);
    CREATE TABLE c (x serial); CREATE TABLE p (x int) PARTITION BY LIST (x); CREATE TABLE p1 PARTITION OF p DEFAULT`,
  );
  const tables = new Set(["table:public.b", "table:public.p", "table:public.none"]);
  const seeded = await postgres.rows.seed(database, { tables });
  assert.deepEqual(
    [...seeded.tables ?? []].sort(),
    ["a", "b", "p", "p1"].map((name) => `table:public.${name}`),
  );
  assert.deepEqual(await database.query("SELECT x FROM c"), []);
  assert.deepEqual(await database.query("SELECT is_called FROM c_x_seq"), [{ is_called: false }]);
  assert.equal((await postgres.rows.seed(database, { tables: new Set() })).rows, 0);
});

test("rows that are there already are no hindrance", async () => {
  await using database = await server.create();
  await database.exec(
    `CREATE TABLE a (id int PRIMARY KEY, v text UNIQUE); CREATE TABLE b (a int REFERENCES a);
    INSERT INTO a SELECT i, 'v' || i FROM generate_series(1, 200) i; INSERT INTO b VALUES (1)`,
  );
  const { rows, empty } = await postgres.rows.seed(database);
  assert.deepEqual(empty, []);
  assert.ok(rows > 4);
});

test("triggers and rules that were off are named", async () => {
  await using database = await server.create();
  await database.exec(`CREATE TABLE t (a int);
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER ins BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
    CREATE TRIGGER upd BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();
    CREATE RULE r AS ON INSERT TO t DO ALSO NOTHING`);
  assert.deepEqual((await postgres.rows.seed(database)).off, [
    "rule:public.t.r",
    "trigger:public.t.ins",
  ]);
});

test("with a schema to come, rows fit it where they can", async () => {
  const from = `CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE p (id int PRIMARY KEY);
    CREATE TABLE t (id int PRIMARY KEY, v text, n bigint, m e, d text, p int, u int, w int)`;
  const to = `CREATE TYPE e AS ENUM ('b'); CREATE TABLE p (id int PRIMARY KEY);
    CREATE TABLE t (id int PRIMARY KEY, v varchar(2) NOT NULL, n smallint CHECK (n > 5000), m e, d date, p int REFERENCES p, u int UNIQUE,
      w int CHECK (w IN (41, 42)))`;
  await using later = await server.create();
  await later.exec(to);
  const expected = await postgres.inspect(later, { ignoreTables: [] });
  await using database = await server.create();
  await database.exec(from);
  const seeded = await postgres.rows.seed(database, {
    expected,
    statements: ["UPDATE t SET v = 'x' WHERE v = 'zz'"],
  });
  assert.deepEqual(seeded.empty, []);
  for (
    const condition of [
      every("t", "length(v) <= 2 AND n BETWEEN 5001 AND 32767 AND m = 'b' AND w IN (41, 42)"),
      every("t", "d::date IS NOT NULL AND p IN (SELECT id FROM p)"),
      has("t", "v = 'zz'"),
      "(SELECT count(DISTINCT u) = count(*) FROM t)",
    ]
  ) {
    const [row] = await database.query<{ holds: boolean }>(`SELECT ${condition} AS holds`);
    assert.equal(row?.holds, true, condition);
  }
});

test("a check that never ends costs its own table alone", async () => {
  await using bounded = await pglite.start(target(null, [], false), {
    emit: () => {},
    signal: new AbortController().signal,
    limits: { statementTimeout: 1000, memory: 2 * 1024 ** 3 },
  });
  await using database = await bounded.create();
  await database.exec(
    `CREATE FUNCTION slow(int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN LOOP END LOOP; END';
    CREATE TABLE t (a int NOT NULL CHECK (slow(a))); CREATE TABLE u (a int)`,
  );
  const { tables, empty } = await postgres.rows.seed(database);
  assert.deepEqual(tables, ["table:public.u"]);
  assert.match(empty[0]?.reason ?? "", /statement timeout/);
});

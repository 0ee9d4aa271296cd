/** Rows that are written after a change: each uses something that the schema before does not take. */

import assert from "node:assert/strict";
import test from "node:test";
import type { NewData } from "../../src/core/observation.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { target } from "../../src/engines/postgres/target.ts";
import { pglite } from "../../src/runtimes/pglite.ts";

interface Case {
  readonly name: string;
  readonly from: string;
  /** Run over the rows of a first seeding, unless it says that these go. */
  readonly up: string;
  /** Kind, column and value of what is written; a pattern for a value that may be another. */
  readonly written: readonly (readonly [NewData["kind"], string | null, string | RegExp])[];
}

const T = "CREATE TABLE t (id int PRIMARY KEY, ";

const CASES: readonly Case[] = [
  {
    name: "a label of an enumeration, in its columns, its arrays and domains over it",
    from: `CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS e; ${T} x e, y e[] NOT NULL, z d)`,
    up: "ALTER TYPE e ADD VALUE 'it''s'",
    written: [
      ["enum-value", "x", "'it''s'"],
      ["enum-value", "y", `'{"it''s"}'`],
      ["enum-value", "z", "'it''s'"],
    ],
  },
  {
    name: "an enumeration of another schema, with a name in quotes",
    from: `CREATE SCHEMA s; CREATE TYPE s."E" AS ENUM ('a'); CREATE TABLE s."T" (m s."E")`,
    up: `ALTER TYPE s."E" ADD VALUE 'b'`,
    written: [["enum-value", "m", "'b'"]],
  },
  {
    name: "numbers beyond the old types, and finer ones",
    from: `${T} a smallint, b int, c numeric(4,1), d int, e real, f numeric(6,2))`,
    up:
      `DELETE FROM t; ALTER TABLE t ALTER a TYPE int, ALTER b TYPE bigint, ALTER c TYPE numeric(6,3), ALTER d TYPE numeric,
      ALTER e TYPE float8, ALTER f TYPE numeric(8,2)`,
    written: [
      ["range", "a", "'2147483647'"],
      ["range", "b", "'9223372036854775807'"],
      ["range", "c", "'0.001'"],
      ["range", "d", "'99999999999999999999.123456789012345'"],
      ["range", "d", /^'0\.\d+'$/],
      ["range", "e", /e308/],
      ["range", "e", "'0.1'"],
      ["range", "f", "'999999.99'"],
    ],
  },
  {
    name: "narrower types bring nothing new",
    from: `${T} a bigint, b varchar(20), c numeric(8,4))`,
    up:
      "DELETE FROM t; ALTER TABLE t ALTER a TYPE int, ALTER b TYPE varchar(5), ALTER c TYPE numeric(6,2)",
    written: [],
  },
  {
    name: "longer texts",
    from: `${T} a varchar(3), b varchar(100), c char(2))`,
    up: "ALTER TABLE t ALTER a TYPE varchar(9), ALTER b TYPE text, ALTER c TYPE char(4)",
    written: [
      ["length", "a", "'xxxx'"],
      ["length", "b", "repeat('x', 101)"],
      ["length", "c", "'xxx'"],
    ],
  },
  {
    name: "NULL, also where a domain or a primary key went",
    from:
      `CREATE DOMAIN d AS text NOT NULL; CREATE TABLE t (a int NOT NULL, b d, c int PRIMARY KEY)`,
    up:
      "ALTER TABLE t ALTER a DROP NOT NULL, DROP CONSTRAINT t_pkey, ALTER c DROP NOT NULL; ALTER DOMAIN d DROP NOT NULL",
    written: [
      ["null", "a", "NULL"],
      ["null", "b", "NULL"],
      ["null", "c", "NULL"],
      ["duplicate", "c", /^'\d+'$/],
    ],
  },
  {
    name: "duplicates: of a key, of several columns, of an index, of an exclusion",
    from:
      `${T} a text UNIQUE, b int, c int, d int4range, UNIQUE (b, c), EXCLUDE USING gist (d WITH &&));
      CREATE UNIQUE INDEX i ON t (c)`,
    up:
      `ALTER TABLE t DROP CONSTRAINT t_a_key, DROP CONSTRAINT t_b_c_key, DROP CONSTRAINT t_d_excl; DROP INDEX i`,
    written: [
      ["duplicate", "a", /^'v/],
      ["duplicate", "c", /^'\d+'$/],
      ["duplicate", "d", /^'\[/],
      ["duplicate", null, /^\('-?\d+', '-?\d+'\)$/],
    ],
  },
  {
    name: "no duplicate where another key still forbids it",
    from: `${T} a text UNIQUE); CREATE UNIQUE INDEX i ON t (a)`,
    up: "ALTER TABLE t DROP CONSTRAINT t_a_key",
    written: [],
  },
  {
    name: "orphans, while other foreign keys are kept",
    from:
      `CREATE TABLE p (id int PRIMARY KEY); ${T} a int REFERENCES p, b int NOT NULL REFERENCES p)`,
    up: "ALTER TABLE t DROP CONSTRAINT t_a_fkey",
    written: [["orphan", "a", /^'\d+'$/]],
  },
  {
    name: "what a check refused: dropped, loosened, over two columns, of a domain",
    from: `CREATE DOMAIN d AS int CHECK (VALUE > 0);
      ${T} a text CHECK (a IN ('x', 'y')), b int CHECK (b < 100), e int, f int, g d, CHECK (e < f))`,
    up:
      `ALTER TABLE t DROP CONSTRAINT t_a_check, ADD CHECK (a IN ('x', 'y', 'z')), DROP CONSTRAINT t_b_check,
      DROP CONSTRAINT t_check; ALTER DOMAIN d DROP CONSTRAINT d_check`,
    written: [
      ["check", "a", "'z'"],
      ["check", "b", /^'\d{3,}'$/],
      ["check", "g", /^'(?:0|-\d+)'$/],
      ["check", null, /^\('-?\d+', '-?\d+'\)$/],
    ],
  },
  {
    name: "values of another type",
    from: `${T} a int, b date, c jsonb, d uuid, e int[], f int)`,
    up:
      `ALTER TABLE t ALTER a TYPE text, ALTER b TYPE timestamptz, ALTER c TYPE json, ALTER d TYPE text, ALTER e TYPE text[],
      ALTER f TYPE text`,
    written: [
      ["type", "a", "'abc é'"],
      ["type", "b", /59\.123456/],
      ["type", "c", /"a": 2, "a": 3/],
      ["type", "d", "'abc é'"],
      ["type", "e", /^'\{/],
      ["type", "f", "'abc é'"],
    ],
  },
  {
    name: "a partitioned table, whose rows are in a partition",
    from:
      `CREATE TABLE t (k int, v varchar(3)) PARTITION BY LIST (k); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)`,
    up: "DELETE FROM t; ALTER TABLE t ALTER v TYPE varchar(5)",
    written: [["length", "v", "'xxxx'"]],
  },
  {
    name: "nothing for tables, columns and keys that are new",
    from: `${T} a int)`,
    up: "ALTER TABLE t ADD b text UNIQUE; CREATE TABLE u (x int)",
    written: [],
  },
];

const server = await pglite.start(target(null, [], false), {
  emit: () => {},
  signal: new AbortController().signal,
});

for (const { name, from, up, written } of CASES) {
  test(`after a change: ${name}`, async () => {
    await using database = await server.create();
    await database.exec(from);
    const inspect = () => postgres.inspect(database, { ignoreTables: [] });
    const before = await inspect();
    await postgres.rows.seed(database);
    await database.exec(up);
    const after = await inspect();
    const rows = async () =>
      [...(await postgres.rows.observe(database)).tables.values()]
        .reduce((sum, { rows }) => sum + rows.length, 0);
    const held = await rows();
    const found = await postgres.rows.seedAfter?.(database, { before, after }) ?? [];
    const sorted = found.toSorted((one, other) =>
      String(one.column).localeCompare(String(other.column))
    );
    const wanted = written.toSorted(([, one], [, other]) =>
      String(one).localeCompare(String(other))
    );
    assert.deepEqual(
      sorted.map(({ kind, column }) => [kind, column]),
      wanted.map(([kind, column]) => [kind, column]),
      JSON.stringify(found),
    );
    for (const [at, [, , value]] of wanted.entries()) {
      const got = sorted[at]?.value ?? "";
      if (typeof value === "string") assert.equal(got, value);
      else assert.match(got, value);
    }
    assert.ok(await rows() >= held + written.length);
    // The schema is what it was, and so are the triggers.
    assert.deepEqual((await inspect()).objects, after.objects);
  });
}

test("after a change: only the given tables are written to", async () => {
  await using database = await server.create();
  await database.exec("CREATE TABLE a (x varchar(2)); CREATE TABLE b (x varchar(2))");
  const before = await postgres.inspect(database, { ignoreTables: [] });
  await database.exec("ALTER TABLE a ALTER x TYPE text; ALTER TABLE b ALTER x TYPE text");
  const after = await postgres.inspect(database, { ignoreTables: [] });
  const tables = new Set(["table:public.b"]);
  assert.deepEqual(await postgres.rows.seedAfter?.(database, { before, after, tables }), [{
    table: "table:public.b",
    tableName: "public.b",
    column: "x",
    kind: "length",
    value: "'xxx'",
  }]);
  assert.deepEqual(await database.query("SELECT x FROM a"), []);
});

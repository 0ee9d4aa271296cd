/** What a version of Postgres brought is not planned for an older one. */

import assert from "node:assert/strict";
import test from "node:test";
import { UsageError } from "../../src/core/error.ts";
import type { Hints } from "../../src/core/plan.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import { features } from "../../src/engines/postgres/features.ts";
import { lexicon } from "../../src/engines/postgres/lexicon.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { usedFeature } from "../../src/engines/version_features.ts";
import { target } from "../../src/engines/postgres/target.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import { versionOf } from "./parsed_version.ts";

const server = await pglite.start(target(null, [], false), {
  emit: () => {},
  signal: new AbortController().signal,
});

const hints: Hints = {
  answers: new Map(),
  renames: [],
  dropAdd: true,
  strictOrder: false,
  deployedVersion: null,
};

/** Statements by the version that brought what they say. */
const STATEMENTS: readonly (readonly [number, string])[] = [
  [18, "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (abs((a + 1) * 2)) VIRTUAL)"],
  [18, "CREATE TABLE t (a int, b text GENERATED ALWAYS AS (')' || a))"],
  [18, "ALTER TABLE t ADD CONSTRAINT mine NOT NULL a"],
  [18, "ALTER TABLE t ADD CONSTRAINT mine NOT NULL a NOT VALID"],
  [18, "ALTER TABLE t RENAME CONSTRAINT t_a_not_null TO t_b_not_null"],
  [18, "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED"],
  [18, "ALTER TABLE t ALTER CONSTRAINT c ENFORCED"],
  [18, "ALTER TABLE t ALTER CONSTRAINT c NO INHERIT"],
  [18, "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a, during WITHOUT OVERLAPS)"],
  [
    18,
    "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a, PERIOD during) REFERENCES u (a, PERIOD during)",
  ],
  [18, "ALTER PUBLICATION p SET (publish_generated_columns = stored)"],
  [17, "ALTER TABLE t ALTER COLUMN b SET EXPRESSION AS (a + 2)"],
  [17, "GRANT MAINTAIN ON TABLE t TO reader"],
  [17, "ALTER TABLE t SET ACCESS METHOD DEFAULT"],
  [16, "ALTER TABLE t ALTER COLUMN b SET STORAGE DEFAULT"],
  [16, "CREATE TABLE t (a text STORAGE EXTERNAL)"],
  [15, "CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT"],
  [15, "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a, b) REFERENCES u ON DELETE SET NULL (a)"],
  [15, "CREATE VIEW v WITH (security_invoker=true) AS SELECT 1"],
  [15, "CREATE PUBLICATION p FOR TABLE t (a)"],
  [15, "CREATE PUBLICATION p FOR TABLES IN SCHEMA app"],
  [15, "CREATE UNLOGGED SEQUENCE s"],
  [15, "ALTER SEQUENCE s SET LOGGED"],
  [15, "ALTER TABLE t SET ACCESS METHOD heap"],
  [15, "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE"],
  [14, "CREATE OR REPLACE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"],
  [14, "ALTER TABLE t ALTER COLUMN b SET COMPRESSION lz4"],
  [14, "ALTER TABLE t DETACH PARTITION p CONCURRENTLY"],
  [14, "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END"],
  [14, "CREATE STATISTICS s ON a, (b + 1) FROM t"],
  [13, "ALTER TABLE t ALTER COLUMN b DROP EXPRESSION"],
  [18, "CREATE TABLE c (CONSTRAINT mine NOT NULL a) INHERITS (p)"],
  [18, "CREATE TABLE t (id uuid DEFAULT uuidv7() NOT NULL)"],
  [17, "ALTER DOMAIN d ADD CONSTRAINT mine NOT NULL"],
  [12, "CREATE TABLE t (a int CONSTRAINT mine NOT NULL, b int GENERATED ALWAYS AS (a + 1) STORED)"],
  [0, "COMMENT ON TABLE t IS 'NOT ENFORCED, NULLS NOT DISTINCT, MAINTAIN, SET EXPRESSION AS'"],
  [0, "CREATE TABLE maintained (a int DEFAULT 0 NOT NULL, merge text, enforced boolean NOT NULL)"],
  [0, "ALTER TABLE t ADD COLUMN a int NOT NULL, ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID"],
  [0, "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"],
];

for (const [version, sql] of STATEMENTS) {
  test(`from version ${version || "any"}: ${sql}`, () => {
    assert.equal(Number(usedFeature(sql, features, lexicon)?.since ?? 0), version);
    // The parse tree of a stored column and of DETACH does not say more.
    assert.ok(versionOf(sql) <= Math.max(version, 12), sql);
  });
}

/** The other form for each version, from the oldest on; by the deployed version, null for the bare name. */
const FORMS: readonly {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly up: Readonly<Record<string, RegExp>>;
}[] = [
  {
    name: "another expression of a generated column",
    from: "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED)",
    to: "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 2) STORED)",
    up: { 13: /DROP COLUMN b/, 16: /DROP COLUMN b/, 17: /SET EXPRESSION/, bare: /DROP COLUMN b/ },
  },
  {
    name: "another trigger of the same name",
    from:
      `CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()`,
    to:
      `CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()`,
    up: {
      13: /^DROP TRIGGER g ON t/,
      14: /^CREATE OR REPLACE TRIGGER/,
      bare: /^DROP TRIGGER g ON t/,
    },
  },
  {
    name: "another trigger beside what version 18 brought",
    from: `CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) VIRTUAL);
      CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()`,
    to: `CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) VIRTUAL);
      CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()`,
    up: { bare: /^CREATE OR REPLACE TRIGGER/ },
  },
  {
    name: "the usual storage of a column",
    from: "CREATE TABLE t (a text); ALTER TABLE t ALTER a SET STORAGE EXTERNAL",
    to: "CREATE TABLE t (a text)",
    up: { 15: /SET STORAGE EXTENDED/, 16: /SET STORAGE DEFAULT/, bare: /SET STORAGE EXTENDED/ },
  },
];

for (const { name, from, to, up } of FORMS) {
  test(`a form that the version takes: ${name}`, async () => {
    const [before, after] = [await snapshotOf(from), await snapshotOf(to)];
    for (const [version, form] of Object.entries(up)) {
      const deployedVersion = version === "bare" ? null : version;
      const { statements } = postgres.plan(before, after, { ...hints, deployedVersion });
      assert.match(statements.map(({ sql }) => sql).join(";\n"), form, version);
    }
  });
}

test("what the deployed version cannot do is refused by its name, and the object's", async () => {
  const empty = await snapshotOf("SELECT 1");
  for (
    const [version, schema, message] of [
      [
        "17",
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL)",
        /17: table public\.t needs "virtual generated columns .*"/,
      ],
      [
        "14",
        "CREATE TABLE t (a int UNIQUE NULLS NOT DISTINCT)",
        /14: table public\.t needs "UNIQUE NULLS NOT DISTINCT"/,
      ],
      [
        "14",
        "CREATE VIEW v WITH (security_invoker) AS SELECT 1 AS a",
        /14: view public\.v needs "views WITH \(security_invoker\)"/,
      ],
      [
        "17",
        "CREATE TABLE t (a int, CHECK (a > 0) NOT ENFORCED)",
        /17: table public\.t needs "NOT ENFORCED constraints"/,
      ],
    ] as const
  ) {
    const to = await snapshotOf(schema);
    assert.throws(
      () => postgres.plan(empty, to, { ...hints, deployedVersion: version }),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, message);
        return true;
      },
    );
    postgres.plan(empty, to, { ...hints, deployedVersion: "18" });
    postgres.plan(empty, to, hints);
  }
});

async function snapshotOf(sql: string): Promise<Snapshot> {
  await using database = await server.create();
  await database.exec(sql);
  return await postgres.inspect(database, { ignoreTables: [] });
}

test("a function that the schema brought itself is none of a later version", async () => {
  const own = `CREATE FUNCTION uuidv7() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid';
    CREATE TABLE t (id uuid DEFAULT public.uuidv7())`;
  const empty = await snapshotOf("SELECT 1");
  postgres.plan(empty, await snapshotOf(own), { ...hints, deployedVersion: "15" });
  const to = await snapshotOf("CREATE TABLE t (id uuid DEFAULT uuidv7())");
  assert.throws(
    () => postgres.plan(empty, to, { ...hints, deployedVersion: "15" }),
    /table public\.t needs "uuidv7\(\), uuidv4\(\)"/,
  );
});

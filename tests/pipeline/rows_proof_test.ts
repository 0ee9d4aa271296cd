import assert from "node:assert/strict";
import test from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { formatNamed } from "../../src/formats/mod.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import { openProject } from "../../src/pipeline/mod.ts";
import type { Draft } from "../../src/core/plan.ts";
import type { PlannedStatement } from "../../src/core/statement.ts";
import type { Proof } from "../../src/core/proof.ts";
import { replayHistory, snapshotSchema } from "../../src/pipeline/scratch/snapshot.ts";
import { isProven, prove } from "../../src/pipeline/scratch/verify.ts";
import { readSources } from "../../src/pipeline/sources.ts";
import { startServer } from "../../src/pipeline/serve.ts";
import { temporaryFolder } from "../run_aim.ts";

/** A migration that somebody wrote, and the schemas that it is between. */
interface Written {
  readonly engine: "postgres" | "sqlite";
  readonly before: string;
  readonly after: string;
  readonly up: string;
  readonly down: string;
  readonly settings?: string;
  /** What was planned, where the statements above are not that. */
  readonly planned?: readonly Pick<PlannedStatement, "sql" | "destroys" | "failsOn">[];
}

/** Proves it as it stands, without a plan. */
async function proofOf(
  { engine, before, after, up, down, settings = "", planned }: Written,
): Promise<Proof & { readonly proven: boolean }> {
  await using folder = await temporaryFolder({
    "schema.sql": after,
    "migrations/000001_start.up.sql": before,
    "aim.toml": `engine = "${engine}"\n${settings}`,
  });
  const { config } = await loadConfig({ folder: folder.path, variables: {} });
  const project = await openProject(config, {
    emit: () => {},
    signal: new AbortController().signal,
  });
  const sources = await readSources(project);
  await using server = await startServer(project, sources);
  const { snapshot: target, start: begun } = await snapshotSchema(project, server, sources);
  const replayed = await replayHistory(project, server, sources, begun);
  await using database = replayed.database;
  const files = [
    { path: "000002_next.up.sql", text: up },
    { path: "000002_next.down.sql", text: down },
  ];
  const options = { dialect: engine, lexicon: lexiconOf(engine) };
  const { migrations } = (await formatNamed("migrate")).parse(files, options);
  const start = await database.checkpoint();
  const proofInput = { server, database, start, before: replayed.snapshot, target };
  const draft = planned === undefined ? undefined : draftOf(planned);
  const proof = await prove(
    project,
    proofInput,
    migrations,
    draft === undefined ? {} : { draft },
  );
  return { ...proof, proven: isProven(proof, true) };
}

function draftOf(planned: NonNullable<Written["planned"]>): Draft {
  const object = { kind: "table", name: "t" };
  const statement: Omit<PlannedStatement, "sql"> = {
    serves: ["table:t"],
    reason: { action: "check_deferred", object },
    transactional: true,
  };
  return {
    author: "planner",
    name: "next",
    up: planned.map((one) => ({ ...statement, ...one })),
    down: [],
    reversible: "structure",
    notes: [],
  };
}

const TABLE = "CREATE TABLE t (id integer PRIMARY KEY, a text, b text, p numeric(10, 4));\n";

for (const engine of ["postgres", "sqlite"] as const) {
  test(`${engine}: rows that nothing touches come through, and the proof says how many tables had some`, async () => {
    const proof = await proofOf({
      engine,
      before: `${TABLE}CREATE TABLE other (id integer PRIMARY KEY);`,
      after:
        `${TABLE}ALTER TABLE t ADD COLUMN c text; CREATE TABLE other (id integer PRIMARY KEY);`,
      up: "ALTER TABLE t ADD COLUMN c text;",
      down: "ALTER TABLE t DROP COLUMN c;",
    });
    assert.equal(proof.proven, true, JSON.stringify(proof.rows));
    const { tables, seeded, kept } = proof.rows ?? {};
    assert.deepEqual({ tables, seeded, kept }, { tables: 1, seeded: 1, kept: 1 });
  });

  test(`${engine}: a DELETE is found by its table and its statement`, async () => {
    const proof = await proofOf({
      engine,
      before: TABLE,
      after: `${TABLE}ALTER TABLE t ADD COLUMN c text;`,
      up: "ALTER TABLE t ADD COLUMN c text;\nDELETE FROM t WHERE a IS NOT NULL;",
      down: "ALTER TABLE t DROP COLUMN c;",
    });
    assert.equal(proof.proven, false);
    const [loss] = proof.rows?.lost ?? [];
    assert.match(loss?.table ?? "", /\bt$/);
    assert.match(loss?.statement?.sql ?? "", /^DELETE FROM t/);
    assert.equal(loss?.statement?.number, 2);
  });

  test(`${engine}: a DELETE from another table, and an UPDATE of it, are found where they are named`, async () => {
    for (const sql of ["DELETE FROM other", "UPDATE other SET v = 'x'"]) {
      const others = "CREATE TABLE other (id integer PRIMARY KEY, v text);\n";
      const proof = await proofOf({
        engine,
        before: TABLE + others,
        after: `${TABLE}${others}ALTER TABLE t ADD COLUMN c text;`,
        up: `ALTER TABLE t ADD COLUMN c text;\n${sql};`,
        down: "ALTER TABLE t DROP COLUMN c;",
      });
      assert.equal(proof.proven, false, sql);
      const found = [...proof.rows?.lost ?? [], ...proof.rows?.altered ?? []];
      assert.match(found[0]?.table ?? "", /other$/);
      assert.equal(found[0]?.statement?.sql, sql);
    }
  });

  test(`${engine}: a column whose default alone changes keeps its values and its NULLs`, async () => {
    const changed = TABLE.replace("b text", "b text DEFAULT 'x'");
    const copy = "INSERT INTO n SELECT id, a, coalesce(b, 'x'), p FROM t;";
    const proof = await proofOf({
      engine,
      before: TABLE,
      after: changed,
      up: engine === "postgres"
        ? "ALTER TABLE t ALTER COLUMN b SET DEFAULT 'x';\nUPDATE t SET b = 'x' WHERE b IS NULL;"
        : `${
          changed.replace("TABLE t", "TABLE n")
        }${copy}\nDROP TABLE t;\nALTER TABLE n RENAME TO t;`,
      down: engine === "postgres"
        ? "ALTER TABLE t ALTER COLUMN b DROP DEFAULT;"
        : `${
          TABLE.replace("TABLE t", "TABLE n")
        }INSERT INTO n SELECT * FROM t;\nDROP TABLE t;\nALTER TABLE n RENAME TO t;`,
    });
    assert.equal(proof.up.state, "exact");
    assert.equal(proof.proven, false, JSON.stringify(proof.rows));
    assert.equal(proof.rows?.altered[0]?.column, "b");
  });

  test(`${engine}: swapped columns of a table that is made again are found, with both values`, async () => {
    const proof = await proofOf({
      engine,
      before: TABLE,
      after: TABLE.replace("p numeric(10, 4)", "p numeric(10, 4), c text"),
      up:
        `CREATE TABLE n (id integer PRIMARY KEY, a text, b text, p numeric(10, 4), c text);\nINSERT INTO n (id, a, b, p) SELECT id, b, a, p FROM t;\nDROP TABLE t;\nALTER TABLE n RENAME TO t;${
          engine === "postgres" ? "\nALTER INDEX n_pkey RENAME TO t_pkey;" : ""
        }`,
      down: "ALTER TABLE t DROP COLUMN c;",
    });
    assert.equal(proof.proven, false, JSON.stringify(proof));
    const [finding] = [...proof.rows?.altered ?? [], ...proof.rows?.lost ?? []];
    assert.match(finding?.column ?? "", /^[ab]$/);
    assert.notEqual(finding?.before, finding?.after);
  });

  test(`${engine}: a table that is made again without its rows is found`, async () => {
    const proof = await proofOf({
      engine,
      before: TABLE,
      after: TABLE.replace("p numeric(10, 4)", "p numeric(10, 4), c text"),
      up:
        `DROP TABLE t;\nCREATE TABLE t (id integer PRIMARY KEY, a text, b text, p numeric(10, 4), c text);`,
      down: "ALTER TABLE t DROP COLUMN c;",
    });
    assert.equal(proof.proven, false);
    assert.match(proof.rows?.lost[0]?.statement?.sql ?? "", /^DROP TABLE t/);
  });

  test(`${engine}: a required column that no row has a value for is refused by rows alone`, async () => {
    const proof = await proofOf({
      engine,
      before: TABLE.replace("b text", "b text"),
      after: TABLE.replace("a text", "a text NOT NULL"),
      up: engine === "postgres"
        ? "ALTER TABLE t ALTER COLUMN a SET NOT NULL;"
        : "CREATE TABLE n (id integer PRIMARY KEY, a text NOT NULL, b text, p numeric(10, 4));\nINSERT INTO n SELECT * FROM t;\nDROP TABLE t;\nALTER TABLE n RENAME TO t;",
      down: engine === "postgres"
        ? "ALTER TABLE t ALTER COLUMN a DROP NOT NULL;"
        : "CREATE TABLE n (id integer PRIMARY KEY, a text, b text, p numeric(10, 4));\nINSERT INTO n SELECT * FROM t;\nDROP TABLE t;\nALTER TABLE n RENAME TO t;",
    });
    assert.equal(proof.up.state, "exact");
    assert.equal(proof.proven, false);
    const [refusal] = proof.rows?.refused ?? [];
    assert.equal(refusal?.direction, "up");
    assert.match(refusal?.message ?? "", /null/i);
  });

  test(`${engine}: rows = "off" proves without them`, async () => {
    const proof = await proofOf({
      engine,
      before: TABLE,
      after: `${TABLE}ALTER TABLE t ADD COLUMN c text;`,
      up: "ALTER TABLE t ADD COLUMN c text;\nDELETE FROM t;",
      down: "ALTER TABLE t DROP COLUMN c;",
      settings: 'rows = "off"\n',
    });
    assert.equal(proof.proven, true);
    assert.equal(proof.rows, undefined);
  });
}

test("postgres: a rounding cast that DOWN cannot take back is found", async () => {
  const proof = await proofOf({
    engine: "postgres",
    before: TABLE,
    after: TABLE.replace("numeric(10, 4)", "numeric(12, 4)"),
    up: "ALTER TABLE t ALTER COLUMN p TYPE numeric(12, 4) USING trunc(p);",
    down: "ALTER TABLE t ALTER COLUMN p TYPE numeric(10, 4);",
  });
  assert.equal(proof.proven, false);
  const [finding] = [...proof.rows?.altered ?? [], ...proof.rows?.lost ?? []];
  assert.equal(finding?.column, "p");
});

test("postgres: of many tables those get rows that a change can touch, what refers to them and what these refer to", async () => {
  const far = Array.from({ length: 40 }, (_, at) => `CREATE TABLE far_${at} (id integer);`);
  const schema = (extra: string) =>
    `CREATE TABLE top (id integer PRIMARY KEY);
CREATE TABLE mid (id integer PRIMARY KEY, top_id integer REFERENCES top${extra});
CREATE TABLE leaf (id integer PRIMARY KEY, mid_id integer REFERENCES mid);
CREATE TABLE twig (id integer PRIMARY KEY, leaf_id integer REFERENCES leaf);
${far.join("\n")}\n`;
  const proof = await proofOf({
    engine: "postgres",
    before: schema(""),
    after: schema(", note text"),
    up: "ALTER TABLE mid ADD COLUMN note text;",
    down: "ALTER TABLE mid DROP COLUMN note;",
  });
  assert.equal(proof.proven, true, JSON.stringify(proof.rows));
  assert.equal(proof.rows?.tables, 3);
  assert.equal(proof.rows?.seeded, 3);
});

test("postgres: a value of an enum that is written after UP makes DOWN fail, which is said and no refusal", async () => {
  const proof = await proofOf({
    engine: "postgres",
    before: "CREATE TYPE m AS ENUM ('a'); CREATE TABLE t (id integer PRIMARY KEY, v m);",
    after: "CREATE TYPE m AS ENUM ('a', 'b'); CREATE TABLE t (id integer PRIMARY KEY, v m);",
    up: "ALTER TYPE m ADD VALUE 'b';",
    down:
      "ALTER TYPE m RENAME TO m_old;\nCREATE TYPE m AS ENUM ('a');\nALTER TABLE t ALTER COLUMN v TYPE m USING v::text::m;\nDROP TYPE m_old;",
  });
  assert.equal(proof.proven, true, JSON.stringify(proof));
  const [data] = proof.rows?.newData ?? [];
  assert.equal(data?.fate, "refused");
  assert.match(data?.value ?? "", /b/);
});

for (const engine of ["postgres", "sqlite"] as const) {
  const added = "ALTER TABLE t ADD COLUMN c text DEFAULT 'x';";
  const withoutIt = engine === "postgres"
    ? "ALTER TABLE t ADD COLUMN c text;\nALTER TABLE t ALTER COLUMN c SET DEFAULT 'x';"
    : `${added}\nUPDATE t SET c = NULL;`;
  test(`${engine}: a default that the rows that are there do not get is found`, async () => {
    for (const [up, proven] of [[added, true], [withoutIt, false]] as const) {
      const down = "ALTER TABLE t DROP COLUMN c;";
      const proof = await proofOf({ engine, before: TABLE, after: TABLE + added, up, down });
      assert.equal(proof.proven, proven, JSON.stringify(proof.rows));
      assert.equal(proof.rows?.altered[0]?.column, proven ? undefined : "c");
    }
  });

  test(`${engine}: NULLs of a column that DOWN fills and nothing changes are found`, async () => {
    const proof = await proofOf({
      engine,
      before: TABLE,
      after: `${TABLE}${added}`,
      up: added,
      down: "ALTER TABLE t DROP COLUMN c;\nUPDATE t SET a = '' WHERE a IS NULL;",
    });
    assert.equal(proof.proven, false);
    const [finding] = proof.rows?.altered ?? [];
    assert.deepEqual([finding?.column, finding?.before], ["a", null]);
    assert.match(finding?.statement?.sql ?? "", /^UPDATE t/);
  });
}

test("sqlite: what is said of new rows is no excuse where DOWN refuses old ones", async () => {
  const strict = "CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL);";
  const loose = "CREATE TABLE t (id integer PRIMARY KEY, a text);";
  const again = (table: string, value: string) =>
    `${table.replace(" t ", " t_new ")}\nINSERT INTO t_new (id, a) SELECT id, ${value} FROM t;\n` +
    "DROP TABLE t;\nALTER TABLE t_new RENAME TO t;";
  const proof = await proofOf({
    engine: "sqlite",
    before: strict,
    after: loose,
    up: again(loose, "a"),
    down: again(strict, "NULL"),
    planned: [{ sql: again(loose, "a"), failsOn: "NULLs in t.a" }],
  });
  assert.equal(proof.proven, false);
  assert.deepEqual(proof.rows?.refused.map(({ direction }) => direction), ["down"]);
});

const CONVERSIONS = [
  {
    engine: "postgres",
    from: "numeric(10, 4)",
    to: "integer",
    planned: "ALTER TABLE t ALTER COLUMN p TYPE integer USING trunc(p)::integer",
    broken: "ALTER TABLE t ALTER COLUMN p TYPE integer USING round(p, -1)::integer",
  },
  {
    engine: "postgres",
    from: "text",
    to: "varchar(10)",
    planned: "ALTER TABLE t ALTER COLUMN p TYPE varchar(10) USING left(p, 10)",
    broken: "ALTER TABLE t ALTER COLUMN p TYPE varchar(10) USING left(p, 3)",
  },
  {
    engine: "sqlite",
    from: "NUMERIC",
    to: "INTEGER",
    planned: "INSERT INTO t_new (id, p) SELECT id, CAST(p AS INTEGER) FROM t",
    broken: "INSERT INTO t_new (id, p) SELECT id, CAST(p / 10 AS INTEGER) * 10 FROM t",
  },
  {
    engine: "sqlite",
    from: "BLOB",
    to: "TEXT",
    planned: "INSERT INTO t_new (id, p) SELECT id, CAST(p AS TEXT) FROM t",
    broken: "INSERT INTO t_new (id, p) SELECT id, substr(CAST(p AS TEXT), 1, 1) FROM t",
  },
] as const;

for (const { engine, from, to, planned, broken } of CONVERSIONS) {
  test(`${engine}: a conversion of ${from} gives what the plan says, or is found though a loss is said`, async () => {
    const table = (name: string, type: string) =>
      `CREATE TABLE ${name} (id integer PRIMARY KEY, p ${type});`;
    const rebuilt = (type: string, copy: string) =>
      `${table("t_new", type)}\n${copy};\nDROP TABLE t;\nALTER TABLE t_new RENAME TO t;`;
    const written = (sql: string) => engine === "postgres" ? `${sql};` : rebuilt(to, sql);
    const down = engine === "postgres"
      ? `ALTER TABLE t ALTER COLUMN p TYPE ${from};`
      : rebuilt(from, "INSERT INTO t_new (id, p) SELECT id, p FROM t");
    const proven = (up: string) =>
      proofOf({
        engine,
        before: table("t", from),
        after: table("t", to),
        up: written(up),
        down,
        planned: [{ sql: planned, destroys: `the part of t.p that ${to} cannot hold` }],
      });
    const right = await proven(planned);
    assert.deepEqual(right.rows?.altered, [], JSON.stringify(right));
    assert.deepEqual(right.rows?.lost, [], JSON.stringify(right));
    const wrong = await proven(broken);
    assert.equal(wrong.proven, false);
    const [finding] = wrong.rows?.altered ?? [];
    assert.equal(finding?.column, "p");
    assert.match(finding?.text ?? "", /not what the conversion is said to give/);
    assert.match(finding?.statement?.sql ?? "", engine === "postgres" ? /USING/ : /RENAME/);
  });
}

for (const engine of ["postgres", "sqlite"] as const) {
  test(`${engine}: triggers that did not fire while rows were put in are named`, async () => {
    const trigger = engine === "postgres"
      ? "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\nCREATE TRIGGER quiet BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();"
      : "CREATE TRIGGER quiet AFTER INSERT ON t BEGIN SELECT 1; END;";
    const before = `${TABLE}${trigger}`;
    const proof = await proofOf({
      engine,
      before,
      after: `${before}\nALTER TABLE t ADD COLUMN c text;`,
      up: "ALTER TABLE t ADD COLUMN c text;",
      down: "ALTER TABLE t DROP COLUMN c;",
    });
    assert.equal(proof.proven, true, JSON.stringify(proof));
    assert.equal(proof.rows?.silent.length, 1);
    assert.match(proof.rows?.silent[0] ?? "", /quiet/);
  });
}

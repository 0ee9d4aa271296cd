import assert from "node:assert/strict";
import test from "node:test";
import { engineNamed } from "../../src/engines/mod.ts";
import { isOlder, lackingFeatures, usedFeature } from "../../src/engines/version_features.ts";

/** Statements by dialect, and the version that a server needs for them; null for all. */
const CASES: Readonly<Record<string, readonly (readonly [string, string | null])[]>> = {
  postgres: [
    ["CREATE PROCEDURE p() LANGUAGE sql AS $$ SELECT 1 $$", "11"],
    ["ALTER TABLE t ADD c int GENERATED ALWAYS AS (a + f(b, (1))) STORED", "12"],
    ["ALTER TABLE t ADD c int GENERATED ALWAYS AS IDENTITY", null],
    ["ALTER TABLE t ALTER c DROP EXPRESSION", "13"],
    ["ALTER TABLE t ALTER id SET DEFAULT gen_random_uuid()", "13"],
    ["ALTER TABLE t ALTER c SET COMPRESSION lz4", "14"],
    ["ALTER TABLE t ADD compression text", null],
    ["MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE", "15"],
    ["INSERT INTO merge VALUES ('MERGE INTO')", null],
    ["ALTER TABLE t ADD UNIQUE NULLS NOT DISTINCT (a)", "15"],
    ["SELECT a IS NOT DISTINCT FROM b", null],
    ["CREATE VIEW v WITH (security_invoker = true) AS SELECT 1", "15"],
    ["ALTER TABLE t ADD FOREIGN KEY (a, b) REFERENCES s ON DELETE SET NULL (a)", "15"],
    ["CREATE TABLE t (a text STORAGE EXTERNAL)", "16"],
    ["CREATE TABLE t (storage text)", null],
    ["UPDATE t SET n = 1_000", "16"],
    ["UPDATE t1_2 SET n1_1 = 1", null],
    ["ALTER TABLE t ALTER c SET EXPRESSION AS (a + 1)", "17"],
    ["ALTER TABLE t ADD c int GENERATED ALWAYS AS (a + 1)", "18"],
    ["ALTER TABLE t ADD c int GENERATED ALWAYS AS (a + 1) VIRTUAL", "18"],
    ["ALTER TABLE t ADD CONSTRAINT n NOT NULL a", "18"],
    ["ALTER TABLE t ADD CONSTRAINT n CHECK (a IS NOT NULL)", null],
    ["ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED", "18"],
    ["UPDATE t SET a = 1 WHERE NOT enforced", null],
    ["ALTER TABLE t ADD PRIMARY KEY (id, valid_at WITHOUT OVERLAPS)", "18"],
    ["ALTER TABLE t ALTER id SET DEFAULT uuidv7()", "18"],
    ["COMMENT ON TABLE t IS 'uuidv7() and MERGE INTO'", null],
    ['ALTER TABLE t RENAME a TO "uuidv7()"', null],
    ["ALTER TABLE t ALTER a SET NOT NULL", null],
  ],
  sqlite: [
    ["ALTER TABLE t RENAME COLUMN a TO b", "3.25"],
    ["ALTER TABLE t RENAME a TO b", "3.25"],
    ["ALTER TABLE t RENAME TO u", null],
    ["ALTER TABLE t ADD c AS (a + 1) STORED", "3.31"],
    ["UPDATE t SET a = s.a FROM s WHERE s.id = t.id", "3.33"],
    ["UPDATE t SET a = (SELECT s.a FROM s WHERE s.id = t.id)", null],
    ["ALTER TABLE t DROP COLUMN a", "3.35"],
    ['ALTER TABLE t DROP "a"', "3.35"],
    ["CREATE TABLE t (a integer) STRICT", "3.37"],
    ["CREATE TABLE t (strict integer)", null],
    ["UPDATE t SET a = b ->> '$.x'", "3.38"],
    ["INSERT INTO t VALUES (1) ON CONFLICT (a) DO NOTHING", "3.24"],
    ["INSERT INTO t SELECT * FROM a RIGHT JOIN b USING (id)", "3.39"],
    ["UPDATE t SET a = concat(b, 'x')", "3.44"],
    ["INSERT INTO t VALUES ('DROP COLUMN -> STRICT')", null],
  ],
};

for (const [dialect, cases] of Object.entries(CASES)) {
  const { engine: { features, lexicon } } = await engineNamed(dialect);

  test(`${dialect}: what a statement needs is known by its version`, () => {
    for (const [sql, since] of cases) {
      assert.equal(usedFeature(sql, features, lexicon)?.since ?? null, since, sql);
    }
  });

  test(`${dialect}: a version lacks what came after it, and has what came with it`, () => {
    for (const [sql, since] of cases) {
      if (since === null) continue;
      const lacking = lackingFeatures(features, since);
      assert.equal(usedFeature(sql, lacking, lexicon), null, sql);
    }
    assert.deepEqual(lackingFeatures(features, "99"), []);
    const order = features.map(({ since }) => since);
    const sorted = order.toSorted((a, b) => isOlder(a, b) ? -1 : isOlder(b, a) ? 1 : 0);
    assert.deepEqual(order, sorted);
  });
}

test("versions are compared number by number, as far as both are told", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["15", "18.6", true],
    ["18", "18.6", false],
    ["18.6", "18", false],
    ["3.9", "3.35", true],
    ["3.35", "3.9", false],
    ["3.35.4", "3.35.5", true],
    ["16-alpine", "17", true],
    ["9", "10", true],
  ];
  for (const [version, other, older] of cases) {
    assert.equal(isOlder(version, other), older, `${version} ${other}`);
  }
});

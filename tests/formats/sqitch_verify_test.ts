/** What sqitch's verify scripts look for on MySQL, where one ALTER TABLE does several things. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { verification } from "../../src/formats/sqitch/verify.ts";

/** The names that a script looks for: `+` there, `-` gone. */
function looked(sql: string, serves: readonly string[]): readonly string[] {
  const script = verification([{
    sql,
    serves,
    reason: { action: "describe", text: "a test" },
    transactional: true,
  }], "mysql");
  const found = script.matchAll(
    /(?:column|index|table|trigger)_name = '(\w+)'\) AS counted WHERE found (= 0|> 0)/g,
  );
  return [...found].map(([, name, when]) => `${when === "= 0" ? "+" : "-"}${name}`);
}

const CASES: readonly (readonly [sql: string, serves: readonly string[], expected: string])[] = [
  ["CREATE TABLE t (a int)", ["table:t"], "+t"],
  ["ALTER TABLE t RENAME COLUMN a TO b", ["column:t.a"], ""],
  ["ALTER TABLE t CHANGE COLUMN a b int", ["column:t.a", "column:t.b"], ""],
  ["ALTER TABLE t ADD COLUMN b int, DROP COLUMN a", ["column:t.b", "column:t.a"], "+b -a"],
  ["ALTER TABLE t DROP COLUMN `a`, ADD COLUMN ab int", ["column:t.a", "column:t.ab"], "-a +ab"],
  ["ALTER TABLE t DROP COLUMN a, ADD COLUMN a int", ["column:t.a"], ""],
  ["ALTER TABLE t DROP KEY i, ADD UNIQUE KEY j (a)", ["index:t.i", "index:t.j"], "-i +j"],
  ["ALTER TABLE t MODIFY COLUMN a int", ["column:t.a"], ""],
  ["DROP TRIGGER x", ["trigger:x"], "-x"],
];

for (const [sql, serves, expected] of CASES) {
  test(`a verify script for ${sql}`, () => {
    assert.equal(looked(sql, serves).join(" "), expected);
  });
}

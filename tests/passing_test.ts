import assert from "node:assert/strict";
import test from "node:test";
import { passing } from "../src/engines/planner/passing.ts";

/** Conditions on a column `x` as the engines write them, its usual value, and the one that passes. */
const CASES:
  readonly (readonly [checks: string | readonly string[], usual: string, found: string])[] = [
    ["(x >= 0)", "0", "0"],
    ["(x > 0)", "0", "1"],
    ["((x > (0)::numeric) AND (x < 100.5))", "0", "1"],
    ["(x >= 18) AND (x <= 120)", "0", "18"],
    ["x BETWEEN 3 AND 7", "0", "3"],
    ["x NOT BETWEEN 0 AND 7", "0", "-1"],
    ["(x < '-1'::integer)", "0", "-2"],
    ["x < -5", "0", "-6"],
    ["(x <> 0)", "0", "1"],
    [["(x > 0)", "(x > 5)"], "0", "6"],
    ["abs(x) > 2", "0", "3"],
    ["(x <> ''::text)", "''", "'x'"],
    ["((x)::text <> ''::text)", "''", "'x'"],
    ["length(x) > 0", "''", "'x'"],
    ["(char_length((x)::text) >= 3)", "''", "'xxx'"],
    ["(length(TRIM(BOTH FROM x)) > 0)", "''", "'x'"],
    ["trim(x) <> '' AND length(x) = 2", "''", "'xx'"],
    ["(x = ANY (ARRAY['it''s'::text, 'b'::text]))", "''", "'it''s'"],
    [
      "((x)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
      "''",
      "'a'",
    ],
    ["x IN ('a', 'b') AND x <> 'a'", "''", "'b'"],
    ["(x = 'a'::text) OR (x = 'b'::text)", "''", "'a'"],
    ["NOT (x = 'a') AND \"x\" IN ('a', 'c')", "''", "'c'"],
    ["x IN (3, 4)", "0", "3"],
    ["(x > '2020-01-01'::date) OR (x = '2019-05-05'::date)", "'1970-01-01'", "'2019-05-05'"],
    ["(x = true)", "false", "true"],
    ["(x IS NOT NULL)", "''", "''"],
    ["(x IS NULL) OR (x > 4)", "0", "5"],
    // Other columns, and what is not understood, forbid nothing.
    ["(x > y)", "0", "0"],
    ["(y > 3) OR (x > 3)", "0", "0"],
    ["(x ~ '^a'::text)", "''", "''"],
    ["x LIKE 'a%'", "''", "''"],
    ["(VALUE > 0)", "0", "0"],
    ["(x > 1) AND (x < 1)", "0", "0"],
    ["(x > ALL (ARRAY[1, 2]))", "0", "0"],
    ["(x <> ALL (ARRAY[0, 1]))", "0", "-1"],
    ["(x > 0)", "now()", "now()"],
    ["(x > ", "0", "0"],
    ["((x -> 'a'::text) IS NOT NULL)", "'{}'", "'{}'"],
  ];

for (const [checks, usual, found] of CASES) {
  test(`${[checks].flat().join(", ")}: ${usual} becomes ${found}`, () => {
    assert.equal(passing(usual, [checks].flat(), (name) => name === "x"), found);
  });
}

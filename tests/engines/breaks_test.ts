/** The ways in which `deno task judge` breaks a migration: each leaves the schema right. */

import assert from "node:assert/strict";
import test from "node:test";
import { type Breakable, breaksOf } from "../../scripts/judge/breaks.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import type { Draft } from "../../src/core/plan.ts";

const COLUMN = { type: "text", isRequired: false, isBound: false };

/** What is done to the one statement of an UP; `|` stands between statements. */
function broken(dialect: string, sql: string): readonly string[] {
  const statement = {
    sql,
    serves: [],
    reason: { action: "describe", text: "" },
    transactional: true,
  } as const;
  const draft: Draft = {
    author: "planner",
    name: "x",
    up: [statement],
    down: [],
    reversible: "exact",
    notes: [],
  };
  const table = {
    id: "table:t",
    name: "t",
    sql: '"t"',
    columns: ["a", "b"].map((name) => ({ ...COLUMN, name, key: name })),
    isKeyed: false,
  };
  const breakable: Breakable = {
    dialect,
    lexicon: lexiconOf(dialect),
    draft,
    own: [table],
    others: [],
    typeOf: () => "text",
  };
  return breaksOf(breakable).map(({ kind, draft }) =>
    `${kind}: ${draft.up.map(({ sql }) => sql).join(" | ")}`
  );
}

const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  ["sqlite", "INSERT INTO n (a, b) SELECT a, coalesce(b, 'x, (') FROM t", [
    "swap two columns: INSERT INTO n (a, b) SELECT coalesce(b, 'x, ('), a FROM t",
    "cut in the copy: INSERT INTO n (a, b) SELECT substr(a, 1, 2), coalesce(b, 'x, (') FROM t",
    "cut in the copy: INSERT INTO n (a, b) SELECT a, substr(coalesce(b, 'x, ('), 1, 2) FROM t",
    "forget a backfill: INSERT INTO n (a, b) SELECT a, b FROM t",
    "copy a part: INSERT INTO n (a, b) SELECT a, coalesce(b, 'x, (') FROM t LIMIT 2",
    "copy without repetitions: INSERT INTO n (a, b) SELECT DISTINCT a, coalesce(b, 'x, (') FROM t",
    "drop the copy: ",
  ]],
  ["postgres", "ALTER TABLE t ALTER COLUMN a TYPE numeric(8, 2) USING a::numeric", [
    "round a cast: ALTER TABLE t ALTER COLUMN a TYPE numeric(8, 2) USING round((a::numeric)::numeric, -1)::numeric(8, 2)",
  ]],
  ["postgres", "ALTER TABLE t ADD COLUMN c text DEFAULT 'x' NOT NULL", [
    "lose a default: ALTER TABLE t ADD COLUMN c text NOT NULL | ALTER TABLE t ALTER COLUMN c SET DEFAULT 'x'",
  ]],
  ["postgres", "ALTER TABLE t RENAME COLUMN a TO z", [
    "drop and add for a rename: ALTER TABLE t ADD COLUMN aim_new text | ALTER TABLE t RENAME COLUMN a TO aim_old | ALTER TABLE t RENAME COLUMN aim_new TO z | ALTER TABLE t DROP COLUMN aim_old",
  ]],
  ["postgres", "UPDATE t SET a = 'x' WHERE a IS NULL", ["forget a backfill: "]],
  ["sqlite", "CREATE TABLE n (a TEXT)", []],
];

test("a migration is broken in its copies, casts, defaults and renames", () => {
  for (const [dialect, sql, expected] of CASES) {
    const found = broken(dialect, sql).filter((text) => !/^(?:delete|cut a|fill)/.test(text));
    assert.deepEqual(found, expected, sql);
  }
});

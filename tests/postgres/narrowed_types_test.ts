import assert from "node:assert/strict";
import test from "node:test";
import { planned, serverOf } from "../engines/planned.ts";

/** Types before and after, and whether a value of the first may not fit into the second. */
const types: readonly (readonly [before: string, after: string, mayRefuse: boolean])[] = [
  ["bigint", "integer", true],
  ["integer", "bigint", false],
  ["integer", "smallint", true],
  ["integer", "numeric", false],
  ["integer", "numeric(12,2)", false],
  ["integer", "numeric(10,2)", true],
  ["numeric", "integer", true],
  ["numeric(12,2)", "numeric(10,2)", true],
  ["numeric(12,2)", "numeric(14,2)", false],
  ["double precision", "real", true],
  ["text", "character varying(9)", true],
  ["character varying(20)", "character varying(9)", true],
  ["character varying(9)", "character varying(20)", false],
  ["character varying(9)", "text", false],
  ["character(9)", "character varying(9)", false],
  ["uuid", "text", false],
  ["integer", "character varying(11)", false],
  ["integer", "character varying(4)", true],
  ["text", "integer", true],
  ["text", "uuid", true],
  ["text", "jsonb", true],
  ["text", "mood", true],
  ["mood", "text", false],
  ["text", "short", true],
  ["bit(8)", "bit(4)", true],
  ["bit varying(4)", "bit varying(8)", false],
  ["date", "timestamp", false],
  ["timestamp", "timestamptz", false],
  ["timestamptz", "date", false],
  ["json", "jsonb", false],
  ["bigint[]", "integer[]", true],
  ["integer[]", "bigint[]", false],
  ["boolean", "integer", false],
];

test("a type that may refuse values asks what becomes of them, another does not", async () => {
  const before =
    "CREATE TYPE mood AS ENUM ('glad'); CREATE DOMAIN short AS text CHECK (length(value) < 9);";
  const table = (at: 0 | 1) =>
    `${before} CREATE TABLE t (${types.map((pair, n) => `c${n} ${pair[at]}`).join(", ")})`;
  await using server = await serverOf("postgres");
  const outcome = await planned(server, {
    engine: "postgres",
    from: table(0),
    to: table(1),
    assumeEmpty: false,
  });
  const open = new Set(
    outcome.choices.filter(({ answer }) => answer === null).map(({ id }) => id),
  );
  assert.deepEqual(
    types.map(([from, to], n) => [from, to, open.has(`convert:public.t.c${n}`)]),
    types,
  );
});

/** Statements after `t`, and the open choices. */
const uniques: readonly (readonly [columns: string, after: string, open: readonly string[]])[] = [
  ["a int", "CREATE UNIQUE INDEX u ON t (a)", ["unique:public.u"]],
  ["a int", "CREATE UNIQUE INDEX u ON t (a) WHERE a > 0", ["unique:public.u"]],
  ["a int", "CREATE UNIQUE INDEX u ON t ((a + 1))", ["unique:public.u"]],
  ["a int", "CREATE INDEX u ON t (a)", []],
  ["a int, b text UNIQUE", "", []],
  ["a int, b bigserial UNIQUE", "", []],
  ["a int, b bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "", []],
  ["a int, b uuid DEFAULT gen_random_uuid() PRIMARY KEY", "", []],
  ["a int, b int DEFAULT 3 UNIQUE", "", ["unique:public.t.t_b_key"]],
  ["a int, b int NOT NULL UNIQUE", "", ["fill:public.t.b"]],
  ["a int PRIMARY KEY", "", ["fill:public.t.a", "unique:public.t.t_pkey"]],
];

test("what becomes unique asks about duplicates where rows can be equal", async () => {
  await using server = await serverOf("postgres");
  for (const [columns, after, expected] of uniques) {
    const { choices } = await planned(server, {
      engine: "postgres",
      from: "CREATE TABLE t (a int)",
      to: `CREATE TABLE t (${columns}); ${after}`,
      assumeEmpty: false,
    });
    const open = choices.filter(({ answer }) => answer === null).map(({ id }) => id);
    assert.deepEqual([columns, after, open], [columns, after, expected]);
  }
});

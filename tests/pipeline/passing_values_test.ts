/** The value that rows get in a new column which must have one: of those that its checks name, the first that the database lets pass. */

import assert from "node:assert/strict";
import test from "node:test";
import { type Pair, planned, serverOf } from "../engines/planned.ts";

interface Case {
  /** Conditions on a column `x` and on others, as people write them. */
  readonly checks: string | readonly string[];
  /** The type of `x` on Postgres, and on SQLite where the condition is understood there. */
  readonly postgres: string;
  readonly sqlite?: string;
  /** Other columns of the table. */
  readonly others?: string;
  readonly before?: string;
  /** The value as SQL: the usual one, which rows cannot have, where none passes. */
  readonly found: string;
  readonly passes?: false;
}

const number = { postgres: "int", sqlite: "INTEGER" };
const text = { postgres: "text", sqlite: "TEXT" };

const CASES: readonly Case[] = [
  { checks: "(x >= 0)", ...number, found: "0" },
  { checks: "(x > 0)", ...number, found: "1" },
  { checks: "((x > (0)::numeric) AND (x < 100.5))", postgres: "numeric", found: "1" },
  { checks: "(x >= 18) AND (x <= 120)", ...number, found: "18" },
  { checks: "x BETWEEN 3 AND 7", ...number, found: "3" },
  { checks: "x NOT BETWEEN 0 AND 7", ...number, found: "-1" },
  { checks: "(x < '-1'::integer)", postgres: "int", found: "-2" },
  { checks: "x < -5", ...number, found: "-6" },
  { checks: "(x <> 0)", ...number, found: "1" },
  { checks: ["(x > 0)", "(x > 5)"], ...number, found: "6" },
  { checks: "abs(x) > 2", ...number, found: "3" },
  { checks: "(x > 0)", postgres: "smallint", found: "1" },
  { checks: "(x > 0.5 AND x < 2)", postgres: "numeric(3,1)", sqlite: "REAL", found: "1.5" },
  { checks: "(x <> ''::text)", postgres: "text", found: "'x'" },
  { checks: "((x)::text <> ''::text)", postgres: "varchar(9)", found: "'x'" },
  { checks: "length(x) > 0", ...text, found: "'x'" },
  { checks: "(char_length((x)::text) >= 3)", postgres: "varchar", found: "'xxx'" },
  { checks: "length(x) = 3", postgres: "char(3)", sqlite: "CHAR(3)", found: "'xxx'" },
  { checks: "(length(TRIM(BOTH FROM x)) > 0)", postgres: "text", found: "'x'" },
  { checks: "trim(x) <> '' AND length(x) = 2", ...text, found: "'xx'" },
  { checks: "(x = ANY (ARRAY['it''s'::text, 'b'::text]))", postgres: "text", found: "'it''s'" },
  {
    checks: "((x)::text = ANY ((ARRAY['a'::varchar, 'b'::varchar])::text[]))",
    postgres: "varchar",
    found: "'a'",
  },
  { checks: "x IN ('a', 'b') AND x <> 'a'", ...text, found: "'b'" },
  { checks: "(x = 'a') OR (x = 'b')", ...text, found: "'a'" },
  { checks: "NOT (x = 'a') AND \"x\" IN ('a', 'c')", ...text, found: "'c'" },
  { checks: "x IN (3, 4)", ...number, found: "3" },
  {
    checks: "(x > '2020-01-01'::date) OR (x = '2019-05-05'::date)",
    postgres: "date",
    found: "'2019-05-05'",
  },
  { checks: "x > '2020-12-31'", postgres: "date", sqlite: "TEXT", found: "'2021-01-01'" },
  { checks: "x < '1969-01-01'", postgres: "timestamp", found: "'1968-12-31 00:00:00'" },
  { checks: "(x = true)", postgres: "boolean", found: "true" },
  { checks: "(x IS NOT NULL)", ...text, found: "''" },
  { checks: "(x IS NULL) OR (x > 4)", ...number, found: "5" },
  // Columns whose values nobody knows refuse nothing.
  { checks: "(x > y)", ...number, others: "y int", found: "0" },
  { checks: "(y > 3) OR (x > 3)", ...number, others: "y int", found: "0" },
  { checks: 'x > 2 AND "Y z" < 9', ...number, others: '"Y z" int', found: "3" },
  { checks: "(x ~ '^ab?'::text)", postgres: "text", found: "''", passes: false },
  { checks: "x LIKE 'a%'", ...text, found: "'a%'" },
  { checks: "(x > 1) AND (x < 1)", ...number, found: "0", passes: false },
  { checks: "(x > ALL (ARRAY[1, 2]))", postgres: "int", found: "3" },
  { checks: "(x <> ALL (ARRAY[0, 1]))", postgres: "int", found: "-1" },
  { checks: "x % 7 = 4 AND x > 0", ...number, found: "4" },
  { checks: "((x -> 'a'::text) IS NOT NULL)", postgres: "jsonb", found: "'{}'", passes: false },
  // Domains, also those that stand on others, and enumerations.
  {
    checks: "true",
    postgres: "positive",
    before: "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
    found: "1",
  },
  {
    checks: "x <> 8",
    postgres: "big",
    before: `CREATE DOMAIN positive AS int CHECK (VALUE > 0);
      CREATE DOMAIN big AS positive CHECK (VALUE > 7)`,
    found: "9",
  },
  {
    checks: "x <> 'open'",
    postgres: "state",
    before: "CREATE TYPE state AS ENUM ('open', 'shut')",
    found: "'shut'",
  },
  // A function of the schema is asked like any other.
  {
    checks: "even(x) AND x > 1",
    postgres: "int",
    before: "CREATE FUNCTION even(n int) RETURNS bool IMMUTABLE RETURN n % 2 = 0",
    found: "2",
  },
];

const servers = { postgres: await serverOf("postgres"), sqlite: await serverOf("sqlite") };
test.after(async () => {
  for (const server of Object.values(servers)) await server[Symbol.asyncDispose]();
});

for (const one of CASES) {
  const checks = [one.checks].flat();
  for (const engine of ["postgres", "sqlite"] as const) {
    const type = one[engine];
    if (type === undefined) continue;
    test(`${engine}: ${type}, ${checks.join(", ")}: rows get ${one.found}`, async () => {
      const server = servers[engine];
      const before = `${one.before ?? ""};`;
      const others = ["id int", ...one.others === undefined ? [] : [one.others]].join(", ");
      const added = [
        `x ${type} NOT NULL`,
        ...checks.map((check) => `CHECK (${check})`),
      ].join(", ");
      const pair: Pair = {
        engine,
        from: `${before} CREATE TABLE t (${others});`,
        to: `${before} CREATE TABLE t (${others}, ${added});`,
        answers: [`fill:${engine === "postgres" ? "public." : ""}t.x=default`],
      };
      const { draft, outcome } = await planned(server, pair);
      assert.equal(outcome, "proven");
      const up = (draft?.up ?? []).map(({ sql }) => `${sql};\n`).join("");
      assert.ok(up.includes(one.found), up);
      await using database = await server.create();
      await database.exec(`${pair.from} INSERT INTO t (id) VALUES (1)`);
      if (one.passes === false) {
        await assert.rejects(database.exec(up));
        return;
      }
      await database.exec(up);
      const rows = await database.query(`SELECT id FROM t WHERE x = ${one.found}`);
      assert.deepEqual(rows, [{ id: 1 }]);
    });
  }
}

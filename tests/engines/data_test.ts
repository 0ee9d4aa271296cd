/** Changes over rows: the plan says what is lost and what DOWN cannot hold, and no more. */

import assert from "node:assert/strict";
import test from "node:test";
import { DatabaseError } from "../../src/core/error.ts";
import type { PlannedStatement } from "../../src/core/statement.ts";
import { DATA_CASES } from "./data_cases.ts";
import { planned, serverOf } from "./planned.ts";

for (const one of DATA_CASES) {
  test(`over rows (${one.engine}): ${one.name}`, async () => {
    await using server = await serverOf(one.engine);
    const { outcome, draft } = await planned(server, one);
    assert.equal(outcome, "proven");
    assert.ok(draft !== null);
    assert.equal(draft.reversible, one.reversible);
    const unsaid = one.notes.filter((part) => !draft.notes.some((note) => note.includes(part)));
    assert.deepEqual([unsaid, draft.notes.length], [[], one.notes.length], draft.notes.join("\n"));
    await using database = await server.create();
    await database.exec(one.from);
    await database.exec(one.rows);
    const run = async (statements: readonly PlannedStatement[]) => {
      try {
        for (const { sql } of statements) await database.exec(sql);
      } catch (error) {
        if (error instanceof DatabaseError) return "refused";
        throw error;
      }
      const rows = await database.query<Record<string, unknown>>(one.query);
      return rows.map((row) => Object.values(row));
    };
    assert.deepEqual(await run(draft.up), one.there);
    if (one.there !== "refused") assert.deepEqual(await run(draft.down), one.back);
  });
}

test("a conversion that nothing is known for is open until the user gives an expression", async () => {
  await using server = await serverOf("postgres");
  const { outcome, choices } = await planned(server, {
    engine: "postgres",
    from: `CREATE TYPE pair AS (a int, b numeric(8,2));
      CREATE TABLE t (a int, b int, c date, d boolean, ps pair[])`,
    to: `CREATE TYPE pair AS (a int, b int);
      CREATE TABLE t (a date, b int[], c integer, d smallint, ps pair[])`,
  });
  assert.equal(outcome, "undecided");
  // The harness says of all rows that there are none; what an attribute becomes is open all the same.
  const asked = choices.filter(({ answer }) => answer === null || answer.option === "assume-empty");
  assert.deepEqual(
    asked.map(({ id, answer }) => [id, answer?.option ?? null]),
    [["a", "assume-empty"], ["b", "assume-empty"], ["c", "assume-empty"], ["ps", null]]
      .map(([name, option]) => [`convert:public.t.${name}`, option]),
  );
});

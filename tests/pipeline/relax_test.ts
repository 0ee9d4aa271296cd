import assert from "node:assert/strict";
import test from "node:test";
import { generateOn, openProject, startServer } from "../../src/pipeline/mod.ts";
import { testConfig } from "../property/config.ts";

/** A table and a function whose body fits it only before the column came. */
const BEFORE = `CREATE TABLE t (a int, b text);
CREATE FUNCTION row_of(n int) RETURNS t LANGUAGE sql STABLE AS $$ SELECT n, 'x'::text $$;
`;
const STALE = `${BEFORE}ALTER TABLE t ADD COLUMN c int;\n`;
const MENDED = `CREATE TABLE t (a int, b text, c int);
CREATE FUNCTION row_of(n int) RETURNS t LANGUAGE sql STABLE AS $$ SELECT n, 'x'::text, 1 $$;
`;

test("a function whose body no longer fits is put back unchecked", async () => {
  const { up, down } = await proven(STALE, MENDED);
  assert.equal(up.length, 1);
  assert.match(up[0] ?? "", /^CREATE OR REPLACE FUNCTION/);
  assert.equal(down.length, 3);
  assert.equal(down[0], "SET check_function_bodies = off");
  assert.match(down[1] ?? "", /^CREATE OR REPLACE FUNCTION/);
  assert.equal(down[2], "RESET check_function_bodies");
});

test("a schema that holds one is reached, too", async () => {
  const { up } = await proven(MENDED, STALE);
  assert.deepEqual(
    up.map((sql) => sql.split(" ")[0]),
    ["SET", "CREATE", "RESET"],
  );
});

test("a function that fits is made with the check on", async () => {
  const { up, down } = await proven("", BEFORE);
  assert.deepEqual([...up, ...down].filter((sql) => sql.includes("check_function_bodies")), []);
});

async function proven(current: string, desired: string) {
  const signal = new AbortController().signal;
  const project = await openProject(testConfig("postgres", "migrate"), { emit: () => {}, signal });
  const up = { file: "start.sql", text: current, transaction: "auto" as const };
  const sources = {
    schema: [{ path: "schema.sql", text: desired }],
    files: [],
    history: {
      migrations: [{ version: "1", name: "start", up, down: null, files: ["start.sql"] }],
      notes: [],
    },
  };
  await using server = await startServer(project, sources);
  const outcome = await generateOn(project, server, sources, {
    name: "change",
    dryRun: true,
    allowEmptySchema: true,
    answers: new Map(),
    renames: [],
    onAmbiguity: "fail",
  });
  assert.equal(outcome.outcome, "proven", JSON.stringify(outcome.proof));
  return {
    up: outcome.draft?.up.map(({ sql }) => sql) ?? [],
    down: outcome.draft?.down.map(({ sql }) => sql) ?? [],
  };
}

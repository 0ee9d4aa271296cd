/** Hostile input ends with an error that names its file: no exit 70, no stack, by the command line. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { part } from "../depth.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { type Dialect, HOSTILE, misbehaviour, ODD_BYTES } from "./hostile.ts";

const FILES = ["schema.sql", "migrations", "aim.toml"];

for (const dialect of ["postgres", "sqlite"] as const) {
  for (const [at, [name, sql]] of part([...Object.entries(HOSTILE[dialect]).entries()], 3)) {
    // The two places take turns; the attack task tries both.
    const place = at % 2 === 0 ? "schema" : "migration";
    test(`${dialect}, in a ${place}: ${name}`, async () => {
      await using project = await temporaryFolder(filesOf(dialect, { [place]: sql }));
      const finished = await runAim([at % 3 === 0 ? "validate" : "diff"], { cwd: project.path });
      assert.equal(misbehaviour(finished, FILES), null);
    });
  }
}

for (
  const [name, sql, message] of [
    [
      "recursion",
      "SELECT 1;\nCREATE FUNCTION r(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN r(n); END $$;\nSELECT r(1);",
      /stack depth limit exceeded\n +--> schema\.sql:3:/,
    ],
    [
      "an open transaction",
      "SELECT 1;\nBEGIN;\nCREATE TABLE t (a int);",
      /does not end\n +--> schema\.sql:2:1/,
    ],
    [
      "a program",
      "SELECT 1;\nCOPY (SELECT 1) TO PROGRAM 'touch x';",
      /could not execute command "touch x".*\n +--> schema\.sql:2:/,
    ],
    [
      "a conversion that the embedded server lacks",
      "SELECT 1;\nSELECT convert_to('a', 'EUC_JP');",
      /the embedded Postgres lacks a function that this statement calls\n +--> schema\.sql:2:1/,
    ],
    [
      "a crash in a long script",
      `${"CREATE TABLE IF NOT EXISTS t (a int);\n".repeat(30)}SELECT convert_to('a', 'SJIS');`,
      /lacks a function that this statement calls\n +--> schema\.sql:31:1/,
    ],
    [
      "a catalog that a statement changes which is put together",
      "CREATE TABLE t (a int);\nDO $$ BEGIN EXECUTE 'UPDATE pg' || '_attribute SET atttypid = 9'; END $$;",
      /Cannot read the schema after schema\.sql: |cache lookup failed/,
    ],
    [
      "a broken catalog",
      "SELECT 1;\nDELETE FROM pg_class;",
      /Cannot read the schema after schema\.sql: /,
    ],
  ] as const
) {
  test(`the error of ${name} says where it is and exits with 2`, async () => {
    await using project = await temporaryFolder(filesOf("postgres", { schema: sql }));
    const { code, stderr } = await runAim(["diff"], { cwd: project.path });
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  });
}

test("odd bytes in a schema, a migration and aim.toml end with an answer or an error", async () => {
  for (const bytes of part(ODD_BYTES, 3)) {
    const files = filesOf("sqlite", { schema: "CREATE TABLE t (a text DEFAULT 'x');" });
    for (const file of ["schema.sql", "migrations/00001_a.sql", "aim.toml"]) {
      await using project = await temporaryFolder(files);
      const text = Buffer.from(files[file] ?? "");
      const odd = Buffer.concat([text.subarray(0, 9), Buffer.from(bytes), text.subarray(9)]);
      await writeFile(join(project.path, file), odd);
      const finished = await runAim(["diff"], { cwd: project.path });
      assert.equal(misbehaviour(finished, FILES), null, `${bytes} in ${file}`);
    }
  }
});

function filesOf(
  dialect: Dialect,
  { schema = "", migration = "SELECT 1;" }: { schema?: string; migration?: string },
): Record<string, string> {
  return {
    "aim.toml": `engine = "${dialect}"\nformat = "goose"\n`,
    "schema.sql": schema,
    "migrations/00001_a.sql": `-- +goose Up\n${migration}\n-- +goose Down\nSELECT 1;\n`,
  };
}

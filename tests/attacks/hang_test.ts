import assert from "node:assert/strict";
import test from "node:test";
import { part } from "../depth.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { ENDLESS, ENGINES, projectWith, signalled } from "./endless_statements.ts";

for (const engine of ENGINES) {
  for (const [name, sql] of part(Object.entries(ENDLESS[engine.engine]), 2)) {
    // The host reads no further than the first row of a script's query.
    if (name === "rows that nobody reads" && engine.name === "node:sqlite") continue;
    test(`${name} ends at statement_timeout and is named (${engine.name})`, async () => {
      await using folder = await temporaryFolder(projectWith(engine, sql));
      const { code, stderr } = await runAim(["diff", "--statement-timeout", "500ms"], {
        cwd: folder.path,
      });
      assert.equal(code, 2, stderr);
      assert.match(stderr, /--> schema\.sql:\d:/);
      assert.match(stderr, /statement timeout|statement_timeout/);
      assert.match(stderr, /hint: .*statement_timeout/);
    });
  }

  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    test(`${signal} ends a statement that does not end (${engine.name})`, async () => {
      const sql = Object.values(ENDLESS[engine.engine])[engine.engine === "postgres" ? 2 : 0] ?? "";
      await using folder = await temporaryFolder(projectWith(engine, sql));
      const args = ["diff", "-v", "--statement-timeout", "0"];
      const ended = await signalled(args, { cwd: folder.path, after: /CREATE TABLE a/, signal });
      assert.equal(ended.code, code, ended.said);
      assert.match(ended.said, /interrupted\n$/);
    });
  }

  test(`the statement is named among many that are sent together (${engine.name})`, async () => {
    const tables = Array.from({ length: 60 }, (_, at) => `CREATE TABLE t${at} (id int);`);
    const endless = Object.values(ENDLESS[engine.engine])[engine.engine === "postgres" ? 2 : 0];
    const sql = [...tables.slice(0, 30), endless, ...tables.slice(30)].join("\n");
    await using folder = await temporaryFolder(projectWith(engine, sql));
    const { code, stderr } = await runAim(["diff", "--statement-timeout", "1"], {
      cwd: folder.path,
    });
    assert.equal(code, 2, stderr);
    assert.match(stderr, /--> schema\.sql:33:/);
  });

  test(`a migration that does not end is named (${engine.name})`, async () => {
    const endless = Object.values(ENDLESS[engine.engine])[0] ?? "";
    await using folder = await temporaryFolder({
      ...projectWith(engine, ""),
      "migrations/000001_a.up.sql": `CREATE TABLE a (id int);\n${endless}\n`,
      "migrations/000001_a.down.sql": "DROP TABLE a;\n",
    });
    for (const command of ["diff", "validate"]) {
      const { code, stdout, stderr } = await runAim([command, "--statement-timeout", "500ms"], {
        cwd: folder.path,
      });
      // Where the session lives on, that a migration does not work is what was asked for.
      assert.ok(code === 2 || (command === "validate" && code === 1), `${code}: ${stderr}`);
      assert.match(stdout + stderr, /000001_a\.up\.sql:2/);
    }
  });
}

test("a limit that is no duration is refused", async () => {
  const [engine] = ENGINES;
  assert.ok(engine !== undefined);
  await using folder = await temporaryFolder(projectWith(engine, ""));
  const { code, stderr } = await runAim(["diff"], {
    cwd: folder.path,
    variables: { AIM_STATEMENT_TIMEOUT: "soon" },
  });
  assert.equal(code, 2);
  assert.match(stderr, /AIM_STATEMENT_TIMEOUT "soon": it must be a number of seconds/);
});

/** `aim apply` and `aim check` ask for approvals, with real ssh-keygen and git. */

import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { repository } from "../cli/repository.ts";
import { runAim } from "../run_aim.ts";
import { allow, POLICY, project, SECOND } from "./signed_project.ts";

/** The project, a live database in which the first migration is to come, and `aim apply` on it. */
async function site(policy = POLICY) {
  const made = await project(policy);
  const file = join(made.path, "live.db");
  new DatabaseSync(file).close();
  const aim = (command: string, ...args: string[]) =>
    runAim([command, "--url", "sqlite:live.db", ...args], { cwd: made.path });
  return {
    ...made,
    apply: (...args: string[]) => aim("apply", "--yes", ...args),
    rollback: (...args: string[]) => aim("rollback", "--yes", ...args),
    columns: () => {
      const database = new DatabaseSync(file);
      const rows = database.prepare("SELECT name FROM pragma_table_info('notes')").all();
      database.close();
      return rows.map(({ name }) => name).join(" ");
    },
  };
}

test("apply runs what needs no approval, refuses what lacks one, and runs that once it is signed", async () => {
  await using live = await site();
  const { apply, columns, sign, rollback } = live;
  const all = await apply();
  assert.equal(all.code, 1, all.stderr);
  assert.match(
    all.stderr,
    /refused: 00002_body is not approved: it needs 1 of dba \(destroys\)\n.*`aim approve` signs it, by ada@example\.com, bo@example\.com/,
  );
  assert.equal(columns(), "");
  const first = await apply("--to", "1");
  assert.equal(first.code, 0, first.stderr);
  assert.equal(columns(), "id title body");
  assert.equal((await sign("eve", "eve")).code, 1);
  assert.equal((await apply()).code, 1);
  assert.equal((await sign("ada", "ada")).code, 0);
  const done = await apply();
  assert.equal(done.code, 0, done.stderr);
  assert.equal(columns(), "id title");
  const back = await rollback();
  assert.equal(back.code, 0, back.stderr);
});

test("apply refuses what was edited after it was approved, and says so", async () => {
  await using live = await site();
  const { apply, columns, path, sign } = live;
  assert.equal((await sign("ada", "ada")).code, 0);
  const file = join(path, "migrations/00002_body.sql");
  await writeFile(file, SECOND.replace("COLUMN body;", "COLUMN title;"));
  const edited = await apply("--json");
  assert.equal(edited.code, 1, edited.stderr);
  const { refusals } = JSON.parse(edited.stdout);
  assert.deepEqual(refusals.map(({ code }: { code: string }) => code), ["approval-missing"]);
  assert.match(
    refusals[0].message,
    /00002_body\/ada@example\.com\.json does not count: the migration was edited since/,
  );
  assert.equal(columns(), "");
  await writeFile(file, SECOND);
  assert.equal((await apply()).code, 0);
});

test("apply asks for the environment that is named, and without a policy for nothing", async () => {
  await using live = await site(POLICY.replace("by =", 'environment = "production", by ='));
  const { apply, path, columns } = live;
  assert.equal((await apply("--env", "production")).code, 1);
  assert.equal((await apply()).code, 1);
  await writeFile(join(path, "aim.policy.toml"), "nonsense = 1\n");
  assert.equal((await apply("--env", "staging")).code, 2);
  assert.equal(columns(), "");
  await rm(join(path, "aim.policy.toml"));
  const done = await apply();
  assert.equal(done.code, 0, done.stderr);
});

test("what is mended behind a failure needs another approval before it goes on", async () => {
  await using live = await site(POLICY.replace("destroys", "any"));
  const { apply, path, sign, columns } = live;
  const script = (value: string) =>
    `-- +goose NO TRANSACTION\n-- +goose Up\nALTER TABLE notes DROP COLUMN body;\nINSERT INTO notes (id) VALUES (${value});\n-- +goose Down\nSELECT 1;\n`;
  const second = join(path, "migrations/00002_body.sql");
  await writeFile(second, script("7"));
  for (const name of ["00001_notes", "00002_body"]) {
    const signed = await runAim(
      ["approve", "--as", "ada@example.com", "--key", "keys/ada", `migrations/${name}.sql`],
      { cwd: path },
    );
    assert.equal(signed.code, 0, signed.stderr);
  }
  assert.equal((await apply("--to", "1")).code, 0);
  const database = new DatabaseSync(join(path, "live.db"));
  database.exec("INSERT INTO notes (id) VALUES (7)");
  database.close();
  assert.equal((await apply()).code, 1);
  assert.equal(columns(), "id title");
  await writeFile(second, script("8"));
  const refused = await apply("--recover");
  assert.equal(refused.code, 1, refused.stdout);
  assert.match(refused.stderr, /00002_body is not approved[^]*the migration was edited since/);
  assert.equal((await sign("ada", "ada")).code, 0);
  const done = await apply("--recover");
  assert.equal(done.code, 0, done.stderr);
  assert.match((await apply()).stderr, /nothing to do/);
});

test("check names a new migration that lacks an approval, by the policy of the base branch", async () => {
  await using made = await project();
  const { path } = made;
  const files = {
    "aim.toml": 'engine = "sqlite"\nformat = "goose"\nlint = { drop-column = "off" }\n',
    "aim.policy.toml": POLICY,
    "schema.sql": "CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT, body TEXT);\n",
    "migrations/00001_notes.sql": await read(path, "migrations/00001_notes.sql"),
    "keys/allowed": await read(path, "keys/allowed"),
  };
  await using repo = await repository(files);
  const check = () => runAim(["check", "--json"], { cwd: repo.path });
  const key = join(path, "keys/ada");
  const sign = () =>
    runAim(["approve", "--as", "ada@example.com", "--key", key], { cwd: repo.path });
  await repo.commit({
    "schema.sql": "CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT);\n",
    "migrations/00002_body.sql": `-- aim:allow-file approval-missing I say so\n${SECOND}`,
  });
  const lacks = async (why: RegExp) => {
    const { code, stdout, stderr } = await check();
    assert.equal(code, 1, stderr);
    const found = JSON.parse(stdout).findings.filter((one: { code: string }) =>
      one.code === "approval-missing"
    );
    assert.equal(found.length, 1, stdout);
    assert.equal(found[0].place.file, "migrations/00002_body.sql");
    assert.match(found[0].message, why);
  };
  await lacks(/it needs 1 of dba \(destroys\)/);
  // Neither a policy nor a key of the branch itself helps it.
  await repo.commit({ "aim.policy.toml": "approvals = []\n" });
  await lacks(/it needs 1 of dba/);
  await repo.commit({ "aim.policy.toml": null });
  await lacks(/it needs 1 of dba/);
  await allow(path, [["bo@example.com", "eve"], ["ada@example.com", "eve"]]);
  const own = await read(path, "keys/allowed");
  await repo.commit({ "aim.policy.toml": POLICY, "keys/allowed": own });
  const eve = ["approve", "--as", "bo@example.com", "--key", join(path, "keys/eve")];
  assert.equal((await runAim(eve, { cwd: repo.path })).code, 0);
  await repo.commit({}, "eve's approval");
  await lacks(/bo@example\.com\.json does not count/);
  await repo.commit({ "migrations/00002_body.sql": SECOND });
  assert.equal((await sign()).code, 1, "the branch has another key for ada");
  const good = await check();
  assert.equal(good.code, 0, good.stdout + good.stderr);
  await repo.write({ "migrations/00002_body.sql": `${SECOND}-- edited\n` });
  await lacks(/the migration was edited since/);
  const hook = await runAim(["check", "--new"], { cwd: repo.path });
  assert.equal(hook.code, 0, hook.stdout + hook.stderr);
});

async function read(path: string, file: string): Promise<string> {
  return await readFile(join(path, file), "utf8");
}

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, readdir } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { program, temporaryFolder } from "../run_aim.ts";

const PROJECT = {
  "aim.toml": 'engine = "postgres"\n',
  "schema.sql": "CREATE TABLE users (id bigint PRIMARY KEY, name text);\n",
  "migrations/000001_users.up.sql": "CREATE TABLE users (id bigint PRIMARY KEY);\n",
  "migrations/000001_users.down.sql": "DROP TABLE users;\n",
};

/** Runs `aim generate` and sends a signal when stderr says so; gives the code and what was said. */
async function interruptAt(
  sign: RegExp | null,
  options: { readonly cwd: string; readonly temporary: string; readonly signal?: "SIGTERM" },
) {
  const [command = "", ...args] = [...program(), "generate"];
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, TMPDIR: options.temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const signal = options.signal ?? "SIGINT";
  let [said, sent] = ["", false];
  const listen = (text: string) => {
    said += text;
    if (sign === null || sent || !sign.test(said)) return;
    sent = true;
    child.kill(signal);
  };
  child.stderr.setEncoding("utf8").on("data", listen);
  child.stdout.resume();
  if (sign === null) setTimeout(() => child.kill(signal), 150);
  const code = await new Promise<number>((resolve) => {
    // Deno tells of a code above 128 as of the signal with that number.
    child.on("close", (code, name) => resolve(code ?? 128 + constants.signals[name ?? "SIGINT"]));
  });
  return { code, said };
}

for (const stage of ["start", "schema", "history", "plan"]) {
  test(`Ctrl-C after the stage "${stage}" leaves nothing behind`, async () => {
    await using folder = await temporaryFolder(PROJECT);
    const temporary = join(folder.path, "tmp");
    await mkdir(temporary);
    const sign = new RegExp(`^ {2}${stage} `, "m");
    const { code, said } = await interruptAt(sign, { cwd: folder.path, temporary });
    // A signal in the middle of a statement ends some hosts at once, without a word.
    assert.equal(code, 130, said);
    assert.deepEqual(await readdir(temporary), []);
    assert.equal((await readdir(join(folder.path, "migrations"))).length, 2);
  });
}

test("Ctrl-C at the very start, and SIGTERM, end the run too", async () => {
  await using folder = await temporaryFolder(PROJECT);
  const temporary = join(folder.path, "tmp");
  await mkdir(temporary);
  const options = { cwd: folder.path, temporary };
  const early = await interruptAt(null, options);
  assert.equal(early.code, 130, early.said);
  const terminated = await interruptAt(/^ {2}start /m, { ...options, signal: "SIGTERM" });
  assert.equal(terminated.code, 143, terminated.said);
  assert.deepEqual(await readdir(temporary), []);
});

/** What a run that was killed has left is ended by the next one, and nothing else is. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { processesNaming } from "../../src/host/processes.ts";
import { endLeftovers, registerStart } from "../../src/runtimes/leftovers/mod.ts";

const base = await mkdtemp(join(await realpath(tmpdir()), "aim-test-"));
process.env.XDG_STATE_HOME = join(base, "state");
const register = join(base, "state", "aim", "started");
test.after(() => rm(base, { recursive: true, force: true }));

/** A program of another run: it registers a folder, starts a process that works on it, says so and waits. */
async function otherRun(folder: string): Promise<{ kill(): Promise<void> }> {
  const script = `
    import { registerStart } from ${JSON.stringify(import.meta.resolve(MODULE))};
    import { spawn } from "node:child_process";
    import { mkdir } from "node:fs/promises";
    const folder = ${JSON.stringify(folder)};
    await registerStart({ kind: "server", folder });
    await mkdir(folder);
    const child = spawn("sh", ["-c", "sleep 600 & wait", folder], { detached: true, stdio: "ignore" });
    child.unref();
    console.log("started");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["run", "-A", "--no-check", "-"], {
    stdio: ["pipe", "pipe", "inherit"],
    cwd: join(import.meta.dirname ?? "", "../.."),
  });
  child.stdin.end(script);
  await new Promise<void>((resolve) => child.stdout.once("data", () => resolve()));
  return {
    kill: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGKILL");
      }),
  };
}

const MODULE = "../../src/runtimes/leftovers/mod.ts";

test("a server of a killed run is ended and its folder removed, that of a living one stays", async () => {
  const folder = join(base, "aim-server");
  const run = await otherRun(folder);
  assert.equal((await processesNaming(folder)).length, 1);
  assert.deepEqual(await endLeftovers(), []);
  assert.equal((await processesNaming(folder)).length, 1);
  await run.kill();
  const ended = await endLeftovers();
  assert.deepEqual(ended.map(({ what, problem }) => [what, problem]), [
    [`server in ${folder}`, null],
  ]);
  assert.deepEqual(await processesNaming(folder), []);
  assert.equal(existsSync(folder), false);
  assert.deepEqual(await readdir(register), []);
});

test("what a run has ended itself is nobody's task any more", async () => {
  const folder = join(base, "aim-own");
  const registration = await registerStart({ kind: "server", folder });
  assert.equal((await readdir(register)).length, 1);
  assert.deepEqual(await endLeftovers(), []);
  await registration.forget();
  assert.deepEqual(await readdir(register), []);
});

test("no folder is removed that is not called aim-*, whatever the register says", async () => {
  const precious = join(base, "precious");
  await mkdir(precious);
  await assert.rejects(registerStart({ kind: "server", folder: precious }), /not a folder of aim/);
  for (const folder of [precious, join(base, "aim-x", "..", "precious"), "aim-relative", "/"]) {
    const thing = { kind: "server", folder };
    const record = { pid: 999_999_999, host: (await import("node:os")).hostname(), thing };
    await writeFile(join(register, "1-0.json"), JSON.stringify({ ...record, started: null }));
    assert.deepEqual(await endLeftovers(), []);
  }
  assert.equal(existsSync(precious), true);
  await rm(join(register, "1-0.json"));
});

test("damaged records and those of other machines are left alone", async () => {
  const folder = join(base, "aim-elsewhere");
  await mkdir(folder);
  const thing = { kind: "server", folder };
  const elsewhere = { pid: 999_999_999, host: "another.example", started: null, thing };
  await writeFile(join(register, "1-1.json"), JSON.stringify(elsewhere));
  await writeFile(join(register, "1-2.json"), '{"pid": 1');
  await writeFile(join(register, "999999999-3.json.draft"), "");
  assert.deepEqual(await endLeftovers(), []);
  assert.equal(existsSync(folder), true);
  assert.deepEqual((await readdir(register)).sort(), ["1-1.json", "1-2.json"]);
});

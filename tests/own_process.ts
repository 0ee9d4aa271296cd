/** Tests that need other environment variables than the rest: the variables of a process are those of all that run in it. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { runtimeCache } from "./run_aim.ts";

/** Declares a test that runs the tests of a file in a process whose user's cache is a folder of its own. */
export function testApart(title: string, file: URL): void {
  test(title, async () => {
    const cache = await mkdtemp(join(tmpdir(), "aim-apart-"));
    try {
      const { code, said } = await run(fileURLToPath(file), {
        ...process.env,
        ...runtimeCache(),
        XDG_CACHE_HOME: cache,
      });
      assert.equal(code, 0, said);
      assert.match(said, /[1-9]\d* passed/);
    } finally {
      await rm(cache, { recursive: true, force: true });
    }
  });
}

function run(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, ["test", "-A", "--no-check", path], { env });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => said += text);
  child.stderr.setEncoding("utf8").on("data", (text: string) => said += text);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, said }));
  });
}

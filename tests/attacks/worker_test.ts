import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import process from "node:process";
import test from "node:test";
import { WORKER_OPTIONS } from "../../src/runtimes/worker/open_worker.ts";

const onDeno = { skip: !("deno" in process.versions) && "the host's threads have no permissions" };

test("the thread of an engine holds no handle of the machine", onDeno, async () => {
  const url = new URL("./worker_probe.ts", import.meta.url);
  const worker = new Worker(url, WORKER_OPTIONS as WorkerOptions);
  const endings = await new Promise<Record<string, string>>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  worker.terminate();
  assert.equal(Object.keys(endings).length, 9);
  for (const [attempt, ending] of Object.entries(endings)) {
    assert.match(ending, /NotCapable|PermissionDenied|Requires .* access|escalate/i, attempt);
  }
});

test("the settings of the project and of the build let threads be without permissions", async () => {
  const config = JSON.parse(await readFile(new URL("../../deno.json", import.meta.url), "utf8"));
  assert.ok(config.unstable.includes("worker-options"));
  assert.match(config.tasks.build, /--unstable-worker-options/);
});

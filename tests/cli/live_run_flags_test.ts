import assert from "node:assert/strict";
import { test } from "node:test";
import { Interrupted } from "../../src/cli/ask.ts";
import { unlessGivenUp } from "../../src/cli/live_run_flags.ts";
import type { Event } from "../../src/core/event.ts";

/** Runs something that asks, answers it, and then throws; gives what was said. */
async function saidBy(answer: Promise<boolean>, error: Error, isAborted = false) {
  const events: Event[] = [];
  const controller = new AbortController();
  if (isAborted) controller.abort();
  const around = { emit: (event: Event) => void events.push(event), signal: controller.signal };
  const run = unlessGivenUp(around, async (watch) => {
    await watch(answer);
    throw error;
  });
  await assert.rejects(run, (thrown) => thrown === error);
  return events;
}

const NOTHING = [{ type: "note", text: "Nothing was changed on the live database" }];

test("a run that is given up before it was agreed to says that nothing was changed", async () => {
  const gone = new Interrupted("at the question");
  assert.deepEqual(await saidBy(Promise.reject(gone), gone), NOTHING);
  assert.deepEqual(await saidBy(Promise.resolve(false), new Error("aborted"), true), NOTHING);
});

test("one that was agreed to, and an error, say nothing of the kind", async () => {
  assert.deepEqual(await saidBy(Promise.resolve(true), new Error("aborted"), true), []);
  assert.deepEqual(await saidBy(Promise.resolve(true), new Interrupted("later")), []);
  assert.deepEqual(await saidBy(Promise.resolve(false), new Error("no server")), []);
});

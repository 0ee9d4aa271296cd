/** The program of a binary. It is one file for all threads: that of a scratch engine begins here as well. */

import process from "node:process";
import { isMainThread } from "node:worker_threads";
import { beginAhead } from "./src/runtimes/worker/ahead.ts";
import { bundledAs } from "./src/runtimes/worker/open_worker.ts";

/** Milliseconds after which a run is not a short one. */
const SHORT = 500;

/** A binary of Bun begins with a compiler that is slow to act, since most of what a short run does is done once. */
const bun = (globalThis as { Bun?: { unsafe: { setJITPolicy(scale: number): void } } }).Bun;
if (bun !== undefined) setTimeout(() => bun.unsafe.setJITPolicy(1), SHORT).unref();

if (isMainThread && !("WorkerGlobalScope" in globalThis)) {
  bundledAs(import.meta.url);
  await beginAhead(process.argv.slice(2), process.env);
  await import("./main.ts");
} else {
  await import("./src/runtimes/worker/entry.ts");
}

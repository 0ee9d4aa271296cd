/** The program of a binary. It is one file for all threads: that of a scratch engine begins here as well. */

import { isMainThread } from "node:worker_threads";
import { bundledAs } from "./src/runtimes/worker/open_worker.ts";

if (isMainThread && !("WorkerGlobalScope" in globalThis)) {
  bundledAs(import.meta.url);
  await import("./main.ts");
} else {
  await import("./src/runtimes/worker/entry.ts");
}

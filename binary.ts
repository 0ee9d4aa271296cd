/** The program of a binary. It is one file for all threads: that of a scratch engine begins here as well. */

import { isMainThread } from "node:worker_threads";

if (isMainThread && !("WorkerGlobalScope" in globalThis)) await import("./main.ts");
else await import("./src/runtimes/worker/entry.ts");

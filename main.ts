import process from "node:process";
import { isMainThread } from "node:worker_threads";

// A bundle is one program for both: the thread of a scratch engine begins here as well.
if (isMainThread && !("WorkerGlobalScope" in globalThis)) {
  const { run } = await import("./src/cli/run.ts");
  process.exit(await run(process.argv.slice(2)));
} else {
  await import("./src/runtimes/worker/entry.ts");
}

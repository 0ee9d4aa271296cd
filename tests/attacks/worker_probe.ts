/** What a hostile engine would try: run in a thread like that of an engine, it tells how each attempt ended. */

import process from "node:process";

const ATTEMPTS: Readonly<Record<string, () => unknown>> = {
  "read a file": () => process.getBuiltinModule("node:fs").readFileSync("/etc/hostname"),
  "write a file": () =>
    process.getBuiltinModule("node:fs").writeFileSync("/tmp/aim-must-not-be", "x"),
  "list a folder": () => process.getBuiltinModule("node:fs").readdirSync("/"),
  "read the environment": () => process.env.HOME,
  "ask another machine": () => fetch("http://127.0.0.1:9999/"),
  "open a connection": () =>
    new Promise((resolve, reject) => {
      const socket = process.getBuiltinModule("node:net").connect(9999, "127.0.0.1");
      socket.on("connect", resolve).on("error", reject);
    }),
  "run a program": () => process.getBuiltinModule("node:child_process").execFileSync("id"),
  "load code from a file": () => import(String("file:///etc/hostname")),
  "open a thread with rights": () =>
    new Worker(import.meta.url, {
      type: "module",
      deno: { permissions: { read: true } },
    } as WorkerOptions),
};

const endings: Record<string, string> = {};
for (const [name, attempt] of Object.entries(ATTEMPTS)) {
  try {
    await attempt();
    endings[name] = "done";
  } catch (error) {
    endings[name] = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}
(globalThis as unknown as { postMessage(message: unknown): void }).postMessage(endings);

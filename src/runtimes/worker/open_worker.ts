/** Opens the thread of a scratch engine: with Deno a worker that may do nothing, elsewhere a plain one that can be ended. */

import process from "node:process";
import type { EngineName } from "./messages.ts";

/** A worker as both hosts have it. */
export interface EngineWorker {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: { readonly message: string; preventDefault?(): void }) => void) | null;
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  terminate(): void;
}

/** Opens it for one engine. */
export function openWorker(engine: EngineName): EngineWorker {
  const found = ahead;
  ahead = null;
  return found ?? openAt(entryOf(engine));
}

/** Opens one before it is known for which engine, in a program of one file. */
export function openAhead(): void {
  if (bundle !== null) ahead ??= openAt(bundle);
}

function openAt(url: string): EngineWorker {
  const open = Worker as unknown as new (url: string, options: object) => EngineWorker;
  return new open(url, WORKER_OPTIONS);
}

let ahead: EngineWorker | null = null;

const IS_DENO = "deno" in process.versions;

/** With Deno a thread can be forbidden every file, address, variable and program. */
export const WORKER_OPTIONS: object = {
  type: "module",
  ...(IS_DENO ? { deno: { permissions: "none" } } : {}),
};

/** Says that all modules are in one file, at this address; its main module sees by itself that it is not on the main thread. */
export function bundledAs(url: string): void {
  bundle = url;
}

/** True in a program of one file, whose threads find all modules in it. */
export function isBundled(): boolean {
  return bundle !== null;
}

let bundle: string | null = null;

/** From source a module that loads nothing else. */
function entryOf(engine: EngineName): string {
  return bundle ?? ENTRIES[engine]().href;
}

const ENTRIES: Readonly<Record<EngineName, () => URL>> = {
  "pglite": () => new URL("./pglite_entry.ts", import.meta.url),
  "sql.js": () => new URL("./sqljs_entry.ts", import.meta.url),
  "node:sqlite": () => new URL("./node_sqlite_entry.ts", import.meta.url),
};

/** Opens the thread of a scratch engine: with Deno a worker that may do nothing, elsewhere a plain one that can be ended. */

import process from "node:process";
import { pathToFileURL } from "node:url";
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
  const options = { type: "module", ...(IS_DENO ? { deno: { permissions: "none" } } : {}) };
  const open = Worker as unknown as new (url: string, options: object) => EngineWorker;
  return new open(entryOf(engine), options);
}

const IS_DENO = "deno" in process.versions;

/** From source a module that loads nothing else; in a bundle the program itself, whose main module sees that it is not the main thread. */
function entryOf(engine: EngineName): string {
  if (import.meta.url.endsWith(SOURCE)) return ENTRIES[engine]().href;
  if (IS_DENO) return import.meta.url;
  return pathToFileURL(process.argv[1] ?? "").href;
}

const ENTRIES: Readonly<Record<EngineName, () => URL>> = {
  "pglite": () => new URL("./pglite_entry.ts", import.meta.url),
  "sql.js": () => new URL("./sqljs_entry.ts", import.meta.url),
  "node:sqlite": () => new URL("./node_sqlite_entry.ts", import.meta.url),
};

const SOURCE = "/src/runtimes/worker/open_worker.ts";

/** Opens the thread of a scratch engine: with Deno a worker that may do nothing, elsewhere a plain one that can be ended. */

import process from "node:process";
import { pathToFileURL } from "node:url";

/** A worker as both hosts have it. */
export interface EngineWorker {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: { readonly message: string; preventDefault?(): void }) => void) | null;
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  terminate(): void;
}

/** Opens it. */
export function openWorker(): EngineWorker {
  const options = { type: "module", ...(IS_DENO ? { deno: { permissions: "none" } } : {}) };
  const open = Worker as unknown as new (url: string, options: object) => EngineWorker;
  return new open(entryOfWorker(), options);
}

const IS_DENO = "deno" in process.versions;

/** From source a module of its own; in a bundle the program itself, which tells by `isEngineThread` what it is there for. */
function entryOfWorker(): string {
  if (import.meta.url.endsWith(SOURCE)) return new URL("./entry.ts", import.meta.url).href;
  if (IS_DENO) return import.meta.url;
  return pathToFileURL(process.argv[1] ?? "").href;
}

const SOURCE = "/src/runtimes/worker/open_worker.ts";

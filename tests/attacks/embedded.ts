/** A backend of the embedded Postgres whose walls can be taken down one at a time. */

import { Backend } from "../../src/runtimes/pglite/backend.ts";
import { Cancellation } from "../../src/runtimes/pglite/cancellation.ts";
import { unpackTree } from "../../src/runtimes/pglite/data_directory.ts";
import { LibraryGate } from "../../src/runtimes/pglite/library_gate.ts";
import { MemoryBudget } from "../../src/runtimes/pglite/memory_budget.ts";
import {
  pgliteFiles,
  pgliteProgram,
  readCluster,
  readManifest,
} from "../../src/runtimes/pglite/parts.ts";
import { queryMessage } from "../../src/runtimes/postgres_wire/messages.ts";

/** What a test changes of a backend. */
export interface Openings {
  /** Hashes that are known besides those of the embedded libraries. */
  readonly known?: readonly string[];
  /** Lets SQL call the functions that reach files. */
  readonly functions?: boolean;
  /** Files that are there, by absolute path. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
}

/** A backend, and what a statement's error says there: null when there is none. */
export interface Embedded {
  refusal(sql: string): string | null;
}

/** Boots a backend on the prepared cluster. */
export async function startEmbedded(openings: Openings = {}): Promise<Embedded> {
  const manifest = await readManifest();
  const backend = await Backend.start({
    parts: {
      wasm: pgliteProgram.take(),
      files: await pgliteFiles.take(),
      gate: new LibraryGate(new Set([...manifest.libraries, ...openings.known ?? []])),
    },
    extraFiles: openings.files ?? new Map(),
    libraries: ["plpgsql", "dict_snowball"],
    refused: openings.functions === true ? [] : manifest.refused,
    cancellation: new Cancellation(),
    budget: new MemoryBudget(),
    keepsLog: false,
    tree: unpackTree(await readCluster()),
  });
  return {
    refusal: (sql) => backend.send(queryMessage(sql)).error?.M ?? null,
  };
}

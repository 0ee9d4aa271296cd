/** A backend that is warmed up on this thread, where nothing else runs in it: what the image is made of. */

import type { WarmUp } from "../runtime.ts";
import type { Backend } from "./backend.ts";
import { bootBackend } from "./boot.ts";
import { Cancellation } from "./cancellation.ts";
import { unpackTree } from "./data_directory.ts";
import { PgliteDatabase } from "./database.ts";
import { LibraryGate } from "./library_gate.ts";
import { MemoryBudget } from "./memory_budget.ts";
import { pgliteFiles, pgliteProgram, readCluster, readManifest } from "./parts.ts";
import { LocalSession } from "./session.ts";
import { ImageStates } from "./states.ts";

/** Boots it on the prepared cluster and leaves it idle. */
export async function bootWarm(warmUp: WarmUp): Promise<Backend> {
  const { libraries, refused } = await readManifest();
  const gate = new LibraryGate(new Set(libraries));
  const options = {
    parts: { wasm: pgliteProgram.take(), files: await pgliteFiles.take(), gate },
    extraFiles: new Map(),
    refused,
    cancellation: new Cancellation(),
    budget: new MemoryBudget(),
    keepsLog: false,
  };
  const backend = await bootBackend(options, unpackTree(await readCluster()));
  await using database = new PgliteDatabase(new LocalSession(new ImageStates(backend)));
  await warmUp.run(database);
  return backend;
}

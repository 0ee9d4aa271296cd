/** What a backend is made from: the program, the files of a prepared cluster, and what is known of them. */

import { asset } from "../../host/assets.ts";
import { Begun } from "../begun.ts";
import { FILES, type Manifest, pgliteAssets } from "./recipe.ts";
import { shareMemory } from "./shared_memory.ts";
import { unpacked } from "./unpacked.ts";

/** Reads what extensions and libraries there are. */
export async function readManifest(): Promise<Manifest> {
  return JSON.parse(new TextDecoder().decode(await asset(pgliteAssets, FILES.manifest)));
}

/** Compiling goes on in other threads, while this one reads the rest. */
export const pgliteProgram: Begun<Uint8Array<ArrayBuffer>, WebAssembly.Module> = new Begun(
  () => asset(pgliteAssets, FILES.wasm),
  async (packed) => await WebAssembly.compile(shareMemory(await unpacked(packed, 10))),
);

/** PGlite's packed files: libraries, time zones, dictionaries. */
export const pgliteFiles: Begun<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> = new Begun(
  () => asset(pgliteAssets, FILES.files),
  (packed) => unpacked(packed, 7),
);

/** Reads the archive of the prepared cluster. */
export async function readCluster(): Promise<Uint8Array<ArrayBuffer>> {
  return await unpacked(await asset(pgliteAssets, FILES.cluster), 10);
}

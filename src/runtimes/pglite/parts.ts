/** What a backend is made from: the program, the files of a prepared cluster, and what is known of them. */

import { asset } from "../../host/assets.ts";
import { FILES, type Manifest, pgliteAssets } from "./recipe.ts";
import { shareMemory } from "./shared_memory.ts";
import { unpacked } from "./unpacked.ts";

/** Reads what extensions and libraries there are. */
export async function readManifest(): Promise<Manifest> {
  return JSON.parse(new TextDecoder().decode(await asset(pgliteAssets, FILES.manifest)));
}

/** Compiling goes on in other threads, while this one reads the rest. */
export function compile(): Promise<WebAssembly.Module> {
  const wasm = asset(pgliteAssets, FILES.wasm).then((bytes) => unpacked(bytes, 10))
    .then((bytes) => WebAssembly.compile(shareMemory(bytes)));
  // Whoever waits for it hears of a failure.
  wasm.catch(() => {});
  return wasm;
}

/** Reads PGlite's packed files: libraries, time zones, dictionaries. */
export async function readFiles(): Promise<Uint8Array<ArrayBuffer>> {
  return await unpacked(await asset(pgliteAssets, FILES.files), 7);
}

/** Reads the archive of the prepared cluster. */
export async function readCluster(): Promise<Uint8Array<ArrayBuffer>> {
  return await unpacked(await asset(pgliteAssets, FILES.cluster), 10);
}

/** What a backend is made from: the program, the files of a prepared cluster, and what is known of them. */

import { zstdDecompressSync } from "node:zlib";
import { asset } from "../../host/assets.ts";
import { FILES, type Manifest, pgliteAssets } from "./recipe.ts";
import { shareMemory } from "./shared_memory.ts";

/** Reads what extensions and libraries there are. */
export async function readManifest(): Promise<Manifest> {
  return JSON.parse(new TextDecoder().decode(await asset(pgliteAssets, FILES.manifest)));
}

/** Compiling goes on in other threads, while this one reads the rest. */
export function compile(): Promise<WebAssembly.Module> {
  const wasm = asset(pgliteAssets, FILES.wasm).then((bytes) =>
    WebAssembly.compile(shareMemory(bytes))
  );
  // Whoever waits for it hears of a failure.
  wasm.catch(() => {});
  return wasm;
}

/** Reads the archive of the prepared cluster. */
export async function readCluster(): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = zstdDecompressSync(await asset(pgliteAssets, FILES.cluster));
  return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);
}

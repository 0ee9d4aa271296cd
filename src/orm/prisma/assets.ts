/** The WebAssembly of Prisma's schema engine, as a file that aim embeds. */

import { readFile, writeFile } from "node:fs/promises";
import { constants, zstdCompressSync } from "node:zlib";
import { type AssetGroup, packageFile, packagePath } from "../../host/assets.ts";

/** The version that deno.json names; the file is its. */
const VERSION = "8.1.0-2.59be4fda12412a79eeb9c2ae727b6aa723593323";

const PACKAGE = "@prisma/schema-engine-wasm";

/** Name of the file in the group, compressed with zstd. */
export const PRISMA_WASM = "schema_engine.bin";

/** Its file. */
export const prismaAssets: AssetGroup = {
  name: "prisma",
  key: VERSION.slice(0, 15),
  make,
};

async function make(folder: string): Promise<void> {
  const installed = JSON.parse(await readFile(packagePath(`${PACKAGE}/package.json`), "utf8"));
  if (installed.version !== VERSION) {
    throw new Error(`${PACKAGE} ${installed.version} is installed, not ${VERSION}`);
  }
  const bytes = await packageFile(`${PACKAGE}/schema_engine_bg.wasm`);
  const params = { [constants.ZSTD_c_compressionLevel]: 19 };
  await writeFile(`${folder}/${PRISMA_WASM}`, zstdCompressSync(bytes, { params }));
}

/** The image that a process starts from: a backend that has booted and warmed up, kept as a file beside the other assets. */

import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { constants, zstdCompressSync } from "node:zlib";
import { asset, type AssetGroup } from "../../host/assets.ts";
import type { WarmUp } from "../runtime.ts";
import type { Backend } from "./backend.ts";
import { damagedImage, packImage } from "./image_file.ts";
import { pgliteAssets } from "./recipe.ts";
import { unpacked } from "./unpacked.ts";
import { START_PARAMETERS } from "./start_parameters.ts";

/** Boots a backend on the prepared cluster, warms it up and leaves it idle. */
export type BootWarm = (warmUp: WarmUp) => Promise<Backend>;

/** Raise it when what an image holds changes without a change of PGlite or of the warm-up. */
const REVISION = 6;
const FILE = "image.bin";

/** The one file of a warmed-up backend without extensions. */
export function imageAssets(warmUp: WarmUp, boot: BootWarm): AssetGroup {
  const recipe = [REVISION, pgliteAssets.key, warmUp.key, ...START_PARAMETERS].join(" ");
  return {
    name: "pgimage",
    key: createHash("sha256").update(recipe).digest("hex").slice(0, 8),
    async make(folder) {
      const backend = await boot(warmUp);
      const packed = packImage(backend.capture());
      const params = { [constants.ZSTD_c_compressionLevel]: 12 };
      await writeFile(`${folder}/${FILE}`, zstdCompressSync(packed, { params }));
    },
  };
}

/** Reads the image's bytes, for `unpackImage`; it is made first when it is missing and can be made. Throws SetupError for a damaged one. */
export async function readImage(group: AssetGroup): Promise<Uint8Array<ArrayBuffer>> {
  const packed = await asset(group, FILE);
  try {
    return await unpacked(packed, MEGABYTES);
  } catch (error) {
    throw damagedImage(
      error instanceof Error ? error.message : String(error),
      imageAdvice(group),
    );
  }
}

/** What to do about an image that is damaged. */
export function imageAdvice(group: AssetGroup): string {
  return `Remove "assets/${group.name}-${group.key}" and run aim again, or reinstall it`;
}

/** More than an image has, which is 38. */
const MEGABYTES = 44;

/** DDL that a command gave, kept in the user's cache by all that it was made of. */

import { createHash } from "node:crypto";
import { KeptFiles } from "../../host/kept_files.ts";
import type { ModelFile } from "./model_files.ts";

/** Changes whenever the same input gives other DDL. */
const FORMAT = 3;

const kept = new KeptFiles("orm", { files: 40, bytes: 64 * 1024 ** 2 });

/** The name under which the DDL of this very input is kept. `input` is plain data. */
export function cacheKey(input: unknown, files: readonly ModelFile[]): string {
  const hash = createHash("sha256").update(JSON.stringify([FORMAT, input]));
  for (const { path, bytes } of files) {
    hash.update(JSON.stringify([path, bytes.length])).update(bytes);
  }
  return hash.digest("hex");
}

/** The DDL of a key; null where it is not kept. */
export async function cachedDdl(key: string): Promise<string | null> {
  const bytes = await kept.read(key);
  return bytes === null ? null : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** Keeps DDL; where that does not work the command is run again the next time. */
export async function keepDdl(key: string, text: string): Promise<void> {
  await kept.write(key, new TextEncoder().encode(text));
}

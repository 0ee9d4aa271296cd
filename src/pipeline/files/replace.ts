/** A file of the project put in place whole, or left as it was. */

import { randomBytes } from "node:crypto";
import { mkdir, realpath, rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../core/error.ts";

/** Writes `name` in a folder; a link keeps pointing where it did. Throws UsageError when it cannot be written. */
export async function replaceFile(folder: string, name: string, text: string): Promise<void> {
  const target = await realpath(join(folder, name)).catch(() => join(folder, name));
  const staged = `${target}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(staged, text, { flag: "wx" });
    await rename(staged, target);
  } catch (error) {
    await unlink(staged).catch(() => {});
    throw new UsageError(
      `Cannot write "${join(folder, name)}": ${error instanceof Error ? error.message : error}`,
      { code: "write", hint: "nothing was changed", cause: error },
    );
  }
}

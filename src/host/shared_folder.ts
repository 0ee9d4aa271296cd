/** Folders that another user must be able to read, whatever the mask of this process. */

import { chmod, mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** Makes a folder and those above it that are missing; everybody may enter those that it makes. */
export async function makeSharedFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  const top = dirname(resolve(first));
  for (let made = resolve(path); made !== top; made = dirname(made)) await chmod(made, 0o755);
}

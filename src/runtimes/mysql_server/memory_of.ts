/** How much memory a process has, where the system tells. */

import { readFile } from "node:fs/promises";

/** Bytes of a process that are its own; 0 where nobody knows. */
export async function memoryOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/statm`, "utf8").catch(() => "");
  const [, resident = "0", shared = "0"] = text.split(" ");
  return (Number(resident) - Number(shared)) * PAGE;
}

const PAGE = 4096;

/** The pairs of schemas in a corpus folder. */

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** A pair of schemas, as one line of `<dialect>.jsonl` has it. */
export interface Row {
  readonly source: string;
  readonly name: string;
  /** Absent for an empty schema. */
  readonly current?: string;
  /** Absent for an empty schema. */
  readonly desired?: string;
  /** Run before both. */
  readonly setup?: string;
  /** Roles that must exist before both. */
  readonly roles?: readonly string[];
  /** The author's answers: `public.users.name->public.users.full_name`. */
  readonly renames?: readonly string[];
}

/** Reads the pairs for a dialect; none when the folder has no file for it. */
export async function readRows(folder: string, dialect: string): Promise<readonly Row[]> {
  const path = join(folder, `${dialect}.jsonl`);
  if (!await stat(path).then(() => true, () => false)) return [];
  const text = await readFile(path, "utf8");
  return text.split("\n").filter((line) => line.trim() !== "").map((line) => JSON.parse(line));
}

/** One side of a pair as a script. */
export function scriptOf(row: Row, side: "current" | "desired"): string {
  const roles = (row.roles ?? []).map((role) => `CREATE ROLE "${role.replaceAll('"', '""')}";\n`);
  return [...roles, row.setup ?? "", row[side] ?? ""].filter((part) => part !== "").join("\n");
}

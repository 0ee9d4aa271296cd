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

/** Reads the pairs for a dialect: from `<dialect>.jsonl`, or both directions of the files that `pairs.json` names. */
export async function readRows(folder: string, dialect: string): Promise<readonly Row[]> {
  if (await exists(join(folder, "pairs.json"))) return await readPairs(folder, dialect);
  const path = join(folder, `${dialect}.jsonl`);
  if (!await exists(path)) return [];
  const text = await readFile(path, "utf8");
  return text.split("\n").filter((line) => line.trim() !== "").map((line) => JSON.parse(line));
}

/** One side of a pair as a script. */
export function scriptOf(row: Row, side: "current" | "desired"): string {
  const roles = (row.roles ?? []).map((role) => `CREATE ROLE "${role.replaceAll('"', '""')}";\n`);
  return [...roles, row.setup ?? "", row[side] ?? ""].filter((part) => part !== "").join("\n");
}

interface Pair {
  readonly name: string;
  readonly engine: string;
  readonly before: string;
  readonly after: string;
}

async function readPairs(folder: string, dialect: string): Promise<readonly Row[]> {
  const pairs: readonly Pair[] = JSON.parse(await readFile(join(folder, "pairs.json"), "utf8"));
  const rows: Row[] = [];
  for (const { name: source, engine, before, after } of pairs) {
    // Dumps of MySQL load on MariaDB as well.
    if (engine !== dialect && !(engine === "mysql" && dialect === "mariadb")) continue;
    const read = (file: string) => readFile(join(folder, source, file), "utf8");
    const [old, now] = await Promise.all([read(before), read(after)]);
    rows.push({ source, name: `${before} forth`, current: old, desired: now });
    rows.push({ source, name: `${before} back`, current: now, desired: old });
  }
  return rows;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}

/** aim.stats.toml: how much the tables of production hold. */

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseToml } from "../../config/toml.ts";
import { UsageError } from "../../core/error.ts";
import type { TableSize } from "../../core/estimate.ts";

/** Its name, beside aim.toml. */
const STATS_FILE = "aim.stats.toml";

const MOST_BYTES = 16 * 1024 ** 2;

/** Sizes by the names of tables; null where there is no such file. Throws UsageError, with the place, for one that cannot be read. */
export async function readTableSizes(
  root: string,
): Promise<ReadonlyMap<string, TableSize> | null> {
  const path = join(root, STATS_FILE);
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  if (!found.isFile() || found.size > MOST_BYTES) {
    throw new UsageError(`Cannot read ${STATS_FILE}: it is no file of at most 16 MB`, {
      code: "stats-file",
      hint: "`aim stats` writes it",
    });
  }
  const { values } = await parseToml(STATS_FILE, await readFile(path, "utf8"));
  const { tables = {} } = values;
  if (!isRecord(tables)) throw wrong("tables");
  const sizes = new Map<string, TableSize>();
  for (const [name, size] of Object.entries(tables)) {
    if (!isRecord(size)) throw wrong(name);
    const { rows, bytes } = size;
    if (rows === undefined) continue;
    if (!isCount(rows) || (bytes !== undefined && !isCount(bytes))) throw wrong(name);
    sizes.set(name, { rows: Number(rows), bytes: bytes === undefined ? null : Number(bytes) });
  }
  return sizes;
}

function wrong(name: string): UsageError {
  return new UsageError(`Cannot read ${STATS_FILE}: "${name}" has no numbers of rows and bytes`, {
    code: "stats-file",
    hint: '[tables."public.users"] with rows = 1000 and bytes = 65536; `aim stats` writes it',
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number | bigint {
  return (typeof value === "number" || typeof value === "bigint") && value >= 0;
}

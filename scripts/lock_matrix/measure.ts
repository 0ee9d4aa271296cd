/** One statement, measured and taken back. */

import type { MeasuredStatement } from "../../src/core/measured.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";

/** What a statement does, in words: `p:ShareRowExclusive;t:AccessExclusive | scan t`; or why it fails. */
export async function measureOne(database: ScratchDatabase, sql: string): Promise<string> {
  const measuring = await postgres.measure?.(database);
  await database.exec("BEGIN");
  try {
    const [statement] = postgres.split(sql);
    if (measuring === undefined || statement === undefined) return "not measured";
    await measuring.begin(statement);
    await database.exec(sql);
    return words(await measuring.end(statement));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await database.exec("ROLLBACK");
  }
}

/** `p:ShareRowExclusive;t:AccessExclusive | scan t`. */
function words({ locks, rewrites, scans, builds }: MeasuredStatement): string {
  const bare = (name: string) => name.replace(/^public\./, "");
  const held = locks.filter(({ mode }) => mode !== "AccessShareLock")
    .map(({ relation, mode }) => `${bare(relation)}:${mode.replace(/Lock$/, "")}`)
    .sort((a, b) => a.slice(0, a.indexOf(":")) < b.slice(0, b.indexOf(":")) ? -1 : 1);
  const effect = rewrites.length > 0
    ? `REWRITE ${rewrites.map(bare).join(",")}`
    : scans.length > 0
    ? `scan ${scans.map(bare).join(",")}`
    : builds.length > 0
    ? "idx rebuild"
    : "meta";
  return `${held.join(";")} | ${effect}`;
}

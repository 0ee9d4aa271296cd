/** `aim stats`: how much each table of a live database holds. */

import { basename, dirname } from "node:path";
import type { TableStats } from "../../engines/live.ts";
import { wildcard } from "../../text/wildcard.ts";
import { replaceFile } from "../files/replace.ts";
import { ignored, type Project } from "../project.ts";
import { type LiveAddress, type OpenLive, openLive, reached } from "./open_live.ts";

/** What was counted. */
export interface StatsOutcome {
  readonly tables: readonly TableStats[];
  readonly database: string;
  readonly version: string;
  readonly notes: readonly string[];
}

/** Asks for the counts that the server keeps; no row is looked at where it keeps them. */
export async function stats(project: Project, address: LiveAddress): Promise<StatsOutcome> {
  await using opened = await openLive(project, address);
  return await countsOf(opened);
}

/** The counts of a database that is open. */
export async function countsOf({ live, project }: OpenLive): Promise<StatsOutcome> {
  const left = ignored(project).ignoreTables.map(wildcard);
  const tables = await reached(() => live.stats());
  return {
    tables: tables.filter(({ name }) => {
      const bare = name.slice(name.indexOf(".") + 1);
      return !left.some((matches) => matches(name) || matches(bare));
    }),
    database: live.shown,
    version: live.version,
    notes: [...project.notes],
  };
}

/** The counts as `aim.stats.toml` has them. */
export function statsToml({ tables, database }: StatsOutcome): string {
  const parts = tables.map(({ name, rows, bytes }) =>
    [
      `[tables.${JSON.stringify(name)}]`,
      ...(rows === null ? [] : [`rows = ${rows}`]),
      ...(bytes === null ? [] : [`bytes = ${bytes}`]),
    ].join("\n")
  );
  return `# How much the tables hold, by aim stats: ${
    JSON.stringify(database)
  }. No row is in here.\n\n${parts.join("\n\n")}\n`;
}

/** Puts them in place, whatever was there before. Throws UsageError when that cannot be. */
export async function writeStats(file: string, text: string): Promise<void> {
  await replaceFile(dirname(file), basename(file), text);
}

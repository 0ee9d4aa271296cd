/** What lint says of an accident, on its own schema and rows. */

import { loadConfig } from "../../src/config/config.ts";
import type { Finding } from "../../src/core/finding.ts";
import type { Migration } from "../../src/formats/format.ts";
import { lintOn, openProject, type Sources, startServer } from "../../src/pipeline/mod.ts";
import type { Accident } from "./accidents.ts";

/** The findings about the migration, the gravest first. */
export async function findingsOf(
  { engine, setup, sql, outside }: Accident,
): Promise<readonly Finding[]> {
  const { config } = await loadConfig({
    folder: "/",
    flags: { engine: [engine], format: ["migrate"] },
    variables: {},
  });
  const project = await openProject(config, {
    emit: () => {},
    signal: new AbortController().signal,
    anyVersion: true,
  });
  const migrations = [setup, sql].map((text, at): Migration => ({
    version: String(at + 1),
    name: at === 0 ? "schema" : "accident",
    up: { file: `${at + 1}.sql`, text, transaction: outside && at === 1 ? "none" : "auto" },
    down: null,
    files: [`${at + 1}.sql`],
  }));
  const sources: Sources = { schema: [], files: [], history: { migrations, notes: [] } };
  await using server = await startServer(project, sources);
  const { findings } = await lintOn(project, server, sources, { selection: { latest: 1 } });
  return findings;
}

/** Their codes. */
export async function codesOfExample(accident: Accident): Promise<readonly string[]> {
  return (await findingsOf(accident)).map(({ code }) => code);
}

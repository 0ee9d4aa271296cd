/** A scratch server on which the schema of a live database can be made again. */

import type { Snapshot } from "../../core/snapshot.ts";
import type { Server } from "../../runtimes/runtime.ts";
import { planOfAll } from "../plan/fresh_plan.ts";
import { isExact, note, type Project } from "../project.ts";
import { startServer } from "../serve.ts";
import type { Sources } from "../sources.ts";

/** The sources beside a live database: what no migration makes and it had from its beginning comes before all of them. */
export async function besideLive(
  { engine }: Project,
  sources: Sources,
  snapshot: Snapshot,
): Promise<Sources> {
  const text = (await engine.live?.())?.prelude?.(snapshot) ?? "";
  if (text === "") return sources;
  return {
    ...sources,
    before: [{ path: "live database", text: `${text};\n` }, ...sources.before ?? []],
  };
}

/** Starts one that has the extensions of the snapshot and of the files. */
export async function startScratch(
  project: Project,
  snapshot: Snapshot,
  sources: Partial<Sources> = {},
): Promise<Server> {
  const { engine } = project;
  const text = planOfAll(project, snapshot).map(({ sql }) => `${sql};\n`).join("");
  const server = await startServer(project, {
    files: [],
    history: { migrations: [], notes: [] },
    ...sources,
    schema: [...sources.schema ?? [], { path: "live.sql", text }],
  });
  if (!isExact(project, server.version)) {
    const { version } = project;
    note(
      project,
      `The live database is ${engine.dialect} ${version}, the scratch one ${server.version}: they may print the same view otherwise; \`aim runtime add ${engine.dialect}-${version}\` fetches that version`,
    );
  }
  return server;
}

/** A snapshot of one dialect as a schema of another, loaded there and compared with what was meant. */

import { UsageError } from "../../core/error.ts";
import { lastName } from "../../core/name.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { compareSchemas, type Unlike } from "../../engines/convert/compare.ts";
import type { Converting } from "../../engines/convert/converting.ts";
import type { ConversionNote, NeutralSchema } from "../../engines/convert/neutral.ts";
import { Notes } from "../../engines/convert/notes.ts";
import type { Engine } from "../../engines/engine.ts";
import type { ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import type { Project } from "../project.ts";
import { loadConverted } from "./load_converted.ts";
import { runScript } from "../scratch/run_script.ts";
import { inspect } from "../scratch/snapshot.ts";

/** A schema of the target. */
export interface Converted {
  readonly text: string;
  readonly source: NeutralSchema;
  /** As it was read back from the target. */
  readonly found: NeutralSchema;
  readonly foundSnapshot: Snapshot;
  readonly notes: readonly ConversionNote[];
  /** What is not there as it was meant; none where all is. */
  readonly unlike: readonly Unlike[];
}

/** Loads how schemas of an engine are converted. Throws UsageError where they are not. */
export async function convertingOf({ converting, dialect }: Engine): Promise<Converting> {
  if (converting !== undefined) return await converting();
  throw new UsageError(`Cannot convert schemas of ${dialect}`, { code: "convert" });
}

/** Converts a snapshot of `from` to the dialect of `project`, on a server of its own. */
export async function convertSnapshot(
  snapshot: Snapshot,
  from: Engine,
  { project, server }: { readonly project: Project; readonly server: Server },
): Promise<Converted> {
  const converting = await convertingOf(project.engine);
  const read = (await convertingOf(from)).read(snapshot);
  const adapted = converting.adapt(read.schema);
  const notes = new Notes();
  const { signal } = project;
  const { statements, schema: meant } = await (async () => {
    await using database = await server.create();
    return await loadConverted(database, adapted.schema, { converting, notes, signal });
  })();
  const text = statements.map((statement) => `${converting.terminated(statement)}\n`).join("\n");
  await using database = await server.create();
  await runConverted(project, database, text);
  const foundSnapshot = await inspect(project, database);
  const { schema: found, notes: unread } = converting.read(foundSnapshot);
  const named = (kind: string) =>
    [...foundSnapshot.objects.values()].filter((one) => one.kind === kind)
      .map(({ name }) => lastName(name));
  return {
    text,
    source: read.schema,
    found,
    foundSnapshot,
    notes: [...read.notes, ...adapted.notes, ...notes.all],
    unlike: compareSchemas(meant, {
      schema: found,
      unread,
      views: named("view"),
      triggers: named("trigger"),
    }),
  };
}

/** Runs the DDL of a conversion as its client would. */
export async function runConverted(
  { engine, signal }: Project,
  database: ScratchDatabase,
  text: string,
): Promise<void> {
  const options = { engine, emit: () => {}, signal, folder: "", note: () => {} };
  await runScript(database, { file: "schema.sql", text, transaction: "auto" }, options);
}

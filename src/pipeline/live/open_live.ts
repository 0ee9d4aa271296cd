/** The database that people use, opened for a command. */

import { DatabaseError, SetupError, UsageError } from "../../core/error.ts";
import type { LiveDatabase } from "../../engines/live.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { ignored, note, type Project } from "../project.ts";
import { summary } from "../scratch/snapshot.ts";

/** Where it is. */
export interface LiveAddress {
  /** As the user gave it; it may hold a password. */
  readonly url: string;
  /** Variables that fill in what it leaves out. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Whether owners and privileges count. */
  readonly privileges?: boolean;
}

/** It, and the project as it is to be worked on beside it. */
export interface OpenLive extends AsyncDisposable {
  readonly live: LiveDatabase;
  /** For scratch databases of the version that the live one has; it sees owners and privileges where they count. */
  readonly project: Project;
  /** Reads the schema. */
  snapshot(): Promise<Snapshot>;
}

/**
 * Opens it to be read.
 * @throws {UsageError} for an address that is none of this engine, {SetupError} for a database that cannot be reached.
 */
export async function openLive(
  given: Project,
  { url, variables, privileges = false }: LiveAddress,
): Promise<OpenLive> {
  const project: Project = privileges
    ? { ...given, config: { ...given.config, definer: "strict" } }
    : given;
  const { engine, signal } = project;
  const access = await engine.live?.();
  const plain = privileges ? undefined : access?.plain;
  if (access === undefined || !access.accepts(url)) {
    throw new UsageError(`Cannot use this address for the engine ${engine.dialect}`, {
      code: "live-url",
      hint: access === undefined
        ? "Live databases of this engine are not read yet"
        : `Write ${access.form}, or pass the engine that the address is of: --engine`,
    });
  }
  const live = await reached(() => access.open(url, { signal, variables }));
  try {
    for (const text of await reached(() => live.notes())) note(project, text);
    noteVersion(project, live);
    return {
      live,
      project: {
        ...project,
        version: live.scratchVersion ?? project.version,
        engine: plain === undefined ? engine : {
          ...engine,
          inspect: async (database, options) => plain(await engine.inspect(database, options)),
        },
      },
      snapshot: async () => {
        const begun = performance.now();
        const text = `reading ${live.shown}`;
        project.emit({ type: "stage", stage: "live", state: "start", text });
        const found = await reached(() => live.snapshot(ignored(project)));
        const ms = performance.now() - begun;
        project.emit({ type: "stage", stage: "live", state: "done", text: summary(found), ms });
        noteUnmodelled(project, found);
        return plain === undefined ? found : plain(found);
      },
      [Symbol.asyncDispose]: () => live[Symbol.asyncDispose](),
    };
  } catch (error) {
    await live[Symbol.asyncDispose]();
    throw error;
  }
}

/** Why no migrations can be run by this way to the server; null where they can. */
export async function noWayOf(live: LiveDatabase): Promise<SetupError | null> {
  try {
    await reached(() => live.demandOwnSession?.() ?? Promise.resolve());
    return null;
  } catch (error) {
    if (error instanceof SetupError) return error;
    throw error;
  }
}

/** What the live database refuses is no fault of a file. */
export async function reached<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const { message, hint } = error;
    const said = message.startsWith("Cannot ")
      ? message
      : `Cannot read the live database: ${message}`;
    throw new SetupError(said, {
      code: "live",
      hint: hint ?? "Check the address, its parameters and what its account may do",
      cause: error,
    });
  }
}

function noteVersion(project: Project, live: LiveDatabase): void {
  const { scratchVersion } = live;
  const asked = project.version?.split(".") ?? [];
  if (scratchVersion === null || asked.length === 0) return;
  const parts = scratchVersion.split(".");
  if (parts.every((part, at) => asked[at] === undefined || asked[at] === part)) return;
  note(
    project,
    `The live database is version ${live.version}, and engine says ${project.version}: the live one counts here`,
  );
}

/** What is in the live database and nobody here can say. */
function noteUnmodelled(project: Project, { dialect, unmodelled }: Snapshot): void {
  for (const { kind, name } of unmodelled) {
    note(project, `${dialect} ${kind} ${name} of the live database is not covered`);
  }
}

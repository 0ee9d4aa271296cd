/** Scratch servers that are kept from pair to pair, and projects without files. */

import { loadConfig } from "../../src/config/config.ts";
import type { Engine } from "../../src/engines/engine.ts";
import type { SourceFile } from "../../src/formats/format.ts";
import { formatNamed } from "../../src/formats/mod.ts";
import { openProject, type Project, type Sources, startServer } from "../../src/pipeline/mod.ts";
import { inspect } from "../../src/pipeline/scratch/snapshot.ts";
import { runInSession } from "../../src/pipeline/scratch/run_in_session.ts";
import type { ScratchDatabase, Server } from "../../src/runtimes/runtime.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import { observe } from "../observe/mod.ts";

/** The format in which the current schema of a pair is the one migration there is. */
const FORMAT = await formatNamed("migrate");

/** A server of this machine in place of the embedded one. */
export interface OwnServer {
  /** `postgres-15` */
  readonly engine: string;
  /** Whether scripts run as a superuser. */
  readonly superuser: boolean;
}

/** Servers by what they must be able to do; a server that crashed is dropped. */
export class Bench implements AsyncDisposable {
  readonly engine: Engine;
  readonly #own: OwnServer | null;
  readonly #servers = new Map<string, Server>();

  readonly #rows: "on" | "off";

  constructor(
    engine: Engine,
    { own = null, rows = "on" }: {
      readonly own?: OwnServer | null;
      readonly rows?: "on" | "off";
    } = {},
  ) {
    this.engine = engine;
    this.#own = own;
    this.#rows = rows;
  }

  /** A project whose settings are the defaults, but that generated names are made equal as well. */
  async project(): Promise<Project> {
    const { config } = await loadConfig({
      folder: "/",
      flags: {
        engine: [this.#own === null ? this.engine.dialect : this.#own.engine],
        format: [FORMAT.name],
        ...(this.#own === null ? {} : { runtime: ["local"] }),
      },
      variables: {},
    });
    // The observer sees every name.
    const named = { ...config, generatedNames: "follow", rows: this.#rows } as const;
    return await openProject(named, {
      emit: () => {},
      signal: new AbortController().signal,
      ...(this.#own === null ? {} : { exact: true, superuser: this.#own.superuser }),
    });
  }

  /** A server that can serve the scripts. Throws SetupError when there is none. */
  async server(project: Project, sources: Sources): Promise<Server> {
    const scripts = [...sources.schema, ...sources.files].map((file) => file.text);
    const key = this.engine.target(null, scripts, true).needs.join(" ");
    const kept = this.#servers.get(key);
    if (kept !== undefined) return kept;
    const server = await startServer(project, sources);
    this.#servers.set(key, server);
    return server;
  }

  /** Ends all servers; the next pair gets new ones. */
  async drop(): Promise<void> {
    const servers = [...this.#servers.values()];
    this.#servers.clear();
    for (const server of servers) {
      await Promise.resolve(server[Symbol.asyncDispose]()).catch(() => {});
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.drop();
  }
}

/** A file is one message, whatever the engine: as golang-migrate sends it to Postgres. */
const READ = { dialect: "postgres", lexicon: lexiconOf("postgres") };

/** Sources of a project whose one migration makes `current`. */
export function sourcesOf(current: string, desired: string): Sources {
  const files = current.trim() === "" ? [] : [{ path: "000001_current.up.sql", text: current }];
  const history = files.length === 0 ? { migrations: [], notes: [] } : FORMAT.parse(files, READ);
  return { schema: [{ path: "schema.sql", text: desired }], files, history };
}

/** What is known of a database after a script: what aim reads and what the independent observer says. */
export interface Observation {
  readonly snapshot: Snapshot;
  readonly text: string;
}

/** Runs a script on a database and gives the session its defaults back. Throws ScriptFailure. */
export async function load(
  project: Project,
  database: ScratchDatabase,
  text: string,
): Promise<void> {
  const script = { file: "script", text, transaction: "auto" } as const;
  const { engine, emit, signal } = project;
  const options = { engine, emit, signal, folder: "", note: () => {} };
  await runInSession(project, database, script, options);
}

/** Runs the UP scripts of a draft's files in their order, or its DOWN scripts in the other. Throws ScriptFailure. */
export async function migrate(
  project: Project,
  database: ScratchDatabase,
  files: readonly SourceFile[],
  direction: "up" | "down",
): Promise<void> {
  const { migrations } = project.format.parse(files, READ);
  const order = direction === "up" ? migrations : migrations.toReversed();
  for (const migration of order) {
    const script = migration[direction];
    if (script !== null) await load(project, database, script.text);
  }
}

/** Loads a script into a fresh database and looks at it in both ways. */
export async function observeScript(
  project: Project,
  server: Server,
  text: string,
): Promise<Observation> {
  await using database = await server.create();
  await load(project, database, text);
  return { snapshot: await inspect(project, database), text: await observe(database, server) };
}

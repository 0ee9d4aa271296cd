/** What earlier runs kept of the states that a history leaves, and what this one keeps. */

import type { ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import { note, type Project } from "../project.ts";
import type { Sources } from "../sources.ts";
import { keepState, keptState, stateKeys } from "./kept_states.ts";
import { keepSession, keptSettings, noteRewrites } from "./run_in_session.ts";

/** So few migrations are replayed as fast as a state of them is read or written. */
export const FEW = 10;

/** A database that holds what the first migrations leave. */
export interface Begun {
  readonly database: ScratchDatabase;
  /** The search path that they leave to the next one in their session; null when it is that of a new session. */
  readonly searchPath: string | null;
  /** How many have been applied. */
  readonly done: number;
}

/** The kept states of the first migrations of a history on a server. */
export class KeptHistory {
  readonly #project: Project;
  readonly #server: Server;
  readonly #sources: Pick<Sources, "before" | "history">;
  readonly #count: number;
  /** Of each number of migrations from `FEW` on; none where nothing is kept. */
  readonly #keys: readonly string[];

  /** `count` is the number of migrations that are wanted at the end. */
  constructor(
    project: Project,
    server: Server,
    sources: Pick<Sources, "before" | "history">,
    count: number,
  ) {
    [this.#project, this.#server, this.#sources, this.#count] = [project, server, sources, count];
    const isOff = project.config.keptStates === "off" || count < FEW;
    this.#keys = isOff ? [] : stateKeys(project, server, sources, count).slice(FEW);
  }

  /** The state of the most migrations that one was kept of; null where there is none that can be used. */
  async resume(): Promise<Begun | null> {
    const project = this.#project;
    const found = await keptState(this.#server, this.#keys, project.signal);
    if (found === null) return null;
    const { database, searchPath, settings, notes } = found;
    const done = FEW + found.index;
    keepSession(database, settings);
    const { migrations } = this.#sources.history;
    for (const { up } of migrations.slice(0, done)) noteRewrites(project, database, up);
    for (const text of notes) note(project, text);
    return { database, searchPath, done };
  }

  /** Keeps the state of a database that holds all migrations that are wanted. `notes` is what was said since before the first. */
  async keep(
    { database, searchPath, notes }: Omit<Begun, "done"> & { readonly notes: Iterable<string> },
  ): Promise<void> {
    const key = this.#keys[this.#count - FEW];
    if (key === undefined) return;
    const settings = keptSettings(database);
    await keepState(database, key, { searchPath, settings, notes: [...notes] });
  }
}

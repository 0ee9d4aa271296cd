/** Two ways to come back to an earlier state of a cluster: memory images of one backend, and a new backend for each state. */

import type { Backend, Image } from "./backend.ts";
import type { FileTree } from "./data_directory.ts";
import { queryMessage } from "../postgres_wire/messages.ts";

/** A backend whose state can be kept. It must be idle and outside a transaction when `save` is called. */
export interface States<State = unknown> {
  /** The backend to talk to; another one after any of the calls below. */
  readonly backend: Backend;
  /** Goes to the empty cluster. */
  reset(): Promise<void>;
  save(): Promise<State>;
  load(state: State): Promise<void>;
}

/** Boots a backend on a copy-on-write view of a data directory. */
export type Boot = (tree: FileTree) => Promise<Backend>;

/** Keeps images of the memory: everything comes back, and fast. */
export class ImageStates implements States<Image> {
  readonly backend: Backend;
  readonly #empty: Image;

  /** The backend holds the empty cluster. */
  constructor(backend: Backend) {
    this.backend = backend;
    this.#empty = backend.capture();
  }

  reset(): Promise<void> {
    return this.load(this.#empty);
  }

  save(): Promise<Image> {
    return Promise.resolve(this.backend.capture());
  }

  load(image: Image): Promise<void> {
    this.backend.restore(image);
    return Promise.resolve();
  }
}

/** A shut-down cluster and the session's own settings. */
interface ColdState {
  readonly tree: FileTree;
  readonly session: readonly string[];
}

/**
 * Keeps data directories that were shut down cleanly and starts a new backend on each. Nothing of the engine's memory is
 * touched, so it shows whether the images are right. Temporary tables and prepared statements do not come back.
 */
export class BootStates implements States<ColdState> {
  readonly #boot: Boot;
  readonly #empty: FileTree;
  #backend: Backend;

  static async start(boot: Boot, tree: FileTree): Promise<BootStates> {
    return new BootStates(boot, tree, await boot(tree));
  }

  private constructor(boot: Boot, empty: FileTree, backend: Backend) {
    this.#boot = boot;
    this.#empty = empty;
    this.#backend = backend;
  }

  get backend(): Backend {
    return this.#backend;
  }

  reset(): Promise<void> {
    return this.load({ tree: this.#empty, session: [] });
  }

  async save(): Promise<ColdState> {
    const session = readSession(this.#backend);
    const state = { tree: this.#backend.shutdown(), session };
    await this.load(state);
    return state;
  }

  async load(state: ColdState): Promise<void> {
    this.#backend = await this.#boot(state.tree);
    for (const statement of state.session) this.#backend.send(queryMessage(statement));
  }
}

/** The statements that give a new session the settings of this one, roles last. */
function readSession(backend: Backend): string[] {
  const answer = backend.send(queryMessage(`
    SELECT pg_catalog.format('SELECT pg_catalog.set_config(%L, %L, false)', name, pg_catalog.current_setting(name))
    FROM pg_catalog.pg_settings
    WHERE source = 'session'
    UNION ALL
    SELECT pg_catalog.format('SET SESSION AUTHORIZATION %I', session_user)
    UNION ALL
    SELECT 'SET ROLE ' || CASE role WHEN 'none' THEN 'NONE' ELSE pg_catalog.quote_ident(role) END
    FROM pg_catalog.current_setting('role') AS role
  `));
  return answer.results[0]?.rows.map(([statement]) => statement ?? "") ?? [];
}

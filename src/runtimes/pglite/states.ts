/** Two ways to come back to an earlier state of a cluster: memory images of one backend, and a new backend for each state. */

import type { Backend, Image } from "./backend.ts";
import type { FileTree } from "./data_directory.ts";
import { packImage, unpackImage } from "./image_file.ts";
import { EMPTY_PAGE } from "./memory.ts";
import { INITIAL_PAGES } from "./shared_memory.ts";
import { queryMessage } from "../postgres_wire/messages.ts";

/** A backend whose state can be kept. It must be idle and outside a transaction when `save` is called. */
export interface States<State = unknown> {
  /** The backend to talk to; another one after any of the calls below. */
  readonly backend: Backend;
  /** Goes to the empty cluster. */
  reset(): Promise<void>;
  save(): Promise<State>;
  load(state: State): Promise<void>;
  /** Gives up a state; absent where the garbage collector does. */
  forget?(state: State): void;
  /** The state as bytes for another process; null for one that is bound to this one. Absent where states are. */
  write?(): Uint8Array<ArrayBuffer> | null;
  /** Takes the bytes of a state that another process wrote, from the same base. Throws where they are not whole. */
  read?(bytes: Uint8Array): void;
}

/** Boots a backend on a copy-on-write view of a data directory. */
export type Boot = (tree: FileTree) => Promise<Backend>;

/** Keeps images of the memory: everything comes back, and fast. */
export class ImageStates implements States<Image> {
  readonly backend: Backend;
  readonly #empty: Image;
  readonly #base: Image | null;
  /** Libraries that were loaded until the backend was ready: in each process the same, at the same places. */
  readonly #libraries: number;

  /** The backend holds the empty cluster. `base` is an image that other processes begin with as well. */
  constructor(backend: Backend, base: Image | null = null) {
    this.backend = backend;
    this.#empty = backend.capture();
    this.#base = base;
    this.#libraries = backend.libraries;
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

  forget(image: Image): void {
    if (image !== this.#empty) this.backend.forget(image);
  }

  write(): Uint8Array<ArrayBuffer> | null {
    if (this.#base === null || !this.#isLikeOthers()) return null;
    const image = this.backend.capture();
    const bytes = image.memory.pages.length > MOST_PAGES ? null : packImage(image, this.#base);
    this.forget(image);
    return bytes;
  }

  read(bytes: Uint8Array): void {
    if (this.#base === null || !this.#isLikeOthers()) throw new Error("It cannot be taken here");
    const image = unpackImage(bytes, this.#base);
    if (image.memory.pages.length > MOST_PAGES) throw new Error("It has too much memory");
    this.backend.restore(image);
  }

  /** False once a script made the backend load a library, which is no part of an image. */
  #isLikeOthers(): boolean {
    return this.backend.libraries === this.#libraries;
  }
}

/** Pages of an image that every new module has room for. */
const MOST_PAGES = INITIAL_PAGES * 65536 / EMPTY_PAGE.length;

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

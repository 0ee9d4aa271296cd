/** Scratch databases of a SQLite that runs in a thread of its own. */

import { DatabaseError } from "../core/error.ts";
import type { Checkpoint, ScratchDatabase, Server, SharedDatabase } from "./runtime.ts";
import type { Registered } from "./sqlite_registered.ts";
import { type EngineThread, QUESTION } from "./worker/engine_thread.ts";

/** One database at a time: ends the one before when it makes another. */
export class RemoteSqliteServer implements Server {
  readonly runtime: string;
  readonly version: string;
  readonly stateKey: string;
  readonly #thread: EngineThread;
  #isPristine = true;
  #database: ScratchDatabase | undefined;

  constructor(
    thread: EngineThread,
    { runtime, version, registered }: {
      readonly runtime: string;
      readonly version: string;
      readonly registered: Registered;
    },
  ) {
    this.runtime = runtime;
    this.version = version;
    this.stateKey = JSON.stringify([STATE, registered]);
    this.#thread = thread;
  }

  async create(): Promise<ScratchDatabase> {
    await this.#database?.[Symbol.asyncDispose]();
    if (!this.#isPristine) await this.#thread.call("create", []);
    this.#isPristine = false;
    return this.#database = new RemoteSqliteDatabase(this.#thread);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database?.[Symbol.asyncDispose]();
    this.#thread.stop();
  }
}

/** Raise it when the bytes of a state are laid out in another way. */
const STATE = 1;

class RemoteSqliteDatabase implements ScratchDatabase {
  readonly dialect = "sqlite";
  #thread: EngineThread | null;
  /** States that nobody can come back to any more are forgotten there as well. */
  readonly #forgotten: FinalizationRegistry<number>;

  constructor(thread: EngineThread) {
    this.#thread = thread;
    this.#forgotten = new FinalizationRegistry((id) => thread.tell("forget", [id]));
  }

  exec(sql: string): Promise<void> {
    return this.execAll([sql]);
  }

  async execAll(statements: readonly string[]): Promise<void> {
    await this.#live().call("run", [statements], statements);
  }

  async query<Row extends object>(sql: string): Promise<Row[]> {
    return await this.#live().call<Row[]>("ask", [sql], [sql], { least: QUESTION });
  }

  async checkpoint(): Promise<Checkpoint> {
    const checkpoint = { id: await this.#live().call<number>("save", []) };
    this.#forgotten.register(checkpoint, checkpoint.id, checkpoint);
    return checkpoint;
  }

  forget(state: Checkpoint): void {
    if (this.#forgotten.unregister(state)) this.#thread?.tell("forget", [state.id]);
  }

  async share(): Promise<SharedDatabase> {
    const thread = this.#live();
    const { shareFile } = await import("./sqlite_file.ts");
    return await shareFile({
      read: () => thread.call<Uint8Array>("export", []),
      write: (bytes) => thread.call("import", [bytes]),
    });
  }

  async writeState(): Promise<Uint8Array<ArrayBuffer>> {
    return await this.#live().call("write", []);
  }

  async readState(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#live().call("read", [bytes]);
  }

  async rewind(to: Checkpoint): Promise<void> {
    await this.#live().call("load", [to.id]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#thread = null;
    return Promise.resolve();
  }

  #live(): EngineThread {
    if (this.#thread === null) throw new DatabaseError("Cannot use a database that was ended");
    return this.#thread;
  }
}

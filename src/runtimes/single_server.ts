/** A server that has one database at a time. */

import type { Database, Server } from "./runtime.ts";

/** Ends the database before when it makes another. */
export class SingleServer implements Server {
  readonly runtime: string;
  readonly version: string;
  readonly #make: () => Database;
  #database: Database | undefined;

  constructor(runtime: string, version: string, make: () => Database) {
    this.runtime = runtime;
    this.version = version;
    this.#make = make;
  }

  async create(): Promise<Database> {
    await this.#database?.[Symbol.asyncDispose]();
    return this.#database = this.#make();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database?.[Symbol.asyncDispose]();
    this.#database = undefined;
  }
}

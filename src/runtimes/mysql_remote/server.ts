/** A server that is spoken to by its address, as one that gives scratch databases. */

import type { ScratchDatabase, Server } from "../runtime.ts";
import { RemoteDatabase, type RemoteOptions } from "./database.ts";

/** How the proof names it, and how it ends. */
export interface RemoteServerOptions {
  /** Name of the runtime. */
  readonly runtime: string;
  /** `10.11.19` */
  readonly version: string;
  /** Ends the server itself, where that is this run's business. */
  readonly stop?: () => Promise<void>;
}

/** See the module's comment. */
export class RemoteServer implements Server {
  readonly runtime: string;
  readonly version: string;
  readonly #options: RemoteOptions;
  readonly #stop: (() => Promise<void>) | undefined;
  #database: RemoteDatabase | null = null;

  constructor(options: RemoteOptions, { runtime, version, stop }: RemoteServerOptions) {
    this.#options = options;
    this.runtime = runtime;
    this.version = version;
    this.#stop = stop;
  }

  async create(): Promise<ScratchDatabase> {
    await this.#database?.[Symbol.asyncDispose]();
    await this.#options.run.renew();
    return this.#database = new RemoteDatabase(this.#options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#database?.[Symbol.asyncDispose]();
      await this.#options.run.end();
    } finally {
      await this.#stop?.();
    }
  }
}

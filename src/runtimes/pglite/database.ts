/** A scratch database on an embedded backend. */

import { PostgresDatabase } from "../postgres_wire/database.ts";
import type { EmbeddedSession } from "./session.ts";

/** The database `postgres` of a cluster, over a session. */
export class PgliteDatabase extends PostgresDatabase {
  readonly #embedded: EmbeddedSession;

  constructor(session: EmbeddedSession) {
    super(session);
    this.#embedded = session;
  }

  async writeState(): Promise<Uint8Array<ArrayBuffer> | null> {
    this.checkOpen();
    return await this.#embedded.write();
  }

  async readState(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.checkOpen();
    await this.#embedded.read(bytes);
  }

  /** Sends one message of the wire protocol and gives the bytes of the answer: the way in for pg_dump, which reads them itself. */
  exchange(message: Uint8Array): Uint8Array {
    this.checkOpen();
    return this.#embedded.exchange(message);
  }
}

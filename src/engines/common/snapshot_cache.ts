/** Snapshots by the digest of their catalog: a proof returns to the same few states again and again. */

import type { Connection } from "../../runtimes/runtime.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { InspectOptions } from "../engine.ts";

/** How a dialect reads a catalog: a digest of it, and all of it. */
export interface CatalogReader {
  fingerprint(connection: Connection): Promise<string>;
  read(connection: Connection, options: InspectOptions): Promise<Snapshot>;
}

/** The `inspect` of an engine that keeps the snapshots it took last. */
export function cachedInspect(
  { fingerprint, read }: CatalogReader,
): (connection: Connection, options: InspectOptions) => Promise<Snapshot> {
  const cache = new SnapshotCache(MOST);
  return async (connection, options) => {
    if (options.remember === false) return await read(connection, options);
    const { ignoreTables, ignoreSchemas = [], ignorePopulated = false } = options;
    const digest = options.digest ?? await fingerprint(connection);
    const key = JSON.stringify([digest, ignoreTables, ignoreSchemas, ignorePopulated]);
    return await cache.get(key, () => read(connection, options));
  };
}

/** The states of a proof are fewer. */
const MOST = 8;

/** Keeps the snapshots taken last. */
class SnapshotCache {
  readonly #most: number;
  readonly #snapshots = new Map<string, Snapshot>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The snapshot under `key`, or what `take` gives, which is kept. */
  async get(key: string, take: () => Promise<Snapshot>): Promise<Snapshot> {
    const known = this.#snapshots.get(key);
    if (known !== undefined) return known;
    const snapshot = await take();
    this.#snapshots.set(key, snapshot);
    for (const oldest of this.#snapshots.keys()) {
      if (this.#snapshots.size <= this.#most) break;
      this.#snapshots.delete(oldest);
    }
    return snapshot;
  }
}

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
  const cache = new SnapshotCache();
  return async (connection, options) => {
    if (options.remember === false) return await read(connection, options);
    const digest = options.digest ?? await fingerprint(connection);
    return await cache.get(digest, options, () => read(connection, options));
  };
}

/** The states of a proof are fewer. */
const MOST = 8;

/** Keeps the snapshots taken last. */
export class SnapshotCache {
  readonly #snapshots = new Map<string, Snapshot>();

  /** The snapshot of a catalog with this digest, as the options have it, or what `take` gives, which is kept. */
  async get(
    digest: string,
    { ignoreTables, ignoreSchemas = [], ignorePopulated = false, definer = "ignore" }:
      InspectOptions,
    take: () => Snapshot | Promise<Snapshot>,
  ): Promise<Snapshot> {
    const key = JSON.stringify([digest, ignoreTables, ignoreSchemas, ignorePopulated, definer]);
    const known = this.#snapshots.get(key);
    if (known !== undefined) return known;
    const snapshot = await take();
    this.#snapshots.set(key, snapshot);
    for (const oldest of this.#snapshots.keys()) {
      if (this.#snapshots.size <= MOST) break;
      this.#snapshots.delete(oldest);
    }
    return snapshot;
  }
}

/** Snapshots by the digest of their catalog: a proof comes back to the same few states again and again. */

import type { Snapshot } from "../schema.ts";

/** Keeps the snapshots taken last. */
export class Recent {
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

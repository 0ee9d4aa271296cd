/** What a statement was seen to do to a database that others use at the same time. */

/** A lock that a statement took. */
export interface MeasuredLock {
  /** The relation, as it was named before: `public.users`. */
  readonly relation: string;
  /** In the server's words: `AccessExclusiveLock`. */
  readonly mode: string;
  readonly blocks: "nothing" | "writes" | "reads and writes";
}

/** What one statement did, to relations that were there before its migration. */
export interface MeasuredStatement {
  /** Locks that it took and that its transaction did not hold before. */
  readonly locks: readonly MeasuredLock[];
  /** Locks that its transaction held already. */
  readonly held: readonly MeasuredLock[];
  /** Tables whose rows were written anew. */
  readonly rewrites: readonly string[];
  /** Tables that were read whole, without being rewritten. */
  readonly scans: readonly string[];
  /** Tables on which an index was built. */
  readonly builds: readonly string[];
  /** What was dropped with what it drops, in words: `view public.active_users`. */
  readonly cascades: readonly string[];
  /** How long it waits for a lock at most, in milliseconds; 0 for ever, null where the dialect has no such setting. */
  readonly lockTimeout: number | null;
  /** The least that the server accepts for it, where it can be asked: `INSTANT`, `INPLACE`, `COPY`, and the lock. */
  readonly algorithm?: string;
  readonly lock?: string;
  /** Why the server does not accept less. */
  readonly reason?: string;
  /** True when its effects stand in a table of ours, since they cannot be seen from one session. */
  readonly isKnown?: true;
}

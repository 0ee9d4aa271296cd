/** What was run on a database, and whether running it again on a new one leaves the very same. */

/** A statement and how long it took, in milliseconds. */
export interface Entry {
  readonly sql: string;
  readonly ms: number;
}

/** A list that only grows, and whose beginnings stay what they were. */
export class Journal {
  readonly entries: readonly Entry[];
  /** Milliseconds that all of it took. */
  readonly cost: number;
  /** True when it leaves the same in the same server, once its databases and users are dropped. */
  readonly isPlain: boolean;
  /** True when it leaves the same in a new server. */
  readonly isRepeatable: boolean;
  /** True when it may leave tables in the session, which a restart would lose. */
  readonly keepsSession: boolean;

  /** A journal of nothing. */
  static readonly empty = new Journal([], {
    cost: 0,
    isPlain: true,
    isRepeatable: true,
    keepsSession: false,
  });

  private constructor(
    entries: readonly Entry[],
    traits: Pick<Journal, "cost" | "isPlain" | "isRepeatable" | "keepsSession">,
  ) {
    this.entries = entries;
    this.cost = traits.cost;
    this.isPlain = traits.isPlain;
    this.isRepeatable = traits.isRepeatable;
    this.keepsSession = traits.keepsSession;
  }

  /** The journal with further statements. */
  with(added: readonly Entry[]): Journal {
    return new Journal([...this.entries, ...added], {
      cost: added.reduce((sum, { ms }) => sum + ms, this.cost),
      isPlain: this.isPlain &&
        !added.some(({ sql }) => OF_THE_SERVER.test(sql) || OF_THE_ACCOUNT.test(sql)),
      isRepeatable: this.isRepeatable && !added.some(({ sql }) => BY_CHANCE.test(sql)),
      keepsSession: this.keepsSession || added.some(({ sql }) => OF_THE_SESSION.test(sql)),
    });
  }

  /** True when nothing was run since `earlier`. */
  isSame(earlier: Journal): boolean {
    return this.entries.length === earlier.entries.length &&
      this.entries.at(-1) === earlier.entries.at(-1);
  }
}

/** True for a statement that changes nothing, and so is no part of a journal. */
export function isReading(sql: string): boolean {
  return /^\s*(?:select|show|with|explain|describe|values)\b/i.test(sql);
}

/** What stays when databases and users are dropped; all else that is about the server is refused to the account of the scripts. */
const OF_THE_SERVER = /\bxa\s+prepare\b/i;

/** Statements about the account of the scripts itself, or about everybody. */
const OF_THE_ACCOUNT =
  /\b(?:user|role|grant|revoke|password)\b[^]*\b(?:root|current_user|user\s*\(|public)|\bset\s+password\b|\bset\s+default\s+role\b/i;

/** What gives another value each time, though the session's clock stands still. */
const BY_CHANCE =
  /\b(?:uuid\w*|sys_guid|rand|random_bytes|sysdate|connection_id|benchmark|sleep|get_lock|processlist)\b/i;

/** What a session has besides settings, as far as the next script may ask for it. */
const OF_THE_SESSION = /\btemporary\b/i;

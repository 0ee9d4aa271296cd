/** Somewhere a scratch database can run. */

import type { Emit } from "../core/event.ts";
import type { Limits } from "./limits.ts";
import type { Registered } from "./sqlite_registered.ts";

/** What a scratch database must be. */
export interface Target {
  readonly dialect: string;
  /** The version asked for (`16`, `16.4`), or null when the embedded one will do. */
  readonly version: string | null;
  /** Extensions and modules that the scripts name: `pgcrypto`, `fts5`. */
  readonly needs: readonly string[];
  /** Empty ones in place of extensions that a runtime lacks; only those that it lacks are used. Absent: it refuses. */
  readonly standIns?: () => readonly StandIn[];
  /** What the application registers with its SQLite; nothing when absent. */
  readonly registered?: Registered;
  /** True when the scripts make subscriptions. */
  readonly subscriptions?: boolean;
  /** True where the accounts count by whose rights code runs, so that scripts must be able to state them. */
  readonly definers?: boolean;
  /** Address of a server that scratch databases may be made on, as the user gave it; it holds a password. */
  readonly devUrl?: string;
  /** The image of a container that the settings name in place of the official one. */
  readonly image?: NamedImage;
  /** Fetch what is not here: the user asked for this runtime, or for the exact version. */
  readonly mayFetch?: boolean;
  /** The user agreed that scripts may do what a superuser can on a server of this machine: start programs, read files. */
  readonly superuser?: boolean;
  /** Prove on the embedded version although another was asked for. */
  readonly anyVersion: boolean;
  /** What makes work on this dialect quick, where there is such a thing. */
  readonly warmUp?: WarmUp;
}

/** An image that somebody chose. */
export interface NamedImage {
  readonly name: string;
  /** False while only a repository says so: it is a program that would be fetched and run. */
  readonly isTrusted: boolean;
}

/** An extension that brings nothing: the texts of its control file and scripts, by their names. */
export interface StandIn {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Work that makes later work quick and leaves nothing in the catalog (queries prepared); a runtime that keeps images does it once. */
export interface WarmUp {
  /** Changes whenever the work does. */
  readonly key: string;
  /** Done on an empty database. */
  run(database: ScratchDatabase): Promise<void>;
}

/** A way to get scratch databases: embedded, a local binary, Docker, a URL. */
export interface Runtime {
  readonly name: string;
  /** Where no version is asked for it comes after those that can do with what they have: what it serves differs between machines. */
  readonly needsVersion?: true;
  /** The reason why it cannot serve, in one sentence that names the missing thing, or null when it can. */
  refuses(target: Target): Promise<string | null>;
  /** The command that would make it serve a target that it refuses, where there is one. */
  mends?(target: Target): Promise<string | null>;
  /** What it could fetch to serve a target that it refuses, where there is such a thing. */
  offer?(target: Target): Promise<Offer | null>;
  start(target: Target, options: StartOptions): Promise<Server>;
  /**
   * Begins what `start` with the same options will need, while it is not yet certain that it is called: what is not used ends with
   * the process.
   */
  prepare?(options: Pick<StartOptions, "signal" | "limits"> & { readonly target: Target }): void;
}

/** Something that a runtime can fetch. */
export interface Offer {
  /** For a question: `Postgres 15.18 (24 MB)`. */
  readonly what: string;
  /** Throws SetupError when it cannot be had. */
  fetch(options: Pick<StartOptions, "emit" | "signal">): Promise<void>;
}

/** What a server is started with. */
export interface StartOptions {
  readonly emit: Emit;
  /** Ends the server, and whatever statement it runs; all that waits for it fails with its reason. */
  readonly signal: AbortSignal;
  /** Of each statement; `DEFAULT_LIMITS` when absent. */
  readonly limits?: Limits;
}

/** A running engine. Holds at most one live database: `create` ends the one before. */
export interface Server extends AsyncDisposable {
  /** Name of the runtime and version of the engine, as the proof reports them. */
  readonly runtime: string;
  readonly version: string;
  /** Extensions that are stand-ins; none when absent. */
  readonly standIns?: readonly string[];
  /** What another server must have alike so that its databases can take states that those of this one wrote; absent where they write none. */
  readonly stateKey?: string;
  /** A fresh, empty database. */
  create(): Promise<ScratchDatabase>;
}

/** A state of a database to come back to; valid as long as the database that made it. */
export interface Checkpoint {
  readonly id: number;
}

/** A session on a database, scratch or live. All its errors are `DatabaseError`. */
export interface Connection {
  readonly dialect: string;
  /** Runs one statement or a script of several, as the driver sends it: one simple query. */
  exec(sql: string): Promise<void>;
  /** Runs statements one after the other, each as `exec` would, until one fails. */
  execAll(statements: readonly string[]): Promise<void>;
  /** Runs one statement and gives its rows, keyed by column name, JSON values parsed. */
  query<Row extends object>(sql: string): Promise<Row[]>;
  /** Loads rows in the text format of `COPY ... FROM stdin`; absent where the engine has none. */
  copy?(sql: string, data: string): Promise<void>;
}

/** How another program finds a database: all empty but what there is; a port of 0 for none. */
export interface DatabaseAddress {
  /** As most programs take it: `postgres://user:password@127.0.0.1:5433/name`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** By chance, for this one time. */
  readonly password: string;
  readonly database: string;
  /** Path of a database that is a file. */
  readonly file: string;
}

/** A database that other programs may use until the end of the scope, which gives it back with what they left. */
export interface SharedDatabase extends AsyncDisposable {
  readonly address: DatabaseAddress;
}

/** Another session on a scratch database. All its errors are `DatabaseError`. */
export interface SecondSession extends AsyncDisposable {
  exec(sql: string): Promise<void>;
  /** The code of the error by which the server ends a session that waits for one that waits for it. */
  readonly deadlock: string;
}

/** One scratch database, whose whole state is remembered and restored. */
export interface ScratchDatabase extends Connection, AsyncDisposable {
  /** Remembers the whole state: schema, rows, roles, session. Not inside a transaction. */
  checkpoint(): Promise<Checkpoint>;
  /** Lets other programs of this machine use the database for a time, in which nobody else may. Absent where that cannot be. */
  share?(): Promise<SharedDatabase>;
  /** Another session beside the own one, to be ended before the next checkpoint; null where there is one alone. Absent where none is had. */
  beside?(): Promise<SecondSession | null>;
  /** Goes back to a remembered state, also out of a broken transaction or a crashed session; may be called again and again. */
  rewind(to: Checkpoint): Promise<void>;
  /** Gives up a state, whose memory is free at once and not only when nothing holds the checkpoint; absent where states take none. */
  forget?(state: Checkpoint): void;
  /** The whole state as bytes, for a server of a later process; null for one that no other process can take. Not inside a transaction. */
  writeState?(): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Takes a state that a server with the same `stateKey` wrote; on a database that is still empty. Throws for bytes that are none. */
  readState?(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** What a Postgres database of ours stands on: something that takes SQL and gives the server's answer, embedded or real. */

import type { SecondSession, SharedDatabase } from "../runtime.ts";
import type { ErrorFields } from "./messages.ts";

/** How the last of several statements came out. */
export interface Outcome {
  readonly error: ErrorFields | null;
  /** Index of the statement that failed, or of the last one. */
  readonly index: number;
  /** True when it was told to end because it took too long. */
  readonly isTimeout: boolean;
  /** Why it was told to end where that was for its memory. */
  readonly excess?: string;
}

/** The bytes of an answer. */
export interface Answered {
  readonly bytes: Uint8Array;
  readonly isTimeout: boolean;
  readonly excess?: string;
}

/** See the module's comment. All its errors are `DatabaseError`. */
export interface Session {
  /** Runs statements one after the other until one fails; what they give is passed over. `copyData` are the rows of a COPY. */
  run(statements: readonly string[], copyData: string | null): Promise<Outcome>;
  /** Runs one statement and gives the server's whole answer. */
  ask(sql: string): Promise<Answered>;
  /** The state to come back to. Not inside a transaction. */
  save(): Promise<unknown>;
  load(state: unknown): Promise<void>;
  /** Gives up a state; absent where the garbage collector does. */
  forget?(state: unknown): void;
  /** Lets other programs use the database until the end of the scope; absent where that cannot be. */
  share?(): Promise<SharedDatabase>;
  /** Opens another session on the database; absent where that cannot be. */
  beside?(): Promise<SecondSession>;
  /** Ends it, with the database that stands on it; absent where there is nothing to end. */
  end?(): Promise<void>;
}

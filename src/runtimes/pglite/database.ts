/** A scratch database on an embedded backend. */

import { setImmediate } from "node:timers";
import { DatabaseError } from "../../errors.ts";
import type { Checkpoint, Database } from "../runtime.ts";
import { BackendCrash, type Reply } from "./backend.ts";
import type { States } from "./states.ts";
import { isUnknownType, toRows } from "./values.ts";
import { copyMessages, type ErrorFields, queryMessage, type ResultSet } from "./wire.ts";

/** The database `postgres` of a cluster that is kept in `States`. */
export class PgliteDatabase implements Database {
  readonly dialect = "postgres";
  #states: States | null;
  readonly #signal: AbortSignal;
  #checkpoints = 0;
  #arrays = new Map<number, number>();
  #yielded = performance.now();

  /** Statements are refused with the signal's reason once it is aborted. */
  constructor(states: States, signal: AbortSignal) {
    this.#states = states;
    this.#signal = signal;
  }

  async exec(sql: string): Promise<void> {
    await this.#run(sql);
  }

  async query<Row extends object>(sql: string): Promise<Row[]> {
    const result = (await this.#run(sql)).results.at(-1);
    if (result === undefined) return [];
    this.#learnArrays(result);
    return toRows(result, this.#arrays) as Row[];
  }

  async copy(sql: string, data: string): Promise<void> {
    await this.#run(sql, copyMessages(data));
  }

  /** Sends one message of the wire protocol and gives the bytes of the answer: the way in for pg_dump, which reads them itself. */
  exchange(message: Uint8Array): Uint8Array {
    return this.#live().backend.exchange(message);
  }

  async checkpoint(): Promise<Checkpoint> {
    if (this.#send("").inTransaction) {
      throw new DatabaseError("Cannot make a checkpoint inside a transaction", { code: "25001" });
    }
    return new PgliteCheckpoint(++this.#checkpoints, this, await this.#live().save());
  }

  async rewind(to: Checkpoint): Promise<void> {
    if (!(to instanceof PgliteCheckpoint) || to.database !== this) {
      throw new DatabaseError("Cannot rewind to a checkpoint of another database");
    }
    this.#arrays.clear();
    await this.#live().load(to.state);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#states = null;
    return Promise.resolve();
  }

  #live(): States {
    if (this.#states === null) {
      throw new DatabaseError("The scratch database is closed", { code: "08003" });
    }
    return this.#states;
  }

  /** Statements block the thread, so every now and then the timers and signals of the process get their turn. */
  async #run(sql: string, copyData: Uint8Array | null = null): Promise<Reply> {
    if (performance.now() - this.#yielded > TURN) await this.#yield();
    this.#signal.throwIfAborted();
    try {
      return this.#send(sql, copyData);
    } catch (error) {
      if (error instanceof InterruptedError) await this.#listen();
      this.#signal.throwIfAborted();
      throw error;
    }
  }

  async #yield(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#yielded = performance.now();
  }

  /** The watchdog heard of a signal before this thread could: waits until its listeners have run. */
  async #listen(): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    while (!this.#signal.aborted && performance.now() < deadline) await this.#yield();
  }

  #send(sql: string, copyData: Uint8Array | null = null): Reply {
    const { backend } = this.#live();
    let reply;
    try {
      reply = backend.send(queryMessage(sql), copyData);
    } catch (error) {
      throw error instanceof BackendCrash ? crashError(error) : error;
    }
    if (reply.error !== null) throw replyError(reply.error, reply, sql);
    return reply;
  }

  /** Asks once for the types of columns that a user defined: the answer to a query has only their OIDs. */
  #learnArrays(result: ResultSet): void {
    const unknown = result.columns.map((column) => column.type)
      .filter((type) => isUnknownType(type, this.#arrays));
    if (unknown.length === 0) return;
    const types = this.#send(`
      WITH RECURSIVE element AS (
        SELECT t.oid AS type, e.oid, e.typbasetype
        FROM pg_catalog.pg_type t
        LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A' AND t.typlen = -1
        WHERE t.oid IN (${unknown.join(", ")})
        UNION ALL
        SELECT element.type, base.oid, base.typbasetype
        FROM element
        JOIN pg_catalog.pg_type base ON base.oid = element.typbasetype
      )
      SELECT type, oid FROM element WHERE typbasetype = 0 OR oid IS NULL
    `);
    for (const [type, element] of types.results[0]?.rows ?? []) {
      this.#arrays.set(Number(type), Number(element));
    }
  }
}

/** A checkpoint carries its state, so that the garbage collector frees it with the last reference. */
class PgliteCheckpoint implements Checkpoint {
  readonly id: number;
  readonly database: PgliteDatabase;
  readonly state: unknown;

  constructor(id: number, database: PgliteDatabase, state: unknown) {
    this.id = id;
    this.database = database;
    this.state = state;
  }
}

/** Milliseconds after which the rest of the process gets a turn. */
const TURN = 50;

/** Milliseconds in which a signal must have reached its listeners. */
const PATIENCE = 1000;

const QUERY_CANCELED = "57014";
const TOO_COMPLEX = "54001";
const CRASH_SHUTDOWN = "57P02";

function replyError(fields: ErrorFields, reply: Reply, sql: string): DatabaseError {
  const position = Number(fields.P);
  const details = {
    code: fields.C,
    offset: position > 0 ? utf16Offset(sql, position - 1) : undefined,
    hint: fields.H,
    detail: [fields.D, fields.W].filter((part) => part !== undefined).join("\n") || undefined,
  };
  if (fields.C === QUERY_CANCELED && reply.cancelled === "limit") {
    return new DatabaseError("canceling statement because it ran for too long", {
      ...details,
      hint: "AIM_PGLITE_TIMEOUT sets the limit in seconds, 0 for none",
    });
  }
  if (fields.C === QUERY_CANCELED && reply.cancelled === "signal") {
    return new InterruptedError(fields.M ?? "interrupted", details);
  }
  return new DatabaseError(fields.M ?? "unknown error", details);
}

/** Ctrl-C ended the statement. */
class InterruptedError extends DatabaseError {}

function crashError(crash: BackendCrash): DatabaseError {
  if (crash.tooDeep) {
    return new DatabaseError("stack depth limit exceeded", {
      code: TOO_COMPLEX,
      hint: "The embedded Postgres has a smaller stack than a real server",
      cause: crash,
    });
  }
  return new DatabaseError(`The embedded Postgres stopped: ${crash.message}`, {
    code: CRASH_SHUTDOWN,
    cause: crash,
  });
}

/** The server counts characters, JavaScript UTF-16 units. */
function utf16Offset(text: string, characters: number): number {
  let offset = 0;
  for (const character of text) {
    if (characters-- <= 0) break;
    offset += character.length;
  }
  return offset;
}

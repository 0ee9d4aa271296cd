/** A scratch database on an embedded backend. */

import { DatabaseError } from "../../core/error.ts";
import { MEMORY_HINT, TIMEOUT_HINT } from "../limits.ts";
import type { Checkpoint, ScratchDatabase } from "../runtime.ts";
import type { Session } from "./session.ts";
import { isUnknownType, toRows } from "./values.ts";
import { type Answer, type ErrorFields, readAnswer, type ResultSet } from "./wire.ts";

/** The database `postgres` of a cluster, over a session. */
export class PgliteDatabase implements ScratchDatabase {
  readonly dialect = "postgres";
  #session: Session | null;
  #checkpoints = 0;
  #arrays = new Map<number, number>();

  constructor(session: Session) {
    this.#session = session;
  }

  async exec(sql: string): Promise<void> {
    await this.#run([sql], null);
  }

  async execAll(statements: readonly string[]): Promise<void> {
    await this.#run(statements, null);
  }

  async query<Row extends object>(sql: string): Promise<Row[]> {
    const result = (await this.#ask(sql)).results.at(-1);
    if (result === undefined) return [];
    await this.#learnArrays(result);
    return toRows(result, this.#arrays) as Row[];
  }

  async copy(sql: string, data: string): Promise<void> {
    await this.#run([sql], data);
  }

  /** Sends one message of the wire protocol and gives the bytes of the answer: the way in for pg_dump, which reads them itself. */
  exchange(message: Uint8Array): Uint8Array {
    return this.#live().exchange(message);
  }

  async checkpoint(): Promise<Checkpoint> {
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
    this.#session = null;
    return Promise.resolve();
  }

  #live(): Session {
    if (this.#session === null) {
      throw new DatabaseError("The scratch database is closed", { code: "08003" });
    }
    return this.#session;
  }

  async #run(statements: readonly string[], copyData: string | null): Promise<void> {
    const outcome = await this.#live().run(statements, copyData);
    const sql = statements[outcome.index] ?? "";
    if (outcome.error === null) return;
    throw replyError(outcome.error, { ...outcome, sql, statement: outcome.index });
  }

  async #ask(sql: string): Promise<Answer> {
    const { bytes, isTimeout } = await this.#live().ask(sql);
    const answer = readAnswer(bytes);
    if (answer.error !== null) throw replyError(answer.error, { isTimeout, sql });
    return answer;
  }

  /** Asks once for the types of columns that a user defined: the answer to a query has only their OIDs. */
  async #learnArrays(result: ResultSet): Promise<void> {
    const unknown = result.columns.map((column) => column.type)
      .filter((type) => isUnknownType(type, this.#arrays));
    if (unknown.length === 0) return;
    const types = await this.#ask(`
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

const QUERY_CANCELED = "57014";
const OUT_OF_MEMORY = "53200";
const DISK_FULL = "53100";

function replyError(
  fields: ErrorFields,
  { isTimeout, sql, statement }: {
    readonly isTimeout: boolean;
    readonly sql: string;
    readonly statement?: number;
  },
): DatabaseError {
  const position = Number(fields.P);
  const details = {
    code: fields.C,
    offset: position > 0 ? utf16Offset(sql, position - 1) : undefined,
    hint: fields.H,
    statement,
    detail: [fields.D, fields.W].filter((part) => part !== undefined).join("\n") || undefined,
  };
  if (fields.C === QUERY_CANCELED && isTimeout) {
    return new DatabaseError("canceling statement due to statement timeout", {
      ...details,
      hint: TIMEOUT_HINT,
    });
  }
  if (fields.C === OUT_OF_MEMORY || fields.C === DISK_FULL) {
    return new DatabaseError(fields.M ?? "out of memory", { ...details, hint: MEMORY_HINT });
  }
  return new DatabaseError(fields.M ?? "unknown error", details);
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

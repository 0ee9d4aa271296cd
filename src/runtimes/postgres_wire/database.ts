/** A scratch database of Postgres over a session, embedded or on a server. */

import { DatabaseError } from "../../core/error.ts";
import type { Checkpoint, ScratchDatabase, SecondSession, SharedDatabase } from "../runtime.ts";
import type { Session } from "./session.ts";
import { isUnknownType, toRows } from "./values.ts";
import { type Answer, readAnswer, type ResultSet } from "./messages.ts";
import { replyError } from "./reply_error.ts";

/** See the module's comment. */
export class PostgresDatabase implements ScratchDatabase {
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

  async checkpoint(): Promise<Checkpoint> {
    return new PostgresCheckpoint(++this.#checkpoints, this, await this.#live().save());
  }

  async rewind(to: Checkpoint): Promise<void> {
    if (!(to instanceof PostgresCheckpoint) || to.database !== this) {
      throw new DatabaseError("Cannot rewind to a checkpoint of another database");
    }
    this.#arrays.clear();
    await this.#live().load(to.state);
  }

  forget(state: Checkpoint): void {
    if (state instanceof PostgresCheckpoint && state.database === this) {
      this.#session?.forget?.(state.state);
    }
  }

  async share(): Promise<SharedDatabase> {
    const session = this.#live();
    if (session.share === undefined) {
      throw new DatabaseError("This database cannot be shared with another program");
    }
    this.#arrays.clear();
    return await session.share();
  }

  async beside(): Promise<SecondSession | null> {
    return await this.#live().beside?.() ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.end?.();
  }

  /** Throws DatabaseError for a database that is closed. */
  protected checkOpen(): void {
    this.#live();
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
    const { bytes, ...limits } = await this.#live().ask(sql);
    const answer = readAnswer(bytes);
    if (answer.error !== null) throw replyError(answer.error, { ...limits, sql });
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
class PostgresCheckpoint implements Checkpoint {
  readonly id: number;
  readonly database: PostgresDatabase;
  readonly state: unknown;

  constructor(id: number, database: PostgresDatabase, state: unknown) {
    this.id = id;
    this.database = database;
    this.state = state;
  }
}

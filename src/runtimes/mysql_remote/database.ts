/** A scratch database on a server that others use: its states are journals of what was run. */

import { formatDuration } from "../../config/quantities.ts";
import { DatabaseError } from "../../core/error.ts";
import { EngineEndedError, type Limits, TIMEOUT_HINT } from "../limits.ts";
import { isReading, Journal } from "../mysql_server/journal.ts";
import type { Session } from "../mysql_server/session.ts";
import { queryInTurn } from "../query_each.ts";
import { PRIVILEGED_SETTINGS, SESSION_SETTINGS } from "../mysql_server/session_start.ts";
import type { Checkpoint, ScratchDatabase } from "../runtime.ts";
import { withoutDefiner } from "./definer.ts";
import { quoteName } from "./names.ts";
import type { RemoteRun } from "./run.ts";

/** What a database is made with. */
export interface RemoteOptions {
  readonly dialect: string;
  readonly run: RemoteRun;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** See the module's comment. The database is there already, and empty. */
export class RemoteDatabase implements ScratchDatabase {
  readonly dialect: string;
  readonly #options: RemoteOptions;
  #journal = Journal.empty;
  #session: Session | null = null;
  #checkpoints = 0;
  #isOver = false;
  readonly #abort = () => this.#closeSession();

  constructor(options: RemoteOptions) {
    this.dialect = options.dialect;
    this.#options = options;
    options.signal.addEventListener("abort", this.#abort, { once: true });
  }

  exec(sql: string): Promise<void> {
    return this.execAll([sql]);
  }

  async execAll(statements: readonly string[]): Promise<void> {
    for (const [index, sql] of statements.entries()) {
      try {
        await this.#recorded(sql, (session) => runOwn(session, sql));
      } catch (error) {
        if (!(error instanceof DatabaseError) || error instanceof EngineEndedError) throw error;
        const { message, code, offset, hint, detail, cause } = error;
        throw new DatabaseError(message, { code, offset, hint, detail, cause, statement: index });
      }
    }
  }

  async query<Row extends object>(sql: string): Promise<Row[]> {
    const ask = (session: Session) => session.ask<Row>(sql, this.#options.limits.memory);
    return isReading(sql) ? await this.#watched(ask) : await this.#recorded(sql, ask);
  }

  async queryEach<Row extends object>(statements: readonly string[]): Promise<readonly Row[][]> {
    if (statements.length === 0) return [];
    if (statements.every(isReading)) {
      const { memory } = this.#options.limits;
      return await this.#watched((session) => session.askEach<Row>(statements, memory));
    }
    return await queryInTurn<Row>(this, statements);
  }

  checkpoint(): Promise<Checkpoint> {
    return Promise.resolve(new RemoteCheckpoint(++this.#checkpoints, this, this.#journal));
  }

  async rewind(to: Checkpoint): Promise<void> {
    if (!(to instanceof RemoteCheckpoint) || to.database !== this) {
      throw new DatabaseError("Cannot rewind to a checkpoint of another database");
    }
    if (this.#journal.isSame(to.journal) && this.#session?.isDead === false) return;
    this.#closeSession();
    await this.#options.run.renew();
    this.#journal = Journal.empty;
    for (const { sql } of to.journal.entries) {
      try {
        await this.#watched((session) => runOwn(session, sql));
      } catch (error) {
        // It failed then as well.
        if (!(error instanceof DatabaseError) || error.code === TIMEOUT) throw error;
      }
    }
    this.#journal = to.journal;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#options.signal.removeEventListener("abort", this.#abort);
    this.#closeSession();
    return Promise.resolve();
  }

  #closeSession(): void {
    this.#session?.close();
    this.#session = null;
  }

  async #recorded<Result>(
    sql: string,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    const begun = performance.now();
    try {
      return await this.#watched(work);
    } finally {
      this.#journal = this.#journal.with([{ sql, ms: performance.now() - begun }]);
    }
  }

  async #live(): Promise<Session> {
    const { run, signal } = this.#options;
    signal.throwIfAborted();
    if (this.#isOver) throw new DatabaseError("The scratch database is closed", { code: "08003" });
    if (this.#session !== null && !this.#session.isDead) return this.#session;
    const session = await run.connect();
    this.#session = session;
    await session.run(`${SESSION_SETTINGS}; USE ${quoteName(run.database)}`);
    return session;
  }

  /** Runs something with an eye on its time: it is told to end, and loses its session when it does not. */
  async #watched<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    const session = await this.#live();
    const { run, signal, limits: { statementTimeout } } = this.#options;
    let isLate = false;
    const timers = statementTimeout === 0 ? [] : [
      setTimeout(() => {
        isLate = true;
        run.cancel(session).catch(() => session.close());
      }, statementTimeout),
      setTimeout(() => session.close(), statementTimeout + PATIENCE),
    ];
    try {
      const result = await work(session);
      // SLEEP and BENCHMARK end as if nothing were the matter.
      if (isLate) throw late(statementTimeout);
      return result;
    } catch (error) {
      signal.throwIfAborted();
      throw isLate ? late(statementTimeout, error) : error;
    } finally {
      timers.forEach(clearTimeout);
    }
  }
}

/** Runs a statement, and one that may not state its definer without that: definers are not compared. */
async function runOwn(session: Session, sql: string): Promise<void> {
  try {
    await session.run(sql);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== REFUSED) throw error;
    // Who may not set them did not.
    if (sql.endsWith(PRIVILEGED_SETTINGS)) return;
    const own = withoutDefiner(sql);
    if (own === null) throw error;
    await session.run(own);
  }
}

/** The number of the error for a privilege on the server that an account lacks. */
const REFUSED = "1227";

const TIMEOUT = "57014";

/** Milliseconds that a statement has to end after it was told to. */
const PATIENCE = 5_000;

function late(timeout: number, cause?: unknown): DatabaseError {
  return new DatabaseError(`the statement takes longer than ${formatDuration(timeout)}`, {
    code: TIMEOUT,
    hint: TIMEOUT_HINT,
    cause,
  });
}

class RemoteCheckpoint implements Checkpoint {
  constructor(
    readonly id: number,
    readonly database: RemoteDatabase,
    readonly journal: Journal,
  ) {}
}

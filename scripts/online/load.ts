/** Clients that read and write all the time while migrations run on a real Postgres, and how long each of their requests took. */

import { DatabaseError } from "../../src/core/error.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import type { Migration, Script } from "../../src/formats/format.ts";
import type { PostgresAddress } from "../../src/runtimes/postgres_server/address.ts";
import { queryMessage, readAnswer } from "../../src/runtimes/postgres_wire/messages.ts";
import { replyError } from "../../src/runtimes/postgres_wire/reply_error.ts";
import { PostgresClient } from "../../src/runtimes/postgres_server/client.ts";

/** A connection that sends one message after the other. */
export class Session implements AsyncDisposable {
  readonly #client: PostgresClient;

  private constructor(client: PostgresClient) {
    this.#client = client;
  }

  /** Connects. */
  static async open(address: PostgresAddress): Promise<Session> {
    return new Session(await PostgresClient.connect(address, new AbortController().signal));
  }

  /** Gives the rows of the last query, values as text. Throws DatabaseError for what the server refuses. */
  async exec(sql: string): Promise<readonly (readonly (string | null)[])[]> {
    const { results, error } = readAnswer((await this.#client.send(queryMessage(sql))).bytes);
    if (error !== null) throw replyError(error, { isTimeout: false, sql });
    return results.at(-1)?.rows ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }
}

/** What the clients saw. */
export interface Load {
  readonly requests: number;
  /** Milliseconds of the longest one. */
  readonly longest: number;
  /** What the server said to requests that failed. */
  readonly failures: readonly string[];
  /** How often a migration gave up waiting for a lock and was run again. */
  readonly retries: number;
}

/** The last number that a request got. */
let last = 0;

/** What one client sends, over and over; `$n` stands for a number that is new each time. */
export type Requests = readonly string[];

/** Runs migrations while the clients run, each for itself. Throws for a migration that fails for another reason than a lock. */
export async function underLoad(
  address: PostgresAddress,
  migrations: readonly Migration[],
  clients: readonly Requests[],
): Promise<Load> {
  const state = { isOver: false, requests: 0, longest: 0, failures: new Set<string>() };
  const send = async (requests: Requests) => {
    await using client = await Session.open(address);
    for (let at = 0; !state.isOver; at++) {
      const sql = (requests[at % requests.length] ?? "").replaceAll("$n", String(++last));
      const start = performance.now();
      try {
        await client.exec(sql);
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        state.failures.add(`${sql}: ${error.message}`);
      }
      state.requests++;
      state.longest = Math.max(state.longest, performance.now() - start);
    }
  };
  const running = clients.map(send);
  let retries = 0;
  try {
    await using runner = await Session.open(address);
    for (const { up } of migrations) retries += await runPatiently(runner, up);
  } finally {
    state.isOver = true;
    await Promise.all(running);
  }
  const { requests, longest, failures } = state;
  return { requests, longest, failures: [...failures], retries };
}

/** As a runner does, and again where no lock was to be had in time; gives how often. */
async function runPatiently(client: Session, script: Script): Promise<number> {
  for (let tries = 0;; tries++) {
    try {
      await runOnce(client, script);
      return tries;
    } catch (error) {
      if (!(error instanceof DatabaseError) || !/lock timeout/.test(error.message)) throw error;
      if (tries === 50) throw error;
      await client.exec("ROLLBACK");
    }
  }
}

async function runOnce(client: Session, script: Script): Promise<void> {
  const statements = postgres.split(script.text);
  if (script.transaction === "one") await client.exec("BEGIN");
  for (const { sql } of statements) await client.exec(sql);
  if (script.transaction === "one") await client.exec("COMMIT");
}

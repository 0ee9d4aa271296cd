/** aim's own session on a server: makes and drops databases, and asks about what the whole server has. */

import { DatabaseError } from "../../core/error.ts";
import type { Json } from "../../core/snapshot.ts";
import { type ErrorFields, queryMessage, readAnswer } from "../postgres_wire/messages.ts";
import { replyError } from "../postgres_wire/reply_error.ts";
import { toRows } from "../postgres_wire/values.ts";
import type { PostgresAddress } from "./address.ts";
import { PostgresClient } from "./client.ts";

/** See the module's comment. Only SQL of aim's own goes here. All its errors are `DatabaseError`. */
export class Administration {
  readonly #client: PostgresClient;

  static async connect(address: PostgresAddress, signal: AbortSignal): Promise<Administration> {
    return new Administration(await PostgresClient.connect(address, signal));
  }

  private constructor(client: PostgresClient) {
    this.#client = client;
  }

  get address(): PostgresAddress {
    return this.#client.address;
  }

  /** The server's version as it says it: `15.18`, `17beta1`. */
  get version(): string {
    return /^\S+/.exec(this.#client.parameter("server_version") ?? "")?.[0] ?? "";
  }

  /** Its major version. */
  get major(): number {
    return Number.parseInt(this.version);
  }

  /** Runs one statement, or several in one transaction. */
  async exec(sql: string): Promise<void> {
    await this.#send(sql);
  }

  /** The rows of the last of some statements. */
  async query<Row extends object>(sql: string): Promise<Row[]> {
    const result = (await this.#send(sql)).results.at(-1);
    return result === undefined ? [] : toRows(result, new Map<number, number>()) as Row[];
  }

  /** One value. */
  async value(sql: string): Promise<Json> {
    return (await this.query<{ value: Json }>(sql))[0]?.value ?? null;
  }

  end(): Promise<void> {
    return this.#client.end();
  }

  async #send(sql: string) {
    const { bytes } = await this.#client.send(queryMessage(sql));
    const answer = readAnswer(bytes);
    if (answer.error !== null) throw answerError(answer.error, sql);
    return answer;
  }
}

function answerError(fields: ErrorFields, sql: string): DatabaseError {
  return replyError(fields, { isTimeout: false, sql });
}

/** A name as SQL has it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL has it, whatever `standard_conforming_strings` says. */
export function quoteText(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
  return text.includes("\\") ? `E${quoted}` : quoted;
}

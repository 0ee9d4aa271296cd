/** Whether a session keeps its backend: a pooler in transaction mode gives each transaction another one, and locks and settings stay behind. */

import { DatabaseError } from "../../core/error.ts";
import { queryMessage, readAnswer } from "../postgres_wire/messages.ts";
import { replyError } from "../postgres_wire/reply_error.ts";
import { toRows } from "../postgres_wire/values.ts";
import { PostgresClient } from "./client.ts";

/**
 * Throws DatabaseError where a session shares its backend with others. A server names the backend when it lets a session in; where that is
 * the one that answers nothing stands between, and no more is asked.
 */
export async function demandOwnSession(client: PostgresClient): Promise<void> {
  const first = await backendOf(client, "");
  if (first === client.processId) return;
  const other = await backendOfAnother(client);
  const second = await backendOf(client, "");
  if (other !== first && second === first) return;
  throw new DatabaseError(
    "Cannot run migrations through a pooler in transaction mode: a session has no backend of its own there, and its locks and settings get lost",
    {
      hint: "Give the address of the server itself, or of a pool in session mode",
    },
  );
}

/** The backend of a second session in a transaction, which takes the one of the first where that is free; null where it gets none in time. */
async function backendOfAnother({ address }: PostgresClient): Promise<number | null> {
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    const client = await PostgresClient.connect(address, signal);
    try {
      const backend = await backendOf(client, "BEGIN;");
      await client.send(queryMessage("ROLLBACK"));
      return backend;
    } finally {
      await client.end();
    }
  } catch (error) {
    // No connection is left for it, which says nothing about the first.
    if (error instanceof DatabaseError || error === signal.reason) return null;
    throw error;
  }
}

/** The number of the backend that answers. */
async function backendOf(client: PostgresClient, begin: string): Promise<number> {
  const sql = `${begin}SELECT pg_catalog.pg_backend_pid() AS backend`;
  const { bytes } = await client.send(queryMessage(sql));
  const answer = readAnswer(bytes);
  if (answer.error !== null) throw replyError(answer.error, { isTimeout: false, sql });
  const result = answer.results.at(-1);
  const [row] = result === undefined ? [] : toRows(result, new Map<number, number>());
  return Number(row?.backend);
}

/** Milliseconds. */
const PATIENCE = 3000;

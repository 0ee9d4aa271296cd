/** One migration run by two sessions at once: where each waits for what the other holds, the server ends one of them. */

import { DatabaseError } from "../../core/error.ts";
import type { MeasuredStatement } from "../../core/measured.ts";
import type { Statement } from "../../core/statement.ts";
import type { Deadlock } from "../../rules/rule.ts";
import type { Checkpoint, ScratchDatabase, SecondSession } from "../../runtimes/runtime.ts";
import type { Project } from "../project.ts";

/** A script in the state before it, and what was measured of it. */
export interface AtOnceInput {
  readonly start: Checkpoint;
  readonly statements: readonly Statement[];
  /** The transaction of each statement, by number; null for one that has its own. */
  readonly transactions: readonly (number | null)[];
  readonly measured: ReadonlyMap<number, MeasuredStatement>;
  /** The tables that get rows: all when absent. */
  readonly seeding: { readonly tables?: ReadonlySet<string> };
}

/** At how many statements it is tried at most: each try begins with a copy of the database. */
const MOST = 4;
/** Milliseconds after which a session that does not answer is taken to wait for a lock. */
const WAITS = 250;

/**
 * The deadlocks that there were. Tried where a statement asks for a lock that blocks others while its transaction holds some already;
 * two runs that take their locks for the first time in the same order only wait. Empty where the server has no second session. Leaves
 * the database in some state: the caller goes back.
 */
export async function deadlocksOf(
  project: Project,
  database: ScratchDatabase,
  input: AtOnceInput,
): Promise<readonly Deadlock[]> {
  const { statements, transactions, measured } = input;
  if (database.beside === undefined) return [];
  const suspects = [...measured].flatMap(([index, { held, locks }]) =>
    held.length > 0 && locks.some(({ blocks }) => blocks !== "nothing") &&
      transactions[index] !== null && transactions[index] !== undefined
      ? [index]
      : []
  ).slice(0, MOST);
  const found: Deadlock[] = [];
  for (const index of suspects) {
    const begun = transactions.indexOf(transactions[index] ?? null);
    const all = statements.slice(0, index + 1);
    if (all.some(({ copyData, transactional }) => copyData !== undefined || !transactional)) break;
    await database.rewind(input.start);
    await project.engine.rows.seed(database, input.seeding);
    if (project.engine.reset !== "") await database.exec(project.engine.reset);
    const deadlock = await tried(database, statements, begun, index);
    if (deadlock === "alone") return found;
    if (deadlock !== null) found.push(deadlock);
  }
  return found;
}

/** The first run stops before the statement; the second goes as far as it can; then the first goes on. */
async function tried(
  database: ScratchDatabase,
  statements: readonly Statement[],
  begun: number,
  index: number,
): Promise<Deadlock | "alone" | null> {
  await using first = await database.beside?.() ?? null;
  await using second = first === null ? null : await database.beside?.() ?? null;
  if (first === null || second === null) return "alone";
  try {
    for (const { sql, control } of statements.slice(0, begun)) {
      if (control === undefined) await first.exec(sql);
    }
    const own = statements.slice(begun, index + 1).filter(({ control }) => control === undefined);
    await first.exec("BEGIN");
    await second.exec("BEGIN");
    for (const { sql } of own.slice(0, -1)) await first.exec(sql);
    const other = { at: begun, failure: null as string | null };
    const going = goOn(second, statements, { from: begun, to: index, state: other });
    await Promise.race([going, pause(WAITS)]);
    const last = statements[index];
    if (last === undefined) return null;
    const failure = await failureOf(first, last.sql);
    await first.exec("ROLLBACK");
    await going;
    await second.exec("ROLLBACK");
    const isEnded = [failure, other.failure].includes(first.deadlock);
    return isEnded ? { index, other: other.at } : null;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return null;
  }
}

/** Runs statements until one fails, and keeps in `state` which one that is or waits. */
async function goOn(
  session: SecondSession,
  statements: readonly Statement[],
  { from, to, state }: {
    readonly from: number;
    readonly to: number;
    readonly state: { at: number; failure: string | null };
  },
): Promise<void> {
  for (let at = from; at <= to; at++) {
    const statement = statements[at];
    if (statement === undefined || statement.control !== undefined) continue;
    state.at = at;
    state.failure = await failureOf(session, statement.sql);
    if (state.failure !== null) return;
  }
}

/** The code of what the server says against it; null for nothing. */
async function failureOf(session: SecondSession, sql: string): Promise<string | null> {
  try {
    await session.exec(sql);
    return null;
  } catch (error) {
    if (error instanceof DatabaseError) return error.code ?? "error";
    throw error;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

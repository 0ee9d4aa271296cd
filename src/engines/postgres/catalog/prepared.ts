/** Queries of the catalog as prepared statements: planning them costs more than running them. */

import { DatabaseError } from "../../../core/error.ts";
import type { Connection } from "../../../runtimes/runtime.ts";

/**
 * Runs a query under a name by which the session keeps its plan; `sql` is asked for once for a session, and `planning` are statements
 * that hold for its transaction. Not inside a transaction.
 */
export async function queryPrepared<Row extends object>(
  database: Connection,
  name: string,
  sql: () => string | Promise<string>,
  planning = "",
): Promise<Row[]> {
  const statement = statementName(name);
  const execute = `${planning}EXECUTE ${statement}`;
  try {
    return await database.query<Row>(execute);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== UNDEFINED_STATEMENT) throw error;
    await database.exec(`PREPARE ${statement} AS ${await sql()}`);
    return await database.query<Row>(execute);
  }
}

/** The same inside a transaction, which a refusal would end: `prepared` are the names of the statements that there are. */
export async function queryInTransaction<Row extends object>(
  database: Connection,
  name: string,
  sql: string,
  prepared: Set<string>,
): Promise<Row[]> {
  const statement = statementName(name);
  if (!prepared.has(statement)) {
    await database.exec(`PREPARE ${statement} AS ${sql}`);
    prepared.add(statement);
  }
  return await database.query<Row>(`EXECUTE ${statement}`);
}

const UNDEFINED_STATEMENT = "26000";

/** What a query is called in the session. */
export function statementName(name: string): string {
  return `aim_${name.replaceAll(" ", "_")}`;
}

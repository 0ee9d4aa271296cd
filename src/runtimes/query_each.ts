/** Several queries of one session. */

import type { Connection } from "./runtime.ts";

/** Gives the rows of each: in one trip to the server where the connection can, else one after the other. */
export async function queryEach<Row extends object>(
  connection: Pick<Connection, "query" | "queryEach">,
  statements: readonly string[],
): Promise<readonly Row[][]> {
  return await connection.queryEach<Row>?.(statements) ??
    await queryInTurn<Row>(connection, statements);
}

/** Gives the rows of each, one after the other. */
export async function queryInTurn<Row extends object>(
  connection: Pick<Connection, "query">,
  statements: readonly string[],
): Promise<readonly Row[][]> {
  const answers: Row[][] = [];
  for (const sql of statements) answers.push(await connection.query<Row>(sql));
  return answers;
}

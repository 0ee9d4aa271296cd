/** Triggers and foreign keys out of the way of rows that are put in. */

import { DatabaseError } from "../../../core/error.ts";

/** The state of an account that may not change the setting. */
const DENIED = "42501";

/**
 * `replica` takes triggers and foreign keys out of the way, `origin` puts them back. On a server of somebody else the account may not
 * have the right: then they act, and a row that they refuse is not put in.
 */
export async function setReplicationRole(
  query: (sql: string) => Promise<unknown>,
  role: "replica" | "origin",
): Promise<void> {
  try {
    await query(`SET session_replication_role = ${role}`);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== DENIED) throw error;
  }
}

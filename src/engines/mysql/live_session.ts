/** A session on a server that people use, in the database of the address. */

import { DatabaseError } from "../../core/error.ts";
import { connect } from "../../runtimes/mysql_remote/connect.ts";
import type { Session } from "../../runtimes/mysql_server/session.ts";
import { ident } from "./books.ts";
import type { LiveAddress } from "./live_address.ts";

/** Opens it. Throws DatabaseError for a server that does not let it in, and for a database that it may not use. */
export async function openSession({ address, database, shown }: LiveAddress): Promise<Session> {
  const session = await connect(address);
  try {
    await session.run(`USE ${ident(database)}`);
    return session;
  } catch (error) {
    session.close();
    if (!(error instanceof DatabaseError)) throw error;
    const { code = "", message } = error;
    const hint = HINTS[code] ?? error.hint;
    throw new DatabaseError(`Cannot use ${shown}: ${message}`, { code, hint, cause: error });
  }
}

/** By the server's numbers. */
const HINTS: Readonly<Record<string, string | undefined>> = {
  "1044": "The account may not use this database: grant it, or use another account",
  "1049": "Check the name of the database in the address, or create it",
};

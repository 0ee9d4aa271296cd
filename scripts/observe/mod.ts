/** The independent observer of a scratch database: `pg_dump`, `.schema` or SHOW CREATE, normalised up to the order of columns. */

import type { ScratchDatabase, Server } from "../../src/runtimes/runtime.ts";
import { normalDump } from "./normal_dump.ts";
import { dumpSchema, type Exchange } from "./pg_dump.ts";
import { dumpOnServer } from "./server_dump.ts";
import { showCreate } from "./show_create.ts";
import { normalSchema, SCHEMA_QUERY, type SchemaRow } from "./sqlite_schema.ts";

/** Gives a text that is equal for two databases exactly when the observer finds no difference. Leaves the database as it was. */
export async function observe(database: ScratchDatabase, server: Server): Promise<string> {
  if (database.dialect === "sqlite") {
    return normalSchema(await database.query<SchemaRow>(SCHEMA_QUERY));
  }
  if (database.dialect === "mysql" || database.dialect === "mariadb") {
    return await showCreate(database);
  }
  if (server.runtime === "local") return normalDump(await dumpOnServer(database, server.version));
  const checkpoint = await database.checkpoint();
  try {
    return normalDump(await dumpSchema(exchangeOf(database), server.version));
  } finally {
    await database.rewind(checkpoint);
  }
}

function exchangeOf(database: ScratchDatabase): Exchange {
  if (!("exchange" in database) || typeof database.exchange !== "function") {
    throw new Error("Cannot observe a database that does not give its wire protocol away");
  }
  const exchange = database.exchange.bind(database);
  return (message) => exchange(message);
}

/** Statements that need a superuser and reach nothing outside of their database: they are run with the rights of one. */

import { Buffer } from "node:buffer";
import { frontendMessage, queryMessage, readAnswer } from "../postgres_wire/messages.ts";
import { type Administration, quoteName } from "../postgres_server/administration.ts";
import type { PostgresClient, Reply } from "../postgres_server/client.ts";
import { SCRIPT_ROLE } from "./cluster.ts";

/**
 * Sends the statement while its role is a superuser; null for any other. It goes as one statement by the protocol itself, which takes
 * no second one: what follows a semicolon is an error of the server.
 */
export function elevated(
  sql: string,
  client: PostgresClient,
  admin: Administration,
): Promise<Reply> | null {
  if (REPLICATION_ROLE.test(sql)) return send(sql, client, admin);
  const [, quoted, plain] = CREATE_EXTENSION.exec(sql) ?? [];
  const name = quoted ?? plain?.toLowerCase() ?? "";
  if (PLAIN.has(name)) return send(sql, client, admin);
  return CAREFUL.has(name) ? sendAlone(sql, client, admin) : null;
}

/** The extension's script may use names that functions of a schema could take from it: those would run as a superuser. */
async function sendAlone(
  sql: string,
  client: PostgresClient,
  admin: Administration,
): Promise<Reply> {
  const functions = await client.send(queryMessage(USER_FUNCTIONS));
  const [count] = readAnswer(functions.bytes).results[0]?.rows[0] ?? [];
  return count === "0"
    ? await send(sql, client, admin)
    : await client.send(queryMessage(sql), { rows: false });
}

/** Functions that belong to no extension. */
const USER_FUNCTIONS = `
  SELECT pg_catalog.count(*)
  FROM pg_catalog.pg_proc p
  WHERE p.oid OPERATOR(pg_catalog.>=) 16384
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
        AND d.objid OPERATOR(pg_catalog.=) p.oid AND d.deptype OPERATOR(pg_catalog.=) 'e')`;

async function send(sql: string, client: PostgresClient, admin: Administration): Promise<Reply> {
  const role = quoteName(SCRIPT_ROLE);
  await admin.exec(`ALTER ROLE ${role} SUPERUSER`);
  try {
    return await client.send(singleStatement(sql));
  } finally {
    await admin.exec(`ALTER ROLE ${role} NOSUPERUSER`);
  }
}

/** Rows are put in without triggers and foreign keys in the way. */
const REPLICATION_ROLE = /^SET session_replication_role = (?:replica|origin)$/;

/** Nothing may stand before it: where a comment ends, the server alone knows. */
const CREATE_EXTENSION =
  /^CREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:"([\w-]+)"|([a-z_][\w$]*))(?=[\s;]|$)/i;

/** Of the manual's appendix F, what is not marked as trusted and opens no file, connection or program to those who may use it. */
const PLAIN: ReadonlySet<string> = new Set(
  `amcheck autoinc bloom dict_xsyn insert_username moddatetime pg_buffercache pg_freespacemap pg_prewarm pg_stat_statements
  pg_visibility pg_walinspect pgrowlocks pgstattuple refint`.split(/\s+/),
);

/** Others that are common and open nothing either, but whose scripts do more than define. */
const CAREFUL: ReadonlySet<string> = new Set(
  `address_standardizer address_standardizer_data_us earthdistance hll hypopg ip4r pg_hashids pg_ivm pg_uuidv7 pgtap postgis
  postgis_topology prefix semver sslinfo temporal_tables vector`.split(/\s+/),
);

/** Parse, Bind, Describe, Execute and Sync. */
function singleStatement(sql: string): Uint8Array {
  const nothing = Buffer.alloc(2);
  return Buffer.concat([
    frontendMessage("P", Buffer.concat([Buffer.from(`\0${sql}\0`), nothing])),
    frontendMessage("B", Buffer.concat([Buffer.from("\0\0"), nothing, nothing, nothing])),
    frontendMessage("E", Buffer.from([0, 0, 0, 0, 0])),
    frontendMessage("S", Buffer.alloc(0)),
  ]);
}

/** Statements that need a superuser and reach nothing outside of their database: they are run with the rights of one. */

import { Buffer } from "node:buffer";
import { frontendMessage, queryMessage, readAnswer } from "../postgres_wire/messages.ts";
import { type Administration, quoteName } from "../postgres_server/administration.ts";
import type { PostgresClient, Reply } from "../postgres_server/client.ts";
import { ownerQuery } from "./owner_change.ts";
import { SCRIPT_ROLE } from "./roles.ts";

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
  const owner = ownerQuery(sql);
  if (owner !== null) return sendIf(owner, sql, { client, admin });
  const [, quoted, plain] = CREATE_EXTENSION.exec(sql) ?? [];
  const name = quoted ?? plain?.toLowerCase() ?? "";
  if (PLAIN.has(name)) return send(sql, client, admin);
  // The extension's script may use names that functions of a schema could take from it: those would run as a superuser.
  return CAREFUL.has(name) ? sendIf(NO_USER_FUNCTIONS, sql, { client, admin }) : null;
}

/** Whether an extension may be created with the rights of a superuser. */
export function isHarmless(extension: string): boolean {
  return PLAIN.has(extension) || CAREFUL.has(extension);
}

/** With the rights of a superuser where a query of the same session gives true, else as any other statement. */
async function sendIf(
  condition: string,
  sql: string,
  { client, admin }: { readonly client: PostgresClient; readonly admin: Administration },
): Promise<Reply> {
  const { results } = readAnswer((await client.send(queryMessage(condition))).bytes);
  return results[0]?.rows[0]?.[0] === "t"
    ? await send(sql, client, admin)
    : await client.send(queryMessage(sql), { rows: false });
}

/** There are no functions but compiled ones: of those of an extension, too, the scripts' role is the owner and may change them. */
const NO_USER_FUNCTIONS = `
  SELECT NOT EXISTS (
    SELECT FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_language l ON l.oid OPERATOR(pg_catalog.=) p.prolang
    WHERE p.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid
      AND l.lanname OPERATOR(pg_catalog.<>) 'c' AND l.lanname OPERATOR(pg_catalog.<>) 'internal')`;

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

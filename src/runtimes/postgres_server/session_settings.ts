/** What a session set for itself, so that a new session can be given it. */

import { queryMessage, readAnswer } from "../postgres_wire/messages.ts";
import { quoteName, quoteText } from "./administration.ts";
import type { PostgresClient } from "./client.ts";

/** Settings that do not come from the server's configuration, by name, and the session's role. */
export interface SessionState {
  readonly settings: ReadonlyMap<string, string>;
  /** As `SET ROLE` has it. */
  readonly role: string;
  /** As `SET SESSION AUTHORIZATION` has it. */
  readonly user: string;
}

/** Reads the state of a session that is in no transaction; `own` are settings that no list of the server has: `app.tenant`. */
export async function readSession(
  client: PostgresClient,
  own: ReadonlySet<string>,
): Promise<SessionState> {
  const rows = await rowsOf(client, `${READ}${[...own].map(readOwn).join("")} ORDER BY 1, 2`);
  const [, role = "none", user = ""] = rows[0] ?? [];
  const settings = rows.slice(1).flatMap(([, name, value]) =>
    name === null || name === undefined || value === null || value === undefined
      ? []
      : [[name, value] as const]
  );
  return { settings: new Map(settings), role: role ?? "none", user: user ?? "" };
}

/** Gives a new session the state that another one had. What it may not set stays as the server has it. */
export async function restoreSession(
  client: PostgresClient,
  wanted: SessionState,
  own: ReadonlySet<string>,
): Promise<void> {
  const now = await readSession(client, own);
  const changed = [...wanted.settings].filter(([name, value]) => now.settings.get(name) !== value);
  const surplus = [...now.settings.keys()].filter((name) => !wanted.settings.has(name));
  const statements = [
    ...surplus.map((name) =>
      `SELECT pg_catalog.set_config(name, boot_val, false) FROM pg_catalog.pg_settings WHERE name = ${
        quoteText(name)
      }`
    ),
    ...changed.map(([name, value]) =>
      `SELECT pg_catalog.set_config(${quoteText(name)}, ${quoteText(value)}, false)`
    ),
    ...(wanted.user === now.user ? [] : [`SET SESSION AUTHORIZATION ${quoteName(wanted.user)}`]),
    ...(wanted.role === now.role ? [] : [`SET ROLE ${quoteName(wanted.role)}`]),
  ];
  for (const sql of statements) await client.send(queryMessage(sql), { rows: false });
}

const READ = `
  SELECT 0 AS place, pg_catalog.current_setting('role') AS name, session_user::pg_catalog.text AS value
  UNION ALL
  SELECT 1, name, pg_catalog.current_setting(name)
  FROM pg_catalog.pg_settings
  WHERE source IN ('client', 'database', 'user', 'database user', 'session')
    AND name NOT IN ('role', 'session_authorization', 'application_name', 'transaction_isolation', 'transaction_read_only',
      'transaction_deferrable')`;

function readOwn(name: string): string {
  const text = quoteText(name);
  return ` UNION ALL SELECT 1, ${text}, pg_catalog.current_setting(${text}, true)`;
}

/** Names of settings of an application's own that a script sets: they are asked for by name. */
export function ownSettings(sql: string): readonly string[] {
  return [...sql.matchAll(OWN)].map(([, set, called]) => (set ?? called ?? "").toLowerCase());
}

const OWN =
  /\bSET\s+(?:SESSION\s+)?([a-z_]\w*(?:\.[a-z_]\w*)+)|\bset_config\s*\(\s*'([a-z_]\w*(?:\.[a-z_]\w*)+)'/gi;

async function rowsOf(client: PostgresClient, sql: string) {
  return readAnswer((await client.send(queryMessage(sql))).bytes).results[0]?.rows ?? [];
}

/** Settings of a session that all scripts of a project have. */

import type { SessionSettings } from "../engine.ts";
import { literal } from "./quote.ts";

/** The search path, and what was set for the database and its role. */
export const session: SessionSettings = {
  setSearchPath: (path) => setting("search_path", path),
  kept: async (database) => {
    const [own] = await database.query<{ path: string | null }>(SESSION_PATH);
    const set = await database.query<{ entry: string }>(STORED);
    const stored = set.map(({ entry }) => {
      const at = entry.indexOf("=");
      return setting(entry.slice(0, at), entry.slice(at + 1));
    });
    return [...stored, ...(own?.path ? [setting("search_path", own.path)] : [])].join("");
  },
  plannedPath: "public",
  planned: (inTransaction) => `SET ${inTransaction ? "LOCAL " : ""}search_path = public`,
  isPlanned: async (database) => {
    const [row] = await database.query<{ planned: boolean }>(
      `SELECT coalesce((current_schemas(false))[1] = 'public', true) AS planned`,
    );
    return row?.planned === true;
  },
};

/** An empty path is that of a dump, which is meant for the dump alone. */
const SESSION_PATH = `
  SELECT nullif(btrim(setting, '"'), '') AS path
  FROM pg_settings
  WHERE name = 'search_path' AND source = 'session'`;

/** As a new session would get them: what is set for a role goes over what is set for the database. */
const STORED = `
  SELECT entry
  FROM pg_db_role_setting, unnest(setconfig) WITH ORDINALITY AS e (entry, place)
  WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    AND setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = session_user))
  ORDER BY setrole <> 0, setdatabase <> 0, place`;

function setting(name: string, value: string): string {
  return `SELECT pg_catalog.set_config(${literal(name)}, ${literal(value)}, false);\n`;
}

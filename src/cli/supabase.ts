/** What Supabase's own settings say of the schema beside `supabase/migrations`. */

import { stat } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { parse as parseToml } from "smol-toml";
import { MEGABYTE, readText } from "../host/read_text.ts";

/** Where the schema is kept, relative to the project, and what the user should know. */
export interface SupabaseSchema {
  /** Several in the order in which they are loaded. */
  readonly schema: string | readonly string[];
  readonly notes: readonly string[];
}

/** The schema of Supabase's `schema_paths`, else `supabase/schemas`; null for migrations that are not Supabase's. */
export async function supabaseSchema(
  project: string,
  migrations: string,
): Promise<SupabaseSchema | null> {
  const folder = dirname(migrations);
  if (posix.basename(folder) !== "supabase" || posix.basename(migrations) !== "migrations") {
    return null;
  }
  const notes = ["Supabase's own command applies these migrations: supabase db push"];
  const paths = await schemaPaths(join(project, folder, "config.toml"));
  const [first] = paths;
  if (first !== undefined) {
    const [path = "", ...more] = paths.map((one) => posix.join(folder, one));
    return { schema: more.length === 0 ? path : [path, ...more], notes };
  }
  const schemas = posix.join(folder, "schemas");
  const isThere = await stat(join(project, schemas)).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return { schema: isThere ? schemas : `${schemas}/schema.sql`, notes };
}

/** `db.migrations.schema_paths`, relative to the file's folder; none when the file cannot be read. */
async function schemaPaths(file: string): Promise<readonly string[]> {
  try {
    const settings: unknown = parseToml(await readText(file, { limit: MEGABYTE }));
    const paths = ["db", "migrations", "schema_paths"].reduce(memberOf, settings);
    const isPath = (path: unknown): path is string => typeof path === "string" && path !== "";
    return Array.isArray(paths) ? paths.filter(isPath) : [];
  } catch {
    return [];
  }
}

function memberOf(table: unknown, key: string): unknown {
  if (typeof table !== "object" || table === null) return undefined;
  return Object.entries(table).find(([name]) => name === key)?.[1];
}

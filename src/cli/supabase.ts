/** What Supabase's own settings say of the schema beside `supabase/migrations`. */

import { stat } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { parse as parseToml } from "smol-toml";
import { MEGABYTE, readText } from "../host/read_text.ts";

/** Where the schema is kept, relative to the project, and what the user should know. */
export interface SupabaseSchema {
  readonly schema: string;
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
  if (first !== undefined && paths.length === 1) {
    return { schema: posix.join(folder, first), notes };
  }
  if (first !== undefined) {
    const schema = posix.join(folder, commonFolder(paths));
    notes.push(
      `${folder}/config.toml lists ${paths.length} schema_paths; ${schema} is read in the order of names instead`,
    );
    return { schema, notes };
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

/** The folder that all paths lie in, without what a glob leaves open. */
function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => {
    const parts = posix.normalize(path).split("/");
    const open = parts.findIndex((part) => /[*?[{]/.test(part));
    return open < 0 ? parts.slice(0, -1) : parts.slice(0, open);
  });
  const [first = []] = folders;
  const length = first.findIndex((part, at) => folders.some((other) => other[at] !== part));
  return (length < 0 ? first : first.slice(0, length)).join("/") || ".";
}

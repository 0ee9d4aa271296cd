/** What a server says of the types that it and its extensions bring along: their casts, and what is like a text. */

import type { Connection } from "../../../runtimes/runtime.ts";
import { LAST_SERVER_OID } from "./user_objects.ts";

/** A cast of `pg_cast`. */
export interface ServerCast {
  readonly context: "implicit" | "assignment" | "explicit";
  /** True where the bytes stay as they are. */
  readonly isBinary: boolean;
}

/** The types of a server, by the names that `format_type` gives them. */
export interface ServerTypes {
  /** By `source AS target`. */
  readonly casts: ReadonlyMap<string, ServerCast>;
  /** `pg_type.typcategory`: `S` for what is like a text, `N` for numbers. */
  readonly categories: ReadonlyMap<string, string>;
}

/** What a server answered. */
export interface ServerTypeRow {
  readonly casts: readonly (readonly [string, string, string, string])[];
  readonly categories: Readonly<Record<string, string>>;
}

const byServer = new Map<string, ServerTypes>();

/** Asks for them. */
export async function askServerTypes(connection: Connection): Promise<ServerTypeRow | undefined> {
  return (await connection.query<ServerTypeRow>(SQL))[0];
}

/** Reads them, once for a server with the same extensions: `key` tells these apart. */
export async function readServerTypes(
  key: string,
  ask: () => Promise<ServerTypeRow | undefined>,
): Promise<ServerTypes> {
  const known = byServer.get(key);
  if (known !== undefined) return known;
  const row = await ask();
  const types: ServerTypes = {
    casts: new Map((row?.casts ?? []).map(([source, target, context, method]) => [
      `${source} AS ${target}`,
      {
        context: context === "i" ? "implicit" : context === "a" ? "assignment" : "explicit",
        isBinary: method === "b",
      },
    ])),
    categories: new Map(Object.entries(row?.categories ?? {})),
  };
  byServer.set(key, types);
  return types;
}

const SQL = `
  SELECT
    (SELECT json_agg(json_build_array(format_type(castsource, NULL), format_type(casttarget, NULL),
        castcontext::text, castmethod::text))
      FROM pg_cast c WHERE ${broughtAlong("pg_cast")}) AS casts,
    (SELECT json_object_agg(format_type(c.oid, NULL), c.typcategory::text)
      FROM pg_type c
      WHERE c.typtype IN ('b', 'r', 'm') AND c.typcategory <> 'A' AND ${broughtAlong("pg_type")}
    ) AS categories`;

/** True in SQL for a row of the catalog, under `c`, that the server or an extension brought along. */
function broughtAlong(catalog: string): string {
  return `(c.oid <= ${LAST_SERVER_OID} OR EXISTS (
    SELECT FROM pg_depend d
    WHERE d.classid = 'pg_catalog.${catalog}'::regclass AND d.objid = c.oid AND d.deptype = 'e'))`;
}

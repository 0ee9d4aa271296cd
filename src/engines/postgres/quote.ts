/** Quoting for Postgres, as `quote_ident` and `quote_literal` do it. */

import { splitName } from "./names.ts";
import { RESERVED } from "./reserved.ts";

/** An identifier as SQL: quoted only where it must be. */
export function ident(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name)
    ? name
    : `"${name.replaceAll('"', '""')}"`;
}

/** A schema-qualified identifier as SQL; `public` is left out, since migrations run with it on the search path. */
export function qualified(schema: string, name: string): string {
  return schema === "public" ? ident(name) : `${ident(schema)}.${ident(name)}`;
}

/** A string constant as SQL. */
export function literal(text: string): string {
  const body = text.replaceAll("'", "''");
  return body.includes("\\") ? `E'${body.replaceAll("\\", "\\\\")}'` : `'${body}'`;
}

/** A joined name as SQL, `public.` left out. */
export function reference(name: string): string {
  const parts = splitName(name);
  return (parts.length > 1 && parts[0] === "public" ? parts.slice(1) : parts).map(ident).join(".");
}

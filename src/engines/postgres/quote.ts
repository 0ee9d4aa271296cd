/** Quoting for Postgres, as `quote_ident` and `quote_literal` do it. */

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

/**
 * A name as `SchemaObject.name` has it, from its parts: `public.users.email`. A part that holds a dot, a quote or a parenthesis is
 * quoted, so that `splitName` can tell the parts again.
 */
export function joinName(...parts: readonly string[]): string {
  return parts.map((part) => /[."()]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part)
    .join(".");
}

/** The parts of a name that `joinName` made; an argument list stays with the last one. */
export function splitName(name: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  for (let at = 0; at < name.length; at++) {
    const sign = name[at];
    if (sign === '"') {
      for (at++; at < name.length; at++) {
        if (name[at] !== '"') part += name[at];
        else if (name[at + 1] === '"') part += name[++at];
        else break;
      }
    } else if (sign === "(") {
      part += name.slice(at);
      break;
    } else if (sign === ".") {
      parts.push(part);
      part = "";
    } else {
      part += sign;
    }
  }
  return [...parts, part];
}

/** A joined name as SQL, `public.` left out. */
export function reference(name: string): string {
  const parts = splitName(name);
  return (parts.length > 1 && parts[0] === "public" ? parts.slice(1) : parts).map(ident).join(".");
}

/** Domains and the types that they are based on. */

import { type ObjectOf, objectOf, type PostgresContext } from "../../objects.ts";

/** The type with its modifier, domains resolved to their base types. */
export function baseTypeOf(type: string, context: PostgresContext): string {
  const domain = domainNamed(type, context);
  return domain === undefined ? type : baseTypeOf(domain.facts.type, context);
}

/** The type without its modifier, domains resolved to their base types. */
export function bareBaseType(type: string, context: PostgresContext): string {
  const base = domainNamed(type, context)?.facts.type;
  return base !== undefined ? bareBaseType(base, context) : type.replace(/\([^)]*\)/, "");
}

/** The domain that a type is, where it is one. */
export function domainNamed(type: string, { to }: PostgresContext): ObjectOf<"domain"> | undefined {
  const name = type.replace(/\([^)]*\)/, "");
  return objectOf(to, name.includes(".") ? `domain:${name}` : `domain:public.${name}`, "domain");
}

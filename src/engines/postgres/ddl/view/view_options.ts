/** Options of views and materialized views, which the catalog gives by name. */

import type { Facts, PlannedStatement, SchemaObject } from "../../../../schema.ts";
import { ident, literal, reference } from "../../quote.ts";
import { planned } from "../clauses/statement.ts";

/** ALTER ... SET and RESET of the storage options that differ. `fact` holds them by name. */
export function optionChanges(
  before: SchemaObject,
  after: SchemaObject,
  fact = "options",
  prefix = "",
): readonly PlannedStatement[] {
  const had = record(before.facts[fact]);
  const has = record(after.facts[fact]);
  const ref = `${after.kind.toUpperCase()} ${reference(after.name)}`;
  const why = `Options of ${after.kind} ${after.name} differ`;
  const set = Object.entries(has).filter(([name, value]) => had[name] !== value);
  const reset = Object.keys(had).filter((name) => !(name in has));
  return [
    ...(set.length === 0 ? [] : [
      planned(after, `ALTER ${ref} SET (${optionList(Object.fromEntries(set), prefix)})`, why),
    ]),
    ...(reset.length === 0 ? [] : [
      planned(
        after,
        `ALTER ${ref} RESET (${reset.map((name) => prefix + ident(name)).join(", ")})`,
        why,
      ),
    ]),
  ];
}

/** `fillfactor = 70, security_barrier = true` */
export function optionList(options: Facts, prefix = ""): string {
  return Object.entries(options).map(([name, value]) =>
    `${prefix}${ident(name)} = ${
      typeof value === "string" && /^[a-z0-9_.]+$/i.test(value) ? value : literal(String(value))
    }`
  ).join(", ");
}

/** A fact that is a record; empty when it is absent. */
export function record(value: unknown): Facts {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value as Facts : {};
}

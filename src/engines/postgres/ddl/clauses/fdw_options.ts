/** OPTIONS (...) of foreign-data objects. */

import type { SchemaObject } from "../../../../schema.ts";
import { ident, literal } from "../../quote.ts";
import { record } from "../view/view_options.ts";

/** ` OPTIONS (host 'h', port '1')`, or nothing when there are none. */
export function optionsClause(object: SchemaObject): string {
  const options = Object.entries(record(object.facts.options));
  return options.length === 0
    ? ""
    : ` OPTIONS (${
      options.map(([name, value]) => `${ident(name)} ${literal(String(value))}`).join(", ")
    })`;
}

/** ` OPTIONS (ADD a 'x', SET b 'y', DROP c)`, or nothing when they are equal. */
export function optionsChange(before: SchemaObject, after: SchemaObject): string {
  const had = record(before.facts.options);
  const has = record(after.facts.options);
  const items = [
    ...Object.keys(had).filter((name) => !(name in has)).map((name) => `DROP ${ident(name)}`),
    ...Object.entries(has).filter(([name, value]) => had[name] !== value).map(([name, value]) =>
      `${name in had ? "SET" : "ADD"} ${ident(name)} ${literal(String(value))}`
    ),
  ];
  return items.length === 0 ? "" : ` OPTIONS (${items.join(", ")})`;
}

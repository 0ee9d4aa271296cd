/** OPTIONS (...) of foreign-data objects. */

import type { Options } from "../../catalog/options.ts";
import type { With } from "../../objects.ts";
import { ident, literal } from "../../quote.ts";

/** The fact that is served. */
export interface FdwOptions {
  readonly options?: Options;
}

/** ` OPTIONS (host 'h', port '1')`, or nothing when there are none. */
export function optionsClause(object: With<FdwOptions>): string {
  const options = Object.entries(object.facts.options ?? {});
  return options.length === 0
    ? ""
    : ` OPTIONS (${
      options.map(([name, value]) => `${ident(name)} ${literal(String(value))}`).join(", ")
    })`;
}

/** ` OPTIONS (ADD a 'x', SET b 'y', DROP c)`, or nothing when they are equal. */
export function optionsChange(before: With<FdwOptions>, after: With<FdwOptions>): string {
  const had = before.facts.options ?? {};
  const has = after.facts.options ?? {};
  const items = [
    ...Object.keys(had).filter((name) => !(name in has)).map((name) => `DROP ${ident(name)}`),
    ...Object.entries(has).filter(([name, value]) => had[name] !== value).map(([name, value]) =>
      `${name in had ? "SET" : "ADD"} ${ident(name)} ${literal(String(value))}`
    ),
  ];
  return items.length === 0 ? "" : ` OPTIONS (${items.join(", ")})`;
}

/** Options of views and materialized views, which the catalog gives by name. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { Options } from "../../catalog/options.ts";
import type { With } from "../../objects.ts";
import { ident, literal, reference } from "../../quote.ts";
import { planned } from "../clauses/statement.ts";
import { attributeSet } from "../../../common/statement.ts";

/** The facts that hold options by name. */
export interface ViewOptions {
  readonly options?: Options;
  readonly toast_options?: Options;
}

/** ALTER ... SET and RESET of the storage options that differ. `fact` holds them by name. */
export function optionChanges(
  before: With<ViewOptions>,
  after: With<ViewOptions>,
  fact: keyof ViewOptions = "options",
  prefix = "",
): readonly PlannedStatement[] {
  const had = before.facts[fact] ?? {};
  const has = after.facts[fact] ?? {};
  const ref = `${after.kind.toUpperCase()} ${reference(after.name)}`;
  const set = Object.entries(has).filter(([name, value]) => had[name] !== value);
  const reset = Object.keys(had).filter((name) => !(name in has));
  return [
    ...(set.length === 0 ? [] : [
      planned(
        after,
        `ALTER ${ref} SET (${optionList(Object.fromEntries(set), prefix)})`,
        attributeSet(after, "options"),
      ),
    ]),
    ...(reset.length === 0 ? [] : [
      planned(
        after,
        `ALTER ${ref} RESET (${reset.map((name) => prefix + ident(name)).join(", ")})`,
        attributeSet(after, "options"),
      ),
    ]),
  ];
}

/** `fillfactor = 70, security_barrier = true` */
export function optionList(options: Options, prefix = ""): string {
  return Object.entries(options).map(([name, value]) =>
    `${prefix}${ident(name)} = ${/^[a-z0-9_.]+$/i.test(value) ? value : literal(value)}`
  ).join(", ");
}

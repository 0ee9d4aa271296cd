/** Tables that become unlogged, or logged, while foreign keys refer to them. */

import { type PostgresContext, type Table, tableOf } from "../../objects.ts";
import { keysTo } from "../clauses/relation.ts";

/**
 * No logged table may refer to an unlogged one. `earlier`: tables that change before this one; `tangled`: foreign keys that are dropped
 * meanwhile, where tables refer to each other.
 */
export function loggedOrder(
  table: Table,
  context: PostgresContext,
): { readonly earlier: readonly string[]; readonly tangled: readonly string[] } {
  const links = loggedLinks(table, context);
  const seen = new Set<string>();
  const queue = links.map(({ earlier }) => earlier);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const other = tableOf(context.to, id);
    if (seen.has(id) || other === undefined) continue;
    seen.add(id);
    queue.push(...loggedLinks(other, context).map(({ earlier }) => earlier));
  }
  return seen.has(table.id)
    ? { earlier: [], tangled: links.map(({ key }) => key) }
    : { earlier: links.map(({ earlier }) => earlier), tangled: [] };
}

/** Foreign keys that stay between tables that change in the same way, with the table that must come before. */
function loggedLinks(
  table: Table,
  context: PostgresContext,
): readonly { readonly key: string; readonly earlier: string }[] {
  const unlogged = table.facts.unlogged === true;
  const keys = unlogged ? keysTo(table.name, context) : context.members(context.from, table.id);
  return keys.flatMap((key) => {
    if (key.kind !== "constraint" || key.facts.type !== "foreign key") return [];
    if (!context.to.objects.has(key.id)) return [];
    const earlier = unlogged ? key.parent ?? "" : `table:${key.facts.references}`;
    const [was, is] = [tableOf(context.from, earlier), tableOf(context.to, earlier)];
    const changes = was !== undefined && is !== undefined &&
      was.facts.unlogged !== is.facts.unlogged;
    return changes && earlier !== table.id ? [{ key: key.id, earlier }] : [];
  });
}

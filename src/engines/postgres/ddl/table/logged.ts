/** Tables that become unlogged, or logged, while foreign keys refer to them. */

import type { SchemaObject } from "../../../../schema.ts";
import type { PlanContext } from "../../../object_kind.ts";
import { flag, keysTo } from "../clauses/relation.ts";
import { text } from "../clauses/statement.ts";

/**
 * No logged table may refer to an unlogged one. `earlier`: tables that change before this one; `tangled`: foreign keys that must go
 * meanwhile, where tables refer to each other.
 */
export function persistenceOrder(
  table: SchemaObject,
  context: PlanContext,
): { readonly earlier: readonly string[]; readonly tangled: readonly string[] } {
  const links = persistenceLinks(table, context);
  const seen = new Set<string>();
  const queue = links.map(({ earlier }) => earlier);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const other = context.to.objects.get(id);
    if (seen.has(id) || other === undefined) continue;
    seen.add(id);
    queue.push(...persistenceLinks(other, context).map(({ earlier }) => earlier));
  }
  return seen.has(table.id)
    ? { earlier: [], tangled: links.map(({ key }) => key) }
    : { earlier: links.map(({ earlier }) => earlier), tangled: [] };
}

/** Foreign keys that stay between tables that change in the same way, with the table that must come before. */
function persistenceLinks(
  table: SchemaObject,
  context: PlanContext,
): readonly { readonly key: string; readonly earlier: string }[] {
  const unlogged = flag(table, "unlogged");
  const keys = unlogged ? keysTo(table.name, context) : context.members(context.from, table.id);
  return keys.flatMap((key) => {
    if (text(key, "type") !== "foreign key" || !context.to.objects.has(key.id)) return [];
    const earlier = unlogged ? key.parent ?? "" : `table:${text(key, "references")}`;
    const [was, is] = [context.from.objects.get(earlier), context.to.objects.get(earlier)];
    const changes = was !== undefined && is !== undefined &&
      flag(was, "unlogged") !== flag(is, "unlogged");
    return changes && earlier !== table.id ? [{ key: key.id, earlier }] : [];
  });
}

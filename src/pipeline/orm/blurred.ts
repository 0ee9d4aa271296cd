/** What differs between models and migrations and the tool of the models takes for the same: it stays as the migrations have it. */

import { lastName } from "../../core/name.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import type { OrmTool } from "../../orm/orm.ts";

/** The wanted state with what the tool does not tell apart as the history has it; `anyName` where names of constraints do not count. */
export function withBlurred(
  history: Snapshot,
  wanted: Snapshot,
  { tool, anyName }: { readonly tool: OrmTool | null; readonly anyName: boolean },
): Snapshot {
  const blurs = new Set(tool?.blurs ?? []);
  const ordered = blurs.has("enum order") ? withLabelOrder(history, wanted) : wanted;
  return blurs.has("unique constraint") ? withConstraints(history, ordered, anyName) : ordered;
}

/** The values of enums in the order of the history; those that it has not stand behind the others. */
function withLabelOrder(history: Snapshot, wanted: Snapshot): Snapshot {
  const objects = new Map(wanted.objects);
  for (const [id, object] of wanted.objects) {
    const [now, before] = [object.facts.labels, history.objects.get(id)?.facts.labels];
    if (object.kind !== "enum" || !Array.isArray(now) || !Array.isArray(before)) continue;
    const kept = before.filter((label) => now.includes(label));
    const labels = [...kept, ...now.filter((label) => !kept.includes(label))];
    objects.set(id, { ...object, facts: { ...object.facts, labels } });
  }
  return { ...wanted, objects };
}

/** Unique constraints of the history in place of unique indexes over the same. */
function withConstraints(history: Snapshot, wanted: Snapshot, anyName: boolean): Snapshot {
  const replaced = new Map<string, SchemaObject>();
  const indexes = [...wanted.objects.values()].filter(({ kind, facts }) =>
    kind === "index" && facts.unique === true
  );
  for (const constraint of history.objects.values()) {
    if (constraint.kind !== "constraint" || constraint.facts.type !== "unique") continue;
    if (wanted.objects.has(constraint.id)) continue;
    const same = indexes.find((index) =>
      !replaced.has(index.id) && !history.objects.has(index.id) &&
      index.parent === constraint.parent && coveredBy(index) === coveredBy(constraint) &&
      (anyName || lastName(index.name) === lastName(constraint.name))
    );
    if (same !== undefined) replaced.set(same.id, constraint);
  }
  if (replaced.size === 0) return wanted;
  const idOf = (id: string) => replaced.get(id)?.id ?? id;
  const objects = new Map<string, SchemaObject>();
  for (const [id, object] of wanted.objects) {
    const one = replaced.get(id) ?? { ...object, dependsOn: object.dependsOn.map(idOf) };
    objects.set(one.id, one);
  }
  return { ...wanted, objects };
}

/** What a key or an index is over, with all that follows. */
function coveredBy({ facts }: SchemaObject): string | null {
  const { definition } = facts;
  return typeof definition === "string" ? definition.slice(definition.indexOf("(")) : null;
}

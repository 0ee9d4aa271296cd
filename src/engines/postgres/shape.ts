/** The tables of a Postgres snapshot, in the form that all dialects share. */

import { lastName } from "../../core/name.ts";
import type { ColumnShape, TableShape } from "../../core/shape.ts";
import { objectId, type Snapshot } from "../../core/snapshot.ts";
import { isOf, postgresSnapshot } from "./objects.ts";

/** Every table, in the order of the snapshot. */
export function shape(snapshot: Snapshot): readonly TableShape[] {
  const { objects } = postgresSnapshot(snapshot);
  const members = Map.groupBy(objects.values(), ({ parent }) => parent ?? "");
  const indexes = Map.groupBy(
    [...objects.values()].flatMap((object) => isOf(object, "index") ? [object] : []),
    ({ facts }) => facts.on,
  );
  return [...objects.values()].flatMap((table) => {
    if (!isOf(table, "table")) return [];
    const own = members.get(table.id) ?? [];
    const constraints = own.flatMap((object) => isOf(object, "constraint") ? [object] : []);
    const keys = (type: string) =>
      constraints.flatMap(({ facts }) => facts.type === type ? [facts.columns ?? []] : []);
    const columns = own.flatMap((object): readonly (ColumnShape & { readonly at: number })[] => {
      if (!isOf(object, "column")) return [];
      const { facts, position = 0 } = object;
      const defaultId = objectId("default", object.id.slice("column:".length));
      return [{
        name: lastName(object.id),
        type: facts.type,
        isRequired: facts.not_null === true,
        hasDefault: objects.has(defaultId) || facts.identity !== undefined,
        isGenerated: facts.generated !== undefined,
        isVirtual: facts.generated?.kind === "virtual",
        at: position,
      }];
    });
    return [{
      id: table.id,
      name: table.name,
      columns: columns.sort((a, b) => a.at - b.at).map(({ at: _at, ...column }) => column),
      primaryKey: keys("primary key")[0] ?? [],
      uniques: keys("unique"),
      indexes: (indexes.get(table.name) ?? []).map(({ id, facts }) => ({
        name: lastName(id),
        columns: leadingColumns(facts.definition),
        isUnique: facts.unique === true,
        isPartial: /\) WHERE /.test(facts.definition),
        method: /^\w+/.exec(facts.definition)?.[0] ?? "btree",
      })),
      foreignKeys: constraints.flatMap(({ id, facts }) =>
        facts.type !== "foreign key" ? [] : [{
          name: lastName(id),
          columns: facts.columns ?? [],
          references: facts.references ?? "",
          referenced: namesIn(/ REFERENCES .*?\((.*?)\)(?: |$)/s.exec(facts.definition)?.[1] ?? ""),
        }]
      ),
      checks: constraints.flatMap(({ id, facts }) =>
        facts.type !== "check" ? [] : [{
          name: lastName(id),
          condition: facts.definition,
          isValid: facts.not_valid !== true,
        }]
      ),
      constraints: constraints.map(({ id }) => lastName(id)),
      parents: table.facts.partition_of === undefined
        ? table.facts.inherits ?? []
        : [table.facts.partition_of.parent],
      hasTriggers: own.some(({ kind }) => kind === "trigger"),
      comment: facts(table.facts.comment),
    }];
  });
}

function facts(comment: unknown): string | null {
  return typeof comment === "string" ? comment : null;
}

/** The columns that an index begins with, up to the first expression: `btree (a, lower(b))` gives a. */
function leadingColumns(definition: string): readonly string[] {
  return namesIn(/^\w+ \((.*)\)/s.exec(definition)?.[1] ?? "");
}

/** Names in a list, up to the first of its parts that is none. */
function namesIn(list: string): readonly string[] {
  const columns: string[] = [];
  for (const part of list.split(", ")) {
    const name = /^("(?:[^"]|"")+"|[a-z_][\w$]*)(?: .*)?$/s.exec(part)?.[1];
    if (name === undefined) break;
    columns.push(name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);
  }
  return columns;
}

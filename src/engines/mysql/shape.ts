/** The tables of a snapshot of MySQL or MariaDB, in the form that all dialects share. */

import { lastName } from "../../core/name.ts";
import type { IndexShape, TableShape } from "../../core/shape.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import { factsOf } from "./facts.ts";

/** Every table, in the order of the snapshot. */
export function shape({ objects }: Snapshot): readonly TableShape[] {
  const members = Map.groupBy(objects.values(), ({ parent }) => parent ?? "");
  return [...objects.values()].filter(({ kind }) => kind === "table").map((table) => {
    const own = members.get(table.id) ?? [];
    const of = (kind: string) => own.filter((object) => object.kind === kind);
    const indexes = of("index").map((object) => {
      const { type, columns } = factsOf(object, "index");
      const end = columns.findIndex(({ column }) => column === undefined);
      const leading = columns.slice(0, end < 0 ? undefined : end);
      return {
        type,
        shape: {
          name: nameOf(object),
          columns: leading.flatMap(({ column }) => column === undefined ? [] : [column]),
          isUnique: type === "unique" || type === "primary",
          method: type === "plain" || type === "unique" || type === "primary" ? "btree" : type,
          isPartial: type !== "unique" && type !== "primary" && type !== "plain",
        } satisfies IndexShape,
      };
    });
    const constraints = of("constraint").map((object) => ({
      name: nameOf(object),
      facts: factsOf(object, "constraint"),
    }));
    return {
      id: table.id,
      name: nameOf(table),
      columns: of("column").sort((a, b) => (a.position ?? 0) - (b.position ?? 0)).map((object) => {
        const facts = factsOf(object, "column");
        return {
          name: nameOf(object),
          type: facts.type,
          isRequired: facts.not_null === true,
          hasDefault: facts.default !== undefined || facts.auto_increment === true,
          isGenerated: facts.generated !== undefined,
          isVirtual: facts.generated !== undefined && facts.stored !== true,
          ...facts.on_update === undefined ? {} : { isStamped: true },
        };
      }),
      primaryKey: indexes.find(({ type }) => type === "primary")?.shape.columns ?? [],
      uniques: indexes.flatMap(({ type, shape }) => type === "unique" ? [shape.columns] : []),
      indexes: indexes.flatMap(({ type, shape }) =>
        type === "primary" || type === "unique" ? [] : [shape]
      ),
      foreignKeys: constraints.flatMap(({ name, facts }) =>
        facts.type === "foreign key"
          ? [{
            name,
            columns: facts.columns,
            references: facts.table,
            referenced: facts.references,
          }]
          : []
      ),
      checks: constraints.flatMap(({ name, facts }) =>
        facts.type === "check" ? [{ name, condition: facts.expression, isValid: true }] : []
      ),
      constraints: [
        ...constraints.map(({ name }) => name),
        ...indexes.flatMap(({ type, shape }) =>
          type === "primary" || type === "unique" ? [shape.name] : []
        ),
      ],
      parents: [],
      hasTriggers: of("trigger").length > 0,
      comment: factsOf(table, "table").comment ?? null,
    };
  });
}

/** The last part of the name in an id. */
function nameOf({ id }: SchemaObject): string {
  return lastName(id.slice(id.indexOf(":") + 1));
}

/** The tables of an SQLite snapshot, in the form that all dialects share. */

import { lastName } from "../../core/name.ts";
import type { ColumnShape, TableShape } from "../../core/shape.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import { factsOf } from "./facts.ts";

/** Every table, in the order of the snapshot. */
export function shape({ objects }: Snapshot): readonly TableShape[] {
  const members = Map.groupBy(objects.values(), ({ parent }) => parent ?? "");
  const all = [...objects.values()];
  return all.filter(({ kind }) => kind === "table").map((table) => {
    const own = members.get(table.id) ?? [];
    const constraints = own.filter(({ kind }) => kind === "constraint").map((object) => ({
      name: object.name,
      facts: factsOf(object, "constraint"),
    }));
    const keys = (type: "primary key" | "unique") =>
      constraints.flatMap(({ facts }) => facts.type === type ? [facts.columns.map(bare)] : []);
    return {
      id: table.id,
      name: ownName(table),
      columns: own.filter(({ kind }) => kind === "column")
        .sort((a, b) => (a.position ?? 0) - (b.position ?? 0)).map(columnShape),
      primaryKey: keys("primary key")[0] ?? [],
      uniques: keys("unique"),
      indexes: all.filter((object) => isIndexOf(object, table)).map((object) => {
        const facts = factsOf(object, "index");
        return {
          name: ownName(object),
          columns: leading(facts.columns),
          isUnique: facts.unique === true,
          isPartial: facts.where !== undefined,
          method: "btree",
        };
      }),
      foreignKeys: constraints.flatMap(({ name, facts }) =>
        facts.type !== "foreign key" ? [] : [{
          name,
          columns: facts.columns,
          references: facts.table,
          referenced: facts.references ?? [],
        }]
      ),
      checks: constraints.flatMap(({ name, facts }) =>
        facts.type !== "check" ? [] : [{ name, condition: facts.expression, isValid: true }]
      ),
      constraints: constraints.flatMap(({ name }) => name === "" ? [] : [name]),
      parents: [],
      hasTriggers: own.some(({ kind }) => kind === "trigger"),
      comment: null,
    };
  });
}

function columnShape(object: SchemaObject): ColumnShape {
  const facts = factsOf(object, "column");
  return {
    name: ownName(object),
    type: facts.type ?? "",
    isRequired: facts.not_null === true,
    hasDefault: facts.default !== undefined,
    isGenerated: facts.generated !== undefined,
    isVirtual: facts.generated !== undefined && facts.stored !== true,
  };
}

function isIndexOf(object: SchemaObject, table: SchemaObject): boolean {
  return object.kind === "index" && factsOf(object, "index").table === ownName(table);
}

/** A column of a key without its collation and direction. */
function bare(column: string): string {
  return /^(?:"((?:[^"]|"")+)"|\S+)/.exec(column)?.[0].replaceAll(/^"|"$/g, "") ?? column;
}

/** Columns up to the first expression. */
function leading(columns: readonly string[]): readonly string[] {
  const end = columns.findIndex((column) => /[()]/.test(column));
  return columns.slice(0, end < 0 ? undefined : end).map(bare);
}

/** The last part of the name in an id: `column:users.email` gives email. */
function ownName({ id }: SchemaObject): string {
  return lastName(id.slice(id.indexOf(":") + 1));
}

/** Constraints as objects. */

import { objectId, type SchemaObject } from "../../../core/snapshot.ts";
import type { Stated } from "../../common/facts.ts";
import { canonicalName } from "../expression.ts";
import { makeObject } from "../facts.ts";
import { fold } from "../tokens.ts";
import { typeText } from "./column_object.ts";
import type { ConstraintText, KeyPart } from "./constraint_text.ts";
import { type Catalog, namesOf, tableExpression } from "./scope.ts";
import { sourceText } from "./source_text.ts";
import type { TableText } from "./table_text.ts";

/** What is true of a constraint, by its type; names are folded. */
export type ConstraintFacts = KeyFacts | CheckFacts | ForeignKeyFacts;

/** A primary key or a UNIQUE constraint. */
export interface KeyFacts {
  readonly type: "primary key" | "unique";
  readonly name?: string;
  /** Columns with what differs from their own: `email COLLATE nocase DESC`. */
  readonly columns: readonly string[];
  readonly on_conflict?: string;
  readonly autoincrement?: boolean;
  /** True for `INTEGER PRIMARY KEY DESC` in a column, which is not the rowid. */
  readonly not_rowid?: boolean;
}

/** A CHECK. */
export interface CheckFacts {
  readonly type: "check";
  readonly name?: string;
  readonly expression: string;
}

/** A foreign key. */
export interface ForeignKeyFacts {
  readonly type: "foreign key";
  readonly name?: string;
  readonly columns: readonly string[];
  readonly table: string;
  /** Absent for the primary key of the table. */
  readonly references?: readonly string[];
  readonly on_delete?: string;
  readonly on_update?: string;
  readonly match?: string;
  /** DEFERRABLE INITIALLY DEFERRED. */
  readonly deferred?: boolean;
}

/** How a constraint is written. */
export interface ConstraintStyle {
  /** Place among the constraints of the table, from 0. */
  readonly place: number;
  readonly text: string;
  /** True for one that stands in a column definition. */
  readonly inline?: boolean;
  /** The column in whose definition a CHECK stands. */
  readonly column?: string;
  readonly name?: string;
}

/** The constraints of a table, in the order of the text. */
export function constraintObjects(
  table: TableText,
  parent: string,
  catalog: Catalog,
): readonly SchemaObject[] {
  const taken = new Set<string>();
  return table.constraints.map((constraint, place) => {
    const facts = constraintFacts(constraint, table);
    const key = constraint.name === null ? stableKey(constraint, facts) : fold(constraint.name);
    let unique = key;
    for (let count = 2; taken.has(unique); count++) unique = `${key} #${count}`;
    taken.add(unique);
    const label = constraint.name === null
      ? unique
      : `${constraint.name}${unique.slice(key.length)}`;
    const dependsOn = [parent];
    for (const column of columnsOf(constraint)) {
      dependsOn.push(objectId("column", `${fold(table.name)}.${fold(column)}`));
    }
    if (constraint.type === "foreign key") {
      const referenced = catalog.relations.get(fold(constraint.table));
      if (referenced !== undefined && referenced !== parent) dependsOn.push(referenced);
    }
    return makeObject({
      id: objectId("constraint", `${fold(table.name)}.${unique}`),
      kind: "constraint",
      name: `${table.name}.${label}`,
      parent,
      facts,
      style: { place, ...constraintStyle(constraint, table) },
      dependsOn,
      droppedWith: [parent],
    });
  });
}

function columnsOf(constraint: ConstraintText): readonly string[] {
  switch (constraint.type) {
    case "primary key":
    case "unique":
      return constraint.columns.map((part) => part.column);
    case "foreign key":
      return constraint.columns;
    case "check":
      return constraint.column === null ? [] : [constraint.column];
  }
}

function constraintFacts(
  constraint: ConstraintText,
  table: TableText,
): Stated<ConstraintFacts> {
  const name = constraint.name === null ? null : fold(constraint.name);
  switch (constraint.type) {
    case "primary key":
    case "unique":
      return {
        type: constraint.type,
        name,
        columns: constraint.columns.map((part) => keyPartText(part, table)),
        on_conflict: constraint.onConflict,
        autoincrement: constraint.autoincrement,
        not_rowid: isInlineDescendingInteger(constraint, table),
      };
    case "check":
      return { type: "check", name, expression: tableExpression(constraint.expression, table) };
    case "foreign key":
      return {
        type: "foreign key",
        name,
        columns: constraint.columns.map(fold),
        table: fold(constraint.table),
        references: constraint.references?.map(fold) ?? null,
        on_delete: constraint.onDelete,
        on_update: constraint.onUpdate,
        match: constraint.match === "simple" ? null : constraint.match,
        deferred: constraint.deferred,
      };
  }
}

/** `INTEGER PRIMARY KEY DESC` in a column is not the rowid, unlike all other spellings (manual, "ROWIDs and the INTEGER PRIMARY KEY"). */
function isInlineDescendingInteger(constraint: ConstraintText, table: TableText): boolean {
  if (constraint.type !== "primary key" || !constraint.inline || table.withoutRowid) return false;
  const part = constraint.columns[0];
  const column = table.columns.find((one) => one.name === part?.column);
  return part?.descending === true && typeText(column?.type.tokens ?? []) === "INTEGER";
}

function keyPartText(part: KeyPart, table: TableText): string {
  const own = table.columns.find((column) => fold(column.name) === fold(part.column))?.collate;
  const collate = part.collate === null ? null : fold(part.collate);
  const differs = collate !== null && collate !== fold(own ?? "binary");
  return canonicalName(part.column) + (differs ? ` COLLATE ${canonicalName(collate)}` : "") +
    (part.descending ? " DESC" : "");
}

/** What names a constraint that has no name: what it is about. */
function stableKey(constraint: ConstraintText, facts: Stated<ConstraintFacts>): string {
  if (facts.type === "primary key") return facts.type;
  if (facts.type === "check") return `check (${facts.expression})`;
  return `${facts.type} (${columnsOf(constraint).map(fold).join(", ")})`;
}

function constraintStyle(
  constraint: ConstraintText,
  table: TableText,
) {
  const text = sourceText(constraint.tokens, namesOf(table));
  return {
    text,
    inline: constraint.inline,
    column: constraint.type === "check" ? constraint.column : null,
    name: constraint.name,
  };
}

/** What a type is made of: domains resolved to their bases, arrays to their elements, rows to their attributes. */

import { joinName, lastName, splitName } from "../../names.ts";
import { membersOf, objectOf, type PostgresSnapshot } from "../../objects.ts";

/** A type that values are looked at by. */
export type Shape =
  | PlainShape
  | { readonly kind: "array"; readonly element: Shape }
  | { readonly kind: "enum"; readonly name: string; readonly labels: readonly string[] }
  /** A composite type, or the row type of a table. */
  | { readonly kind: "row"; readonly name: string; readonly attributes: readonly Attribute[] };

/** A type without domains, arrays or attributes. */
export interface PlainShape {
  readonly kind: "plain";
  /** Without its modifiers. */
  readonly name: string;
  /** The numbers in its brackets. */
  readonly modifiers: readonly number[];
  /** All that stands in them. */
  readonly detail: string;
}

/** One attribute of a row. */
export interface Attribute {
  readonly name: string;
  /** As `format_type` names it. */
  readonly type: string;
  readonly shape: Shape;
}

/** The shape of a type, as `format_type` names it, in a database. */
export function shapeOf(type: string, snapshot: PostgresSnapshot): Shape {
  if (type.endsWith("[]")) {
    return { kind: "array", element: shapeOf(type.slice(0, -2), snapshot) };
  }
  const name = withoutModifiers(type);
  const full = fullName(name);
  const domain = objectOf(snapshot, `domain:${full}`, "domain");
  if (domain !== undefined) return shapeOf(domain.facts.type, snapshot);
  const enumeration = objectOf(snapshot, `enum:${full}`, "enum");
  if (enumeration !== undefined) {
    return { kind: "enum", name: full, labels: enumeration.facts.labels ?? [] };
  }
  const row = objectOf(snapshot, `composite:${full}`, "composite") ??
    objectOf(snapshot, `table:${full}`, "table");
  if (row === undefined) {
    const detail = /\(([^)]*)\)/.exec(type)?.[1] ?? "";
    return { kind: "plain", name, modifiers: modifiersOf(type), detail };
  }
  const attributes = membersOf(snapshot, row.id).flatMap((member) =>
    member.kind === "attribute" || member.kind === "column"
      ? [{
        name: lastName(member.name),
        type: member.facts.type,
        shape: shapeOf(member.facts.type, snapshot),
      }]
      : []
  );
  return { kind: "row", name: full, attributes };
}

/** The name of a type in the catalog, for one that `format_type` prints: `"My App"."Mood"` is `My App.Mood`. */
function fullName(type: string): string {
  const parts = splitName(type);
  return joinName(...parts.length === 1 ? ["public"] : [], ...parts);
}

/** `character varying(20)` as `character varying`, `timestamp(3) without time zone` as `timestamp without time zone`. */
export function withoutModifiers(type: string): string {
  return type.replaceAll(
    /("(?:[^"]|"")*")|\([^)]*\)/g,
    (_all, name: string | undefined) => name ?? "",
  );
}

/** The numbers in the brackets of a type. */
export function modifiersOf(type: string): readonly number[] {
  const [, list] = /\((-?\d+(?:,-?\d+)*)\)/.exec(type) ?? [];
  return list === undefined ? [] : list.split(",").map(Number);
}

/** The shape inside of arrays. */
export function innermost(shape: Shape): Shape {
  return shape.kind === "array" ? innermost(shape.element) : shape;
}

/** Typed looks at the facts of objects: a dialect names an interface for each of its kinds, the judge goes on comparing plain data. */

import type { AlterChange } from "../../core/change.ts";
import type { Facts, Json, SchemaObject } from "../../core/snapshot.ts";
import type { Alteration, ObjectKind, PlanContext } from "../object_kind.ts";

/**
 * Facts as their reader states them: every one that the interface names, and for an optional one `null` or `false` where it does not
 * hold. A snapshot leaves those out.
 */
export type Stated<F> = {
  readonly [Fact in keyof F]-?: undefined extends F[Fact]
    ? Exclude<F[Fact], undefined> | null | false
    : F[Fact];
};

/** Leaves out what is null or false, as a snapshot holds facts. */
export function factsFrom<F>(stated: Stated<F>): Facts {
  const facts: Record<string, Json> = {};
  for (const [fact, value] of Object.entries<Json>(stated as Readonly<Record<string, Json>>)) {
    if (value !== null && value !== false) facts[fact] = value;
  }
  return facts;
}

/**
 * Makes `factsOf(object, "column")` for a dialect: `interface SqliteFacts { column: ColumnFacts; ... }` says what an object of a
 * kind has. Throws an Error for an object of another kind, which is a bug.
 */
export function factsView<Kinds>(): <Kind extends keyof Kinds & string>(
  object: SchemaObject,
  kind: Kind,
) => Kinds[Kind] {
  return (object, kind) => {
    checkKind(object, kind);
    return object.facts as Kinds[typeof kind];
  };
}

/** Makes `styleOf(object, "column")`, likewise; of an object without a style, nothing is known. */
export function styleView<Kinds>(): <Kind extends keyof Kinds & string>(
  object: SchemaObject,
  kind: Kind,
) => Partial<Kinds[Kind]> {
  return (object, kind) => {
    checkKind(object, kind);
    return (object.style ?? {}) as Partial<Kinds[typeof kind]>;
  };
}

function checkKind(object: SchemaObject, kind: string): void {
  if (object.kind !== kind) throw new Error(`Cannot read ${object.id} as a ${kind}`);
}

/** How one fact is altered: in place, or by dropping the object and creating it again. */
export type FactAlteration =
  | "replace"
  | ((change: AlterChange, context: PlanContext) => Alteration);

/** What is done about each fact of a kind; one that nobody handles does not compile. */
export type FactAlterations<F> = { readonly [Fact in keyof F]-?: FactAlteration };

/**
 * The `alter` of a kind whose facts are altered one by one. What handles several facts runs once. Throws an Error for a fact that
 * the table does not name, which is a bug.
 */
export function alterByFact<F>(table: FactAlterations<F>): ObjectKind["alter"] {
  const handlers = new Map(Object.entries<FactAlteration>(table));
  return (change, context) => {
    const called = new Set<Exclude<FactAlteration, "replace">>();
    for (const fact of change.facts) {
      const handler = handlers.get(fact);
      if (handler === undefined) throw new Error(`Cannot alter ${fact} of a ${change.kind}`);
      if (handler === "replace") return "replace";
      called.add(handler);
    }
    return merged([...called].map((handler) => handler(change, context)));
  };
}

function merged(alterations: readonly Alteration[]): Alteration {
  const [only, ...others] = alterations;
  if (only !== undefined && others.length === 0) return only;
  const ids = (list: (one: Alteration) => readonly string[] | undefined) => [
    ...new Set(alterations.flatMap((one) => list(one) ?? [])),
  ];
  return {
    statements: alterations.flatMap(({ statements }) => statements),
    recreates: ids(({ recreates }) => recreates),
    alsoDrops: ids(({ alsoDrops }) => alsoDrops),
    alteredBefore: ids(({ alteredBefore }) => alteredBefore),
    alteredAfter: ids(({ alteredAfter }) => alteredAfter),
  };
}

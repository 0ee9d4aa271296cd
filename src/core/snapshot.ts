/** What a database holds at one moment: objects and their facts. */

/** Plain data, as JSON has it. Facts hold nothing else, so that two of them can be compared and printed. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** What is true of an object and must be equal for two objects to be equal; keys with `null` are left out. */
export type Facts = { readonly [key: string]: Json };

/** One object of a schema as the catalog tells it: a table, a column, an index, a function. */
export interface SchemaObject {
  /** Unique in its snapshot: `kind:name`. */
  readonly id: string;
  /** The kind's standard name in lower case: `table`, `column`, `materialized view`. */
  readonly kind: string;
  /** Fully qualified, as written by hand and unquoted: `public.users.email`, `public.add(integer, integer)`; SQLite: `users.email`. */
  readonly name: string;
  /** Id of the object it is a part of and disappears with (a column's table), or null. */
  readonly parent: string | null;
  /** All that equality looks at. */
  readonly facts: Facts;
  /** Ids of the objects that must exist before this one can (the parent included). */
  readonly dependsOn: readonly string[];
  /** The subset of `dependsOn` whose drop silently drops this object as well (an index and its column). */
  readonly droppedWith: readonly string[];
  /** How its author wrote what has several spellings that mean the same; never compared, used when it is written again. */
  readonly style?: Facts;
  /** Place among its siblings, from 0, where siblings have an order (columns); compared only when `column_order = "strict"`. */
  readonly position?: number;
}

/** Everything that one database holds at one moment, without its rows. */
export interface Snapshot {
  readonly dialect: string;
  /** The server's version as `major.minor` or `major.minor.patch`. */
  readonly version: string;
  readonly objects: ReadonlyMap<string, SchemaObject>;
  /** Objects of kinds that aim does not model: found and named, never dropped in silence. */
  readonly unmodelled: readonly Unmodelled[];
}

/** An object of a kind that is not modelled. */
export interface Unmodelled {
  readonly kind: string;
  readonly name: string;
}

/** The id of an object of `kind` called `name`. */
export function objectId(kind: string, name: string): string {
  return `${kind}:${name}`;
}

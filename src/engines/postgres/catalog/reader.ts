/** How one part of the Postgres catalog is read. */

import type { Kind, ObjectOf } from "../objects.ts";

/** An object as a reader found it, before its dependencies are resolved. */
export interface Found {
  readonly object: FoundObject;
  /** Where `pg_depend` knows it: `pg_class/16384/0` (catalog, oid, sub-id). */
  readonly address: string;
  /** More addresses that mean this object: a view's rewrite rule, a table's row type and its array type. */
  readonly aliases?: readonly string[];
  /** Ids that it needs besides its parent and what `pg_depend` tells. */
  readonly needs?: readonly string[];
  /** Ids among the needs that take it away with them, besides the parent and what `pg_depend` tells (deptype a, i, P, S). */
  readonly goesWith?: readonly string[];
}

/** An object without its dependencies: its facts are those of its kind. */
export type FoundObject = {
  [K in Kind]: Omit<ObjectOf<K>, "needs" | "goesWith">;
}[Kind];

/**
 * One set-based query over the whole catalog and what to make of its rows.
 * Queries run with `search_path = public` in one REPEATABLE READ transaction, so `pg_get_*def` and `format_type` leave out
 * `public.` and qualify everything else. Objects of extensions (pg_depend deptype e), of `pg_*` and information_schema are left out
 * by the WHERE clause that `catalog/user_objects.ts` gives.
 */
export interface Reader<Row extends object = Record<string, unknown>> {
  /** The kinds that its objects have. */
  readonly kinds: readonly string[];
  /** Lowest `server_version_num` at which it runs; default any. */
  readonly since?: number;
  /** True where few schemas have such an object, so that the query is planned when there is one and not in advance. */
  readonly rare?: true;
  /** The query, for a server of this `server_version_num`. */
  sql(version: number): string;
  read(row: Row): Found | readonly Found[];
}

/** What the readers of single objects must know of the rest of the database. */

import { lowerAscii } from "../../../sql/name.ts";

/** See the module's comment. Names are as the catalog has them. */
export interface Scope {
  readonly family: "mysql" | "mariadb";
  readonly database: string;
  /** Names of tables, views and sequences: the kind of each. */
  readonly relations: ReadonlyMap<string, "table" | "view" | "sequence">;
  readonly sequences: ReadonlySet<string>;
  /** Folded names of functions. */
  readonly functions: ReadonlySet<string>;
  /** Ids of columns by the name of their table, then by their folded names. */
  readonly columns: Map<string, ReadonlyMap<string, string>>;
  /** Spatial reference systems by id of the column, where the text of its table does not say them. */
  readonly surfaces: ReadonlyMap<string, number>;
  /** `user@host` of the session, where definers count; null where they do not. */
  readonly account: string | null;
  /** The modes of a new session. */
  readonly sqlMode: string;
  /** The character set and the collation that are meant where one or none is stated. */
  charsetOf(
    charset: string | undefined,
    collation: string | undefined,
  ): { readonly charset: string; readonly collation: string };
}

/** A definer as a fact; none where definers do not count, or where it is the account of the session. */
export function definerIn({ account }: Scope, definer: string): string | null {
  return account === null || definer === account ? null : definer;
}

/** A name of a column, key, constraint or routine, which do not tell capitals from small letters. */
export function fold(name: string): string {
  return lowerAscii(name);
}

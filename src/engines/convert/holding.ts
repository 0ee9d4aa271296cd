/** What a dialect can hold of a schema of no dialect. */

import type { LogicalType, NeutralIndex, NeutralTable } from "./neutral.ts";
import type { Speech } from "./print.ts";
import type { Expression } from "./tree.ts";

/** Where a column stands, as far as its type depends on that. */
export interface TypePlace {
  readonly table: string;
  readonly column: string;
  /** It is in a key, refers to one, or is referred to. */
  readonly isKey: boolean;
  readonly isCounter: boolean;
}

/** A type that the dialect has. */
export interface FittedType {
  readonly type: LogicalType;
  /** Why it is another one in a way that matters; null where nothing is lost. */
  readonly why: string | null;
  /** A condition that keeps to it what the type alone does not. */
  readonly check?: Expression;
}

/** What a dialect can hold. */
export interface Holding {
  readonly speech: Speech;
  readonly fitType: (type: LogicalType, place: TypePlace) => FittedType;
  /** An index as it can be; null for none, with the reason in both cases. */
  readonly fitIndex: (
    index: NeutralIndex,
    table: NeutralTable,
  ) => { readonly index: NeutralIndex | null; readonly why: string | null };
  /** In bytes. */
  readonly longestName: number;
  /** In what a name of an index, of a check or foreign key, and of a trigger is the only one. */
  readonly names: {
    readonly index: "schema" | "table";
    readonly constraint: "schema" | "table";
    readonly trigger: "schema" | "table";
  };
  readonly has: {
    /** ON UPDATE CURRENT_TIMESTAMP. */
    readonly touched: boolean;
    readonly deferred: boolean;
    readonly comments: boolean;
    readonly sequences: boolean;
    /** Texts that are compared without their case. */
    readonly caseless: boolean;
    /** A trigger can set values of the new row. */
    readonly assign: boolean;
    readonly severalEvents: boolean;
    readonly updateOf: boolean;
    /** Columns that refer have the very type of what they refer to. */
    readonly sameTypes: boolean;
    readonly setDefault: boolean;
    /** A number that comes by itself: of any column, of the first of a key, or of a primary key of one column. */
    readonly counters: "any" | "keyed" | "primary";
    readonly virtual: boolean;
  };
}

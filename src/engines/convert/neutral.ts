/** A schema in no dialect: what conversion reads from one and writes to another. Names are unquoted, as the catalog has them. */

import type { DataStatement, Expression, Query } from "./tree.ts";

/** All of a schema that a dialect can say of its own, and notes about the rest. */
export interface NeutralSchema {
  readonly tables: readonly NeutralTable[];
  readonly views: readonly NeutralView[];
  readonly triggers: readonly NeutralTrigger[];
  readonly sequences: readonly NeutralSequence[];
}

/** What became of something that has no equal. */
export interface ConversionNote {
  /** `index users.body_words` */
  readonly object: string;
  /** `dropped`: nothing is left of it. `changed`: something else stands for it. `renamed`: it has another name. */
  readonly outcome: "dropped" | "changed" | "renamed";
  /** What stands for it now: `a plain index`; empty for nothing. */
  readonly became: string;
  /** In a sentence without a full stop. */
  readonly why: string;
}

/** A table. */
export interface NeutralTable {
  readonly name: string;
  /** Its name in the database that it was read from, with that of its schema. */
  readonly path: readonly string[];
  readonly columns: readonly NeutralColumn[];
  readonly primaryKey: NeutralKey | null;
  readonly uniques: readonly NeutralKey[];
  readonly foreignKeys: readonly NeutralForeignKey[];
  readonly checks: readonly NeutralCheck[];
  readonly indexes: readonly NeutralIndex[];
  readonly comment: string | null;
}

/** A column. */
export interface NeutralColumn {
  readonly name: string;
  readonly type: LogicalType;
  readonly isRequired: boolean;
  /** Null for none, and for NULL. */
  readonly fallback: Expression | null;
  readonly generated: { readonly expression: Expression; readonly isStored: boolean } | null;
  /** Numbers come by themselves; `always` where none can be given. */
  readonly counter: "by default" | "always" | null;
  /** The present moment is written whenever the row is changed. */
  readonly touched: boolean;
  /** Of text: capitals and small letters are the same. */
  readonly isCaseless: boolean;
  readonly comment: string | null;
}

/** What a column holds. */
export type LogicalType =
  | { readonly kind: "int"; readonly bits: 8 | 16 | 24 | 32 | 64; readonly unsigned: boolean }
  | { readonly kind: "decimal"; readonly precision: number | null; readonly scale: number }
  | { readonly kind: "float"; readonly bits: 32 | 64 }
  | { readonly kind: "bool" }
  /** `length` in characters; `most` in bytes, null for no end that matters. */
  | {
    readonly kind: "text";
    readonly length: number | null;
    readonly isFixed: boolean;
    readonly most: number | null;
  }
  | {
    readonly kind: "binary";
    readonly length: number | null;
    readonly isFixed: boolean;
    readonly most: number | null;
  }
  | { readonly kind: "date" }
  | { readonly kind: "time"; readonly fraction: number; readonly hasZone: boolean }
  | { readonly kind: "timestamp"; readonly fraction: number; readonly hasZone: boolean }
  | { readonly kind: "interval" }
  | { readonly kind: "year" }
  | { readonly kind: "uuid" }
  | { readonly kind: "json"; readonly isBinary: boolean }
  | { readonly kind: "enum"; readonly values: readonly string[]; readonly name: string | null }
  | { readonly kind: "set"; readonly values: readonly string[] }
  | { readonly kind: "bits"; readonly length: number | null; readonly isVarying: boolean }
  | { readonly kind: "array"; readonly of: LogicalType }
  /** No type is declared: a value of any. */
  | { readonly kind: "any" }
  /** A type of its dialect alone, as it is written there. */
  | { readonly kind: "other"; readonly text: string };

/** A primary key or a unique one. */
export interface NeutralKey {
  readonly name: string | null;
  readonly parts: readonly NeutralPart[];
}

/** A column or an expression of a key or an index. */
export interface NeutralPart {
  readonly expression: Expression;
  /** Characters of a prefix. */
  readonly length: number | null;
  readonly isDescending: boolean;
}

/** A foreign key. */
export interface NeutralForeignKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly table: string;
  readonly references: readonly string[];
  readonly onDelete: ReferenceAction;
  readonly onUpdate: ReferenceAction;
  readonly isDeferred: boolean;
}

/** What happens to rows that refer to one that goes or changes; `no action` where nothing is said. */
export type ReferenceAction = "no action" | "restrict" | "cascade" | "set null" | "set default";

/** A check. */
export interface NeutralCheck {
  readonly name: string | null;
  readonly condition: Expression;
}

/** An index that is no key. */
export interface NeutralIndex {
  readonly name: string;
  readonly isUnique: boolean;
  readonly parts: readonly NeutralPart[];
  /** Of a partial index. */
  readonly where: Expression | null;
  readonly kind: "plain" | "fulltext" | "spatial" | "inverted";
}

/** A view. */
export interface NeutralView {
  readonly name: string;
  readonly columns: readonly string[] | null;
  readonly query: Query;
}

/** A trigger that runs for each row. */
export interface NeutralTrigger {
  readonly name: string;
  readonly table: string;
  readonly timing: "before" | "after";
  readonly events: readonly ("insert" | "update" | "delete")[];
  /** Of UPDATE OF. */
  readonly columns: readonly string[];
  readonly when: Expression | null;
  readonly steps: readonly TriggerStep[];
}

/** A step of a trigger: a value of the new row, or a statement. */
export type TriggerStep =
  | { readonly kind: "assign"; readonly column: string; readonly value: Expression }
  | { readonly kind: "run"; readonly statement: DataStatement };

/** A sequence of its own. Numbers are texts, which may be greater than any of JavaScript. */
export interface NeutralSequence {
  readonly name: string;
  readonly start: string | null;
  readonly increment: string | null;
  readonly isCycled: boolean;
}

/** A schema, and what of it could not be said. */
export interface Adapted {
  readonly schema: NeutralSchema;
  readonly notes: readonly ConversionNote[];
}

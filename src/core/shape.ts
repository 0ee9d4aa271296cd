/** Tables as all dialects have them: what rules, pictures and reports need to know without knowing the dialect. */

/** A column. */
export interface ColumnShape {
  readonly name: string;
  /** As the dialect writes it: `character varying(20)`. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly hasDefault: boolean;
  readonly isGenerated: boolean;
  /** Generated when it is read: no row holds its value. */
  readonly isVirtual: boolean;
  /** Set where the server puts the time in whenever another column of the row is written. */
  readonly isStamped?: true;
}

/** An index that is no constraint's. */
export interface IndexShape {
  readonly name: string;
  /** Leading columns, up to the first expression. */
  readonly columns: readonly string[];
  readonly isUnique: boolean;
  readonly isPartial: boolean;
  /** The access method, in lower case; `btree` where the dialect has no other word for the usual one. */
  readonly method: string;
}

/** A foreign key. */
export interface ForeignKeyShape {
  readonly name: string;
  readonly columns: readonly string[];
  /** Full name of the table that it refers to. */
  readonly references: string;
  /** The columns there, in the order of its own; empty for those of the primary key. */
  readonly referenced: readonly string[];
}

/** A check. */
export interface CheckShape {
  readonly name: string;
  /** The condition, as the server writes it. */
  readonly condition: string;
  /** False while the rows that were there are not checked. */
  readonly isValid: boolean;
}

/** A table. */
export interface TableShape {
  /** Its id in a snapshot. */
  readonly id: string;
  /** With its schema where the dialect has any: `public.users`. */
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  /** Empty without one. */
  readonly primaryKey: readonly string[];
  /** Columns of unique constraints. */
  readonly uniques: readonly (readonly string[])[];
  readonly indexes: readonly IndexShape[];
  readonly foreignKeys: readonly ForeignKeyShape[];
  readonly checks: readonly CheckShape[];
  /** Names of all constraints, keys among them. */
  readonly constraints: readonly string[];
  /** Full names of the tables that it is a partition or a child of. */
  readonly parents: readonly string[];
  readonly hasTriggers: boolean;
  /** Null without one. */
  readonly comment: string | null;
}

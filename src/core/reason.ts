/** Why a planned statement is there, as data; `cli/report` makes the sentence. */

/** What a reason is about: a kind and a full name, as a `SchemaObject` has them. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
}

/** What is done to an object, and because of what. */
export type Reason =
  | ({ readonly object: Subject; readonly because?: Because } & Deed)
  /** Several things in one statement. */
  | { readonly action: "combine"; readonly of: readonly Reason[] }
  /** What a model says in its own words, of its statements. */
  | { readonly action: "describe"; readonly text: string };

/** What is done to an object. */
export type Deed =
  | { readonly action: "create" | "drop" | "recreate" | "replace" }
  /** `to` is the new name. */
  | { readonly action: "rename"; readonly to: string }
  /** An attribute of it (`default`, `owner`, `tablespace`) gets a value; null takes it away, absent says only that it changes. */
  | { readonly action: "set"; readonly attribute: string; readonly to?: string | null }
  /** It becomes, or is no longer, something: `NOT NULL`, `nullable`, `generated`, `unlogged`. */
  | { readonly action: "become" | "cease"; readonly state: string }
  /** As a partition, a child or a part of `parent`. */
  | {
    readonly action: "attach" | "detach";
    readonly parent: string;
    readonly as: "partition" | "child" | "part";
  }
  /** Privileges on it are given to a role, or taken from it; `by` is the role that does it, where it is not the owner. */
  | { readonly action: "grant" | "revoke"; readonly to: string; readonly by?: string }
  /** All rows are checked against it. */
  | { readonly action: "validate" }
  /** Rows without a value of a column get one; `value` is SQL, null when it differs from row to row. */
  | { readonly action: "backfill"; readonly value: string | null }
  /** Rows that are equal in columns are deleted but for one, so that the object can be created. */
  | { readonly action: "deduplicate"; readonly columns: readonly string[] }
  /** The rows of a table are copied, saved and restored, or deleted; what they refer to is restored. */
  | { readonly action: RowDeed }
  /** A counter goes on behind the rows. */
  | { readonly action: "continue_numbers" }
  /** An index over the text of another table is filled from it. */
  | { readonly action: "fill"; readonly from: string }
  /** Checks that would refuse what happens to it are put off, or left out, meanwhile. */
  | {
    readonly action:
      | "defer_foreign_keys"
      | "skip_reference_checks"
      | "skip_body_checks"
      | "check_deferred"
      | "drop_foreign_keys";
  };

/** What is done to the rows of a table. */
export type RowDeed =
  | "copy_rows"
  | "save_rows"
  | "restore_rows"
  | "restore_references"
  | "delete_rows"
  | "convert_values"
  | "drop_saved_rows"
  | "drop_former";

/** Why that is done. */
export type Because =
  /** It is only dropped to be recreated. */
  | { readonly cause: "recreate" }
  /** Another object is altered, created, dropped or recreated. */
  | {
    readonly cause: "change";
    readonly object: Subject;
    readonly action: "alter" | "create" | "drop" | "recreate";
  }
  /** The server cannot do it in another way. */
  | { readonly cause: "unsupported"; readonly operation: Unsupported }
  /** ALTER TABLE cannot change these members of a table. */
  | ({ readonly cause: "alter_table" } & TableDifference)
  /** Other rows refer to it, or it refers to an object that is recreated. */
  | { readonly cause: "referenced" }
  | { readonly cause: "refers"; readonly object: Subject }
  /** Objects refer to each other. */
  | { readonly cause: "cycle" }
  /** It is part of what functions of a new type take. */
  | { readonly cause: "functions" }
  /** Nothing uses it any more; it came from a parent that the table no longer has, or is that of the parent. */
  | { readonly cause: "unused" | "former_parent" | "parent" }
  /** Its rows stay where they are: it is a foreign table. */
  | { readonly cause: "rows_elsewhere" }
  /** Its replication slot stays at the publisher, or is to be made before it is enabled by hand. */
  | { readonly cause: "slot_stays" | "enabled_by_hand" }
  /** Rows that are published change, and nothing else identifies them meanwhile. */
  | { readonly cause: "published" }
  /** Old rows are not checked. */
  | { readonly cause: "not_validated" }
  /** It names a table that does not exist. */
  | { readonly cause: "missing_table" }
  /** A foreign key says SET NULL for a column that is NOT NULL. */
  | { readonly cause: "set_null_not_null" };

/** What a server cannot do in place. */
export type Unsupported =
  | "replace"
  | "alter"
  | "alter_type"
  | "alter_attribute_type"
  | "remove_value"
  | "reorder_values"
  | "reorder_attributes"
  | "restrict_domain"
  | "alter_range"
  | "alter_collation"
  | "cast_default";

/** How a table differs from what it is to be, by the own names of its members. */
export interface TableDifference {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly dropped: readonly string[];
  /** True when its own options differ. */
  readonly options: boolean;
}

/** What is wanted of a schema, as it was said in words. Names and SQL are as written, quotes included. */

/** A column to add, or what is said of one. */
export interface ColumnWish {
  /** Null where no type was said. */
  readonly type: string | null;
  /** Null where nothing was said. */
  readonly isRequired: boolean | null;
  readonly isUnique: boolean;
  readonly default: string | null;
  /** The value for rows that are there already. */
  readonly fill: string | null;
  /** `users(id)` */
  readonly references: string | null;
}

/** What becomes of a column. */
export type ColumnChange =
  | { readonly what: "required"; readonly fill: string | null }
  | { readonly what: "optional" | "unique" | "no default" }
  | { readonly what: "type" | "default"; readonly sql: string };

/** One request. A `table` is null where none was named. */
export type Request =
  | {
    readonly kind: "add column";
    readonly table: string;
    readonly column: string;
    readonly wish: ColumnWish;
  }
  | { readonly kind: "drop column"; readonly table: string | null; readonly column: string }
  | {
    readonly kind: "drop";
    /** Null for the only thing of that name. */
    readonly what: "table" | "index" | "view" | "trigger" | null;
    readonly name: string;
  }
  | {
    readonly kind: "rename";
    readonly what: "table" | "column" | null;
    readonly table: string | null;
    readonly from: string;
    readonly to: string;
  }
  | {
    readonly kind: "add index";
    readonly table: string;
    readonly columns: readonly string[];
    readonly isUnique: boolean;
    readonly name: string | null;
  }
  | {
    readonly kind: "change column";
    readonly table: string | null;
    readonly column: string;
    readonly change: ColumnChange;
  }
  | { readonly kind: "add check"; readonly table: string; readonly condition: string }
  | { readonly kind: "add view"; readonly name: string; readonly query: string }
  | {
    readonly kind: "add table";
    readonly name: string;
    /** The definitions between the parentheses. */
    readonly members: readonly string[];
  };

/** What was understood: a request, or what keeps one that is nearly clear from being certain. */
export type Understood =
  | { readonly request: Request }
  | { readonly question: string; readonly options: readonly string[] };

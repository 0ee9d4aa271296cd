/** What a statement does, as its text says, in words that all dialects share: what rules look at. */

/** The action of an operation. */
export type OperationAction =
  | "create"
  | "drop"
  | "rename"
  | "set-schema"
  | "add-column"
  | "drop-column"
  | "rename-column"
  | "change-type"
  | "set-default"
  | "drop-default"
  | "set-not-null"
  | "drop-not-null"
  | "move-column"
  | "add-constraint"
  | "drop-constraint"
  | "validate-constraint"
  | "rename-constraint"
  | "add-value"
  | "rename-value"
  | "attach-partition"
  | "detach-partition"
  | "set-option"
  | "rebuild"
  | "refresh"
  | "reindex"
  | "truncate"
  | "disable-trigger"
  | "set-expression"
  | "insert"
  | "update"
  | "delete"
  | "set"
  | "begin"
  | "commit"
  | "rollback"
  | "run-code"
  | "other";

/** A column as a statement defines it. */
export interface ColumnClause {
  readonly name: string;
  /** As written, in lower case, with its modifiers: `varchar(20)`; empty where none is written. */
  readonly type: string;
  readonly isRequired: boolean;
  /** The default's text; null for none. */
  readonly default: string | null;
  readonly generated: "stored" | "virtual" | null;
  /** Numbers itself: an identity, `serial`, AUTO_INCREMENT. */
  readonly isIdentity: boolean;
  readonly isUnique: boolean;
  readonly isPrimary: boolean;
  readonly hasCheck: boolean;
  /** Table that it refers to. */
  readonly references: string | null;
  /** Stands at a place of its own: FIRST, or AFTER another. */
  readonly isPlaced: boolean;
  readonly collation: string | null;
}

/** A constraint as a statement defines it. */
export interface ConstraintClause {
  readonly type: "primary key" | "unique" | "foreign key" | "check" | "exclusion" | "not null";
  /** Null where none is written. */
  readonly name: string | null;
  readonly columns: readonly string[];
  /** Table that a foreign key refers to, and its columns. */
  readonly references: string | null;
  readonly referred: readonly string[];
  /** NOT VALID: rows that are there are not looked at. */
  readonly isUnvalidated: boolean;
  /** USING INDEX. */
  readonly index: string | null;
}

/** An index as a statement defines it. */
export interface IndexClause {
  readonly isUnique: boolean;
  /** Columns, or texts of expressions. */
  readonly columns: readonly string[];
  readonly method: string;
  readonly isPartial: boolean;
}

/** One thing that a statement does; an ALTER TABLE may do several. */
export interface Operation {
  readonly action: OperationAction;
  /** Kind of what it is done to: `table`, `index`, `view`, `type`, `schema`; empty where there is nothing. */
  readonly kind: string;
  /** Name of what it is done to, as the catalog keeps it, with its schema where one is written; empty where there is none. */
  readonly on: string;
  /** The column, constraint, value, setting or partition that it is about. */
  readonly name?: string;
  readonly newName?: string;
  readonly column?: ColumnClause;
  /** Columns of a new table. */
  readonly columns?: readonly ColumnClause[];
  readonly constraint?: ConstraintClause;
  /** Constraints of a new table. */
  readonly constraints?: readonly ConstraintClause[];
  readonly index?: IndexClause;
  /** Of an INSERT from a query: the columns that it writes, where they are named, and what each gets; null for what is no bare column. */
  readonly writes?: readonly string[];
  readonly reads?: readonly (string | null)[];
  /** New type, value of a setting, expression. */
  readonly value?: string;
  readonly isCascade?: true;
  readonly isConcurrent?: true;
  /** IF EXISTS, or IF NOT EXISTS. */
  readonly isConditional?: true;
  readonly isTemporary?: true;
  /** Of an UPDATE or DELETE: it has a WHERE. */
  readonly hasWhere?: boolean;
  /** Of a value: it says where it stands (BEFORE, AFTER). Of a transaction's setting: LOCAL. */
  readonly isPlaced?: true;
}

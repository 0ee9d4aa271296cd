/**
 * The facts of MySQL's and MariaDB's kinds of objects. Texts of SQL are those that the server itself writes in SHOW CREATE, names
 * in facts are unquoted. What every object of a version has by itself is left out, so that facts hold what somebody decided.
 */

import type { SchemaObject } from "../../core/snapshot.ts";
import { factsFrom, factsView, type Stated, styleView } from "../common/facts.ts";

/** What is true of the database that holds all else; its id is `database:default`, whatever its name is. */
export interface DatabaseFacts {
  /** Defaults of tables that do not state theirs. */
  readonly charset: string;
  readonly collation: string;
  /** MariaDB. */
  readonly comment?: string;
}

/** What is true of a table besides its members (`table:users`). */
export interface TableFacts {
  /** `InnoDB`. */
  readonly engine: string;
  /** Defaults of columns that are added without stating theirs. */
  readonly charset: string;
  readonly collation: string;
  /** In capitals, where it is stated: `COMPRESSED`. */
  readonly row_format?: string;
  readonly comment?: string;
  /** All other options that are stated, by their names in lower case, values as SHOW CREATE has them: `{ key_block_size: "8", compression: "'zlib'" }`. */
  readonly options?: Readonly<Record<string, string>>;
  readonly partitioning?: PartitioningFacts;
  /** MariaDB: WITH SYSTEM VERSIONING. */
  readonly system_versioned?: boolean;
  /** MariaDB: PERIOD FOR of an application or of SYSTEM_TIME, in their order. */
  readonly periods?: readonly PeriodFacts[];
}

/** A period of two columns. */
export type PeriodFacts = {
  /** `SYSTEM_TIME`, or the name. */
  readonly name: string;
  readonly start: string;
  readonly end: string;
};

/** How a table is partitioned. */
export type PartitioningFacts = {
  /** In capitals, with what belongs to it: `RANGE`, `RANGE COLUMNS`, `LINEAR KEY`, `KEY ALGORITHM = 1`, `SYSTEM_TIME`. */
  readonly method: string;
  /** What stands in its parentheses; for SYSTEM_TIME what follows it: `INTERVAL 1 MONTH STARTS TIMESTAMP'...' AUTO`. */
  readonly expression: string;
  /** Number of partitions, where they are not listed. */
  readonly count?: number;
  readonly subpartitioning?: {
    readonly method: string;
    readonly expression: string;
    /** Number in each partition, where they are not listed. */
    readonly count?: number;
  };
  /** In their order; absent where only their number is stated. */
  readonly partitions?: readonly PartitionFacts[];
};

/** A partition, or a subpartition (which has no values). */
export type PartitionFacts = {
  readonly name: string;
  /** `LESS THAN (2000)`, `LESS THAN MAXVALUE`, `IN (1,2)`, `DEFAULT`, `HISTORY`, `CURRENT`. */
  readonly values?: string;
  readonly comment?: string;
  /** Its other options, as those of a table; the engine is that of the table. */
  readonly options?: Readonly<Record<string, string>>;
  readonly subpartitions?: readonly PartitionFacts[];
};

/** What is true of a column (`column:users.email`). */
export interface ColumnFacts {
  /** As SHOW CREATE has it, in lower case but for values: `int(10) unsigned`, `varchar(20)`, `enum('a','B')`. */
  readonly type: string;
  /** Of character types. */
  readonly charset?: string;
  readonly collation?: string;
  readonly not_null?: boolean;
  /** What follows DEFAULT: `'a'`, `0`, `b'1'`, `CURRENT_TIMESTAMP(6)`, `(uuid())`. Absent for NULL, and for none. */
  readonly default?: string;
  /** True for a column that may be NULL and yet has no default: DROP DEFAULT makes it. */
  readonly no_default?: boolean;
  /** What follows ON UPDATE: `CURRENT_TIMESTAMP(6)`. */
  readonly on_update?: string;
  readonly auto_increment?: boolean;
  /** The expression of a generated column, without its outer parentheses. */
  readonly generated?: string;
  /** Absent for VIRTUAL. */
  readonly stored?: boolean;
  readonly invisible?: boolean;
  readonly comment?: string;
  /** MySQL: of a spatial column. MariaDB: its REF_SYSTEM_ID. */
  readonly srid?: number;
  /** MariaDB: the CHECK that is a part of the column, without its outer parentheses; `json_valid(...)` of one that was written as JSON. */
  readonly check?: string;
  /** MariaDB: the column begins (`start`) or ends (`end`) the period SYSTEM_TIME. */
  readonly row?: "start" | "end";
  /** MariaDB: WITH or WITHOUT SYSTEM VERSIONING, where it differs from the table. */
  readonly versioning?: "with" | "without";
  /** MariaDB: `COMPRESSED`, with its method: `zlib`. */
  readonly compressed?: string;
  /** Other attributes by their names in lower case, values as SHOW CREATE has them: `{ column_format: "FIXED", engine_attribute: "'{}'" }`. */
  readonly options?: Readonly<Record<string, string>>;
}

/** What is true of an index (`index:users.ix`; the primary key is `index:users.PRIMARY`). */
export interface IndexFacts {
  readonly type: "primary" | "unique" | "plain" | "fulltext" | "spatial" | "vector";
  readonly columns: readonly IndexPart[];
  /** `HASH`, `BTREE`, where it is stated. */
  readonly using?: string;
  /** Of a FULLTEXT index. */
  readonly parser?: string;
  readonly comment?: string;
  /** MySQL's INVISIBLE, MariaDB's IGNORED. */
  readonly invisible?: boolean;
  /** MariaDB: the period of a key WITHOUT OVERLAPS. */
  readonly without_overlaps?: string;
  /** Others by their names in lower case, values as SHOW CREATE has them: `{ key_block_size: "8", m: "8", distance: "cosine" }`. */
  readonly options?: Readonly<Record<string, string>>;
}

/** A column or an expression of an index. */
export type IndexPart = {
  readonly column?: string;
  /** Without its outer parentheses. */
  readonly expression?: string;
  /** Length of a prefix. */
  readonly length?: number;
  readonly descending?: boolean;
};

/** What is true of a constraint of a table (`constraint:users.users_fk`), by its type. Keys are indexes, a column's own CHECK in MariaDB is a fact of the column. */
export type ConstraintFacts = CheckFacts | ForeignKeyFacts;

/** A CHECK. */
export interface CheckFacts {
  readonly type: "check";
  /** Without its outer parentheses. */
  readonly expression: string;
  /** MySQL. */
  readonly not_enforced?: boolean;
}

/** A foreign key; the index that the server makes for it is an index as any other. */
export interface ForeignKeyFacts {
  readonly type: "foreign key";
  readonly columns: readonly string[];
  /** Qualified for one in another database: `other.users`. */
  readonly table: string;
  readonly references: readonly string[];
  /** As SHOW CREATE has it: `CASCADE`, `SET NULL`; MySQL also `RESTRICT`, MariaDB `NO ACTION`, each of which does what its default does. */
  readonly on_delete?: string;
  readonly on_update?: string;
}

/** What is true of code that runs by the rights of an account. */
interface OwnedFacts {
  /** `user@host`, or the name of a role and `@`; only where definers count, and absent for the account of the session. */
  readonly definer?: string;
}

/** What is true of a view (`view:active_users`). */
export interface ViewFacts extends OwnedFacts {
  /** As SHOW CREATE VIEW has it, without the name of the database. */
  readonly query: string;
  /** `MERGE` or `TEMPTABLE`. */
  readonly algorithm?: string;
  /** Absent for DEFINER. */
  readonly security?: "invoker";
  readonly check_option?: "cascaded" | "local";
}

/** What is true of a procedure (`procedure:add_user`) or a function (`function:total`). */
export interface RoutineFacts extends OwnedFacts {
  /** What stands in the parentheses. */
  readonly parameters: string;
  /** Of a function: its type with character set, as SHOW CREATE has it. */
  readonly returns?: string;
  /** MariaDB: CREATE AGGREGATE FUNCTION. */
  readonly aggregate?: boolean;
  readonly deterministic?: boolean;
  /** `NO SQL`, `READS SQL DATA`, `MODIFIES SQL DATA`; absent for CONTAINS SQL. */
  readonly data_access?: string;
  /** Absent for DEFINER. */
  readonly security?: "invoker";
  readonly comment?: string;
  /** MySQL: absent for SQL. */
  readonly language?: string;
  readonly body: string;
  /** Modes in their order, where they are not those of a new session. */
  readonly sql_mode?: string;
}

/** What is true of a trigger (`trigger:users_ai`); its parent is its table. */
export interface TriggerFacts extends OwnedFacts {
  readonly table: string;
  readonly timing: "before" | "after";
  /** `insert`, `update`, `delete`; MariaDB from 12.0: several, and columns: `insert or update of a, b`. */
  readonly event: string;
  /** Name of the one that runs right before it, among those of the same table, timing and event. */
  readonly follows?: string;
  readonly body: string;
  readonly sql_mode?: string;
}

/** What is true of an event (`event:purge`). */
export interface EventFacts extends OwnedFacts {
  /** For one that runs once: a time as text, in `time_zone`. */
  readonly at?: string;
  /** For one that runs again and again: `1 DAY`, `'1:30' HOUR_MINUTE`. */
  readonly every?: string;
  /** Absent where it is the moment of its creation. */
  readonly starts?: string;
  readonly ends?: string;
  /** Kept after its last run. */
  readonly preserve?: boolean;
  /** Absent for ENABLE; `replica` for DISABLE ON REPLICA (MariaDB: ON SLAVE). */
  readonly disabled?: "everywhere" | "replica";
  readonly comment?: string;
  readonly body: string;
  readonly sql_mode?: string;
  /** Where it is not that of a new session. */
  readonly time_zone?: string;
}

/** What is true of a sequence of MariaDB (`sequence:order_numbers`); numbers are texts, which may be greater than any of JavaScript. */
export interface SequenceFacts {
  readonly start: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly increment: string;
  readonly cache: string;
  readonly cycle?: boolean;
  readonly engine: string;
  /** From 11.5: its type, where it is not `bigint`. */
  readonly as?: string;
  readonly comment?: string;
}

/** What is true of a package of MariaDB (`package:pay`), or of the body of one (`package body:pay`). */
export interface PackageFacts extends OwnedFacts {
  /** Its text from behind the name and the characteristics. */
  readonly body: string;
  /** Absent for DEFINER. */
  readonly security?: "invoker";
  readonly comment?: string;
  readonly sql_mode?: string;
}

/** Facts by kind. */
export interface MysqlFacts {
  readonly database: DatabaseFacts;
  readonly table: TableFacts;
  readonly column: ColumnFacts;
  readonly index: IndexFacts;
  readonly constraint: ConstraintFacts;
  readonly view: ViewFacts;
  readonly procedure: RoutineFacts;
  readonly function: RoutineFacts;
  readonly trigger: TriggerFacts;
  readonly event: EventFacts;
  readonly sequence: SequenceFacts;
  readonly package: PackageFacts;
  readonly "package body": PackageFacts;
}

/** How a table is written. */
export interface TableStyle {
  /** The number that AUTO_INCREMENT goes on from, where it is not 1: rows make it, as a rule. */
  readonly auto_increment?: string;
}

/** How a column is written. */
export interface ColumnStyle {
  /** True where SHOW CREATE states its character set or its collation, though they may be those of the table. */
  readonly charset_stated?: boolean;
  readonly collation_stated?: boolean;
}

/** Whose code it is, and what the session was in which it was made. */
export interface CodeStyle {
  /** `user@host`. */
  readonly definer?: string;
  readonly character_set_client?: string;
  readonly collation_connection?: string;
}

/** A view besides: the server cannot use it. */
export interface ViewStyle extends CodeStyle {
  /** Something that it reads is not there. */
  readonly is_broken?: boolean;
}

/** Styles by kind. */
export interface MysqlStyles {
  readonly database: Readonly<Record<never, never>>;
  readonly table: TableStyle;
  readonly column: ColumnStyle;
  readonly index: Readonly<Record<never, never>>;
  readonly constraint: Readonly<Record<never, never>>;
  readonly view: ViewStyle;
  readonly procedure: CodeStyle;
  readonly function: CodeStyle;
  readonly trigger: CodeStyle;
  readonly event: CodeStyle;
  readonly sequence: Readonly<Record<never, never>>;
  readonly package: CodeStyle;
  readonly "package body": CodeStyle;
}

/** The facts of an object of a kind. Throws an Error for an object of another kind, which is a bug. */
export const factsOf = factsView<MysqlFacts>();

/** How its author wrote an object of a kind; nothing is known of one that was made from facts alone. */
export const styleOf = styleView<MysqlStyles>();

/** An object as its reader states it. */
export type ObjectInput<Kind extends keyof MysqlFacts> =
  & Omit<SchemaObject, "kind" | "facts" | "style">
  & {
    readonly kind: Kind;
    readonly facts: Stated<MysqlFacts[Kind]>;
    readonly style?: Stated<MysqlStyles[Kind]>;
  };

/** Makes an object; facts that are null or false are left out. */
export function makeObject<Kind extends keyof MysqlFacts>(
  { style, facts, ...rest }: ObjectInput<Kind>,
): SchemaObject {
  const kept = style === undefined ? {} : factsFrom(style);
  return {
    ...rest,
    facts: factsFrom(facts),
    ...Object.keys(kept).length === 0 ? {} : { style: kept },
  };
}

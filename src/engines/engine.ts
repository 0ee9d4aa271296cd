/** All that aim knows of one dialect. */

import type { DatabaseError } from "../core/error.ts";
import type { Lexicon } from "../sql/lexicon.ts";
import type {
  Converted,
  NewData,
  Observation,
  ObservedTable,
  Seeded,
} from "../core/observation.ts";
import type { Connection, Runtime, ScratchDatabase, Target } from "../runtimes/runtime.ts";
import type { MeasuredStatement } from "../core/measured.ts";
import type { OnlineTool } from "../core/online_tool.ts";
import type { Operation } from "../core/operation.ts";
import type { Choice } from "../core/choice.ts";
import type { Hints, Plan, RenamePlan } from "../core/plan.ts";
import type { TableShape } from "../core/shape.ts";
import type { SchemaObject, Snapshot } from "../core/snapshot.ts";
import type { PlannedStatement, Statement } from "../core/statement.ts";
import type { Converting } from "./convert/converting.ts";
import type { StretchOptions } from "./common/stretch.ts";
import type { Expanding } from "./expanding.ts";
import type { LiveAccess } from "./live.ts";
import type { Moving, Sampling } from "./many_rows.ts";
import type { VersionFeature } from "./version_features.ts";

/** What `inspect` leaves out of a snapshot. */
export interface InspectOptions {
  /** Names of tables, unqualified or qualified, `*` allowed: runner bookkeeping and `ignore_tables`. */
  readonly ignoreTables: readonly string[];
  /** Names of schemas (namespaces), `*` allowed, that are left out with all that is in them. */
  readonly ignoreSchemas?: readonly string[];
  /** True where it says nothing whether a materialized view holds the rows of its query: the schema is a dump, which holds none. */
  readonly ignorePopulated?: boolean;
  /** `strict` where the accounts are facts by whose rights code runs. */
  readonly definer?: "ignore" | "strict";
  /** False for a state that nothing comes back to: no use in knowing it again. */
  readonly remember?: boolean;
  /** What `fingerprint` says of this very state, where that is known. */
  readonly digest?: string;
}

/** By which names two snapshots are compared. */
export interface NameOptions {
  /** Whether a generated name of an index, constraint or owned sequence counts; as a rule it does not. */
  readonly generatedNames?: "ignore" | "follow";
  /** Whether the name of a constraint or an index counts that somebody gave; as a rule it does. */
  readonly constraintNames?: "ignore" | "follow";
  /** The version that is deployed, where the settings name one. */
  readonly deployedVersion: string | null;
}

/** What `repair` did about a refused statement. */
export interface Repair {
  /** For the user. */
  readonly note: string;
  /** Leave the statement out instead of trying it again: a setting that this server does not know. */
  readonly skip?: true;
}

/** What a statement defines at a place. */
export interface Definition {
  /** `table`, `column`, `constraint`, `index` (a member of a table), `enum value`; null for any other object. */
  readonly kind: string | null;
  /** What it is in, as one text of joined parts; empty for what is in nothing, or where that is not said. */
  readonly parent: string;
  /** Its own name, as the catalog keeps it. */
  readonly name: string;
}

/** Where an error stands in its statement, as far as its message tells. */
export interface ErrorPosition {
  /** In UTF-16 units. */
  readonly offset: number;
  /** The name there that is missing, where the error is that one is. */
  readonly missing: string | null;
}

/** A place in a script where its client reads another file. */
export interface Include {
  /** What stands there, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** As written, without quotes. */
  readonly path: string;
  /** Relative to the file itself, and not to the folder that the client runs in. */
  readonly isBeside: boolean;
}

/** A session's search path. */
export interface SearchPath {
  /** Whether a script names it. May be wrong for texts and comments. */
  isNamedIn(script: string): boolean;
  /** A query for its `value`. */
  readonly read: string;
  /** SQL that sets it for the session. */
  set(value: string): string;
  /** One statement, without its semicolon, that gives it the value of a new session. */
  readonly reset: string;
}

/** What rows are put in for. */
export interface SeedOptions {
  /** The schema after a change that is ahead: the rows fit its checks, keys and types as well. */
  readonly expected?: Snapshot;
  /** Statements that are to run over the rows: what they compare with gets rows as well. */
  readonly statements?: readonly string[];
  /** Ids of the tables that get rows; every table when absent. */
  readonly tables?: ReadonlySet<string>;
}

/** Between which schemas rows are written that only the later one takes. */
export interface SeedAfterOptions {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Ids, in `after`, of the tables that are written to; every table when absent. */
  readonly tables?: ReadonlySet<string>;
}

/** Columns that get another type, and the statements that say how. */
export interface ConversionOptions {
  readonly columns: readonly {
    readonly table: ObservedTable;
    /** Key of the column. */
    readonly column: string;
    /** The type after the change. */
    readonly type: string;
  }[];
  readonly statements: readonly string[];
}

/** Rows in a scratch database, and what can be seen of what becomes of them. */
export interface Rows {
  /**
   * Puts a few rows into every table that takes them, the same for the same schema. What refers has what it refers to, and no two
   * columns have the same values unless a key joins them, so that whatever is moved is seen. Outside of a transaction.
   */
  seed(database: ScratchDatabase, options?: SeedOptions): Promise<Seeded>;
  /**
   * Writes what the schema after a change takes and the one before does not (a new enum value, NULL, a longer text, a duplicate where
   * a key went), a row for each; outside of a transaction. Gives what was written.
   */
  seedAfter?(database: ScratchDatabase, options: SeedAfterOptions): Promise<readonly NewData[]>;
  /** Gives columns values that try a change of their type, where the table takes them; outside of a transaction. Absent where nothing is known of such values. */
  stretch?(database: ScratchDatabase, options: StretchOptions): Promise<void>;
  /**
   * Reads all that a database holds besides the facts of its schema, rows and counters of the given tables (ids) or of all. With `rows`
   * those alone, at the cost of these tables: other objects and the server are left out. In a transaction or not. Values are the same
   * text whatever the settings of the session.
   */
  observe(
    database: ScratchDatabase,
    tables?: ReadonlySet<string>,
    parts?: "all" | "rows",
  ): Promise<Observation>;
  /**
   * Runs the expressions by which statements convert columns on the rows that are there, outside of a transaction, and leaves the
   * database as it was. What no statement says, or the schema before them cannot run, is left out.
   */
  converted?(
    database: ScratchDatabase,
    options: ConversionOptions,
  ): Promise<readonly Converted[]>;
}

/** Looks at each statement of a migration while it runs. */
export interface Measuring {
  /** Before a statement, in its transaction where it has one. */
  begin(statement: Statement): Promise<void>;
  /** After it, in the same transaction. */
  end(statement: Statement): Promise<MeasuredStatement>;
}

/** Settings of a session that hold for all scripts of a project. */
export interface SessionSettings {
  /** SQL that sets the search path. */
  setSearchPath(path: string): string;
  /** SQL that sets again what the session has now, or a new one would have, and a reset takes away; empty for nothing. */
  kept(database: Connection): Promise<string>;
  /** The search path that planned statements are written for, as `setSearchPath` takes it. */
  readonly plannedPath: string;
  /** The statement that gives planned ones that path in their transaction, or in the session. */
  planned(inTransaction: boolean): string;
  /** Whether the session, as it is, resolves and makes names as it would with that path. */
  isPlanned(database: Connection): Promise<boolean>;
}

/** Asks the server whether it takes a query, without running it. */
export interface QueryCheck {
  /** The parameter of a number from 1 on, as a query has it. */
  parameter(number: number): string;
  /** Prepares one query, which is never run; gives what the server says against it, or null. */
  refusal(connection: Connection, sql: string): Promise<DatabaseError | null>;
  /** The query that reads all of an object that is itself a query, such as a view; null for any other. */
  readAll(object: SchemaObject): string | null;
}

/** A history whose objects depend on the day (a partition for this month) has a script that reads a clock and one that makes statements. */
export interface Dated {
  readonly readsClock: RegExp;
  readonly makesStatements: RegExp;
}

/** A view that the database has and that no query can read, or a trigger that fails whenever it fires. */
export interface BrokenObject {
  readonly kind: "view" | "trigger";
  readonly name: string;
  /** What the server says. */
  readonly reason: string;
}

/** What is known when planned statements are made ones that let others read and write. */
export interface OnlineContext {
  readonly from: Snapshot;
  readonly to: Snapshot;
  /** The version that is deployed, where the settings name one. */
  readonly deployedVersion: string | null;
  /** Milliseconds that a statement waits for a lock; 0 for no limit. */
  readonly lockTimeout: number;
  /**
   * How the runner sends a file that has no transaction around it: a statement at a time, as one message, or never, since there is
   * always one.
   */
  readonly files: "statements" | "message" | "transaction";
  /** What was measured of each statement; null where nothing was. */
  readonly measured: readonly (MeasuredStatement | null)[];
  /** Statements that stay as they were planned. */
  readonly kept: ReadonlySet<PlannedStatement>;
  /** For DOWN: the statements of UP that it undoes. */
  readonly undoes: readonly PlannedStatement[] | null;
}

/** The contract of a dialect: one folder and one line in `mod.ts`. */
export interface Engine {
  readonly dialect: string;
  /** True where ROLLBACK undoes definitions as well; where it is false, a definition ends the transaction that it stands in. */
  readonly transactionalDdl: boolean;
  /** Best first. */
  readonly runtimes: readonly Runtime[];
  /** What an empty database holds. */
  readonly empty: Snapshot;
  /** The version part of an engine specifier (`16.4`; null for the bare name) and what the scripts need. Throws UsageError for a version that cannot be. */
  target(version: string | null, scripts: readonly string[], anyVersion: boolean): Target;
  /** Reads the catalog in one pass. The catalog is the only truth. */
  inspect(connection: Connection, options: InspectOptions): Promise<Snapshot>;
  /** A digest of all that `inspect` would look at: equal digests of one database mean equal snapshots, others mean nothing. Much cheaper than `inspect`. */
  fingerprint(connection: Connection): Promise<string>;
  readonly rows: Rows;
  /** Loads how a database that people use is read. Absent where it cannot be. */
  readonly live?: () => Promise<LiveAccess>;
  /** The tables of a snapshot, in the form that all dialects share. Absent where nothing reads that. */
  readonly shape?: (snapshot: Snapshot) => readonly TableShape[];
  /** What statements do, as their text says. Absent where nothing reads that. */
  readonly operations?: (sql: string) => Promise<readonly Operation[]>;
  /** How queries of programs are checked. Absent where they cannot be. */
  readonly queryCheck?: QueryCheck;
  /** Views that no query can read and triggers that cannot be run, on a scratch database. Absent where the server takes none. */
  readonly brokenObjects?: (
    connection: Connection,
    snapshot: Snapshot,
  ) => Promise<readonly BrokenObject[]>;
  /** Begins measuring, in the state before a migration, what each of its statements does to what others use. Absent where that cannot be seen. */
  readonly measure?: (database: ScratchDatabase) => Promise<Measuring>;
  /** Programs that make a change of a large table while others write; absent where there are none. */
  readonly onlineTools?: (sql: string, tables: readonly TableShape[]) => readonly OnlineTool[];
  /** Absent where there is no such way. */
  readonly expanding?: Expanding;
  /** Absent where statements that move rows run in one go whatever the size of the table. */
  readonly moving?: Moving;
  /** Absent where nobody asks how long statements take. */
  readonly sampling?: Sampling;
  /**
   * Statements that leave the same as the planned ones and, where that costs nothing, block neither reads nor writes of tables that
   * were there before. Absent where there is no such form.
   */
  readonly online?: (
    statements: readonly PlannedStatement[],
    context: OnlineContext,
  ) => Promise<readonly PlannedStatement[]>;
  /** Absent where sessions have no settings that scripts go by. */
  readonly session?: SessionSettings;
  /** Cuts a script, from an offset on, into statements; their offsets are those of the whole text. Throws UsageError, with its place in the text, for what no server can take. */
  split(sql: string, from?: number): readonly Statement[];
  /** The files that a script includes by commands of the dialect's own client; absent where it has none. Throws UsageError, with its place in the text. */
  readonly includes?: (sql: string) => readonly Include[];
  /** How the dialect cuts SQL into tokens. */
  readonly lexicon: Lexicon;
  /** A name that is written without quotes as the catalog keeps it: `Users` is users in Postgres. */
  foldName(name: string): string;
  /** Names of one key are one name: those of SQLite do not tell capitals apart. */
  nameKey(name: string): string;
  /** What a CREATE statement defines at an offset of its text: itself up to the end of its name, then its columns, constraints and values; null for nothing. */
  definitionAt(statement: string, offset: number): Definition | null;
  /** Where the error stands in the statement that was refused; null when nothing tells. */
  errorPosition(error: DatabaseError, statement: string): ErrorPosition | null;
  /** Whether a statement was refused for want of an object that another one may make. */
  isMissingObject(error: DatabaseError): boolean;
  /** The one of these extensions that would have brought what an error says is missing; null where none is known to. Absent where there are no extensions. */
  readonly missingExtension?: (
    error: DatabaseError,
    extensions: readonly string[],
  ) => string | null;
  /** What to do about a statement that the server refuses because another program was meant to read it; null for any other. Absent where nothing is known. */
  readonly clientHint?: (reason: DatabaseError, statement: Statement) => string | null;
  /**
   * Mends what a scratch server lacks and a real one has (a role that a script names), so that the statement can be tried again.
   * Called outside a transaction, with the text of the refused statement. Gives what was done, or null when the error is a real one.
   */
  repair(error: unknown, connection: Connection, statement: string): Promise<Repair | null>;
  /**
   * The wanted snapshot under the names that the actual one has, where the server generated them and not the author: what is compared
   * and planned. Absent where no object has such a name.
   */
  readonly matchNames?: (wanted: Snapshot, actual: Snapshot, options: NameOptions) => Snapshot;
  /** Objects that may have been renamed, and the statements that rename the confirmed ones. Run and inspected before the rest is planned. */
  renames(from: Snapshot, to: Snapshot, hints: Hints): RenamePlan;
  /** Statements from one snapshot to another in an order that works, or the choices that are open. */
  plan(from: Snapshot, to: Snapshot, hints: Hints): Plan;
  /**
   * What to put in place of a planned statement that the server refuses although a schema may hold it; null where nothing helps.
   * Without a reason: what would be put there if it were refused. Absent where there is no such thing.
   */
  readonly relax?: (
    statement: PlannedStatement,
    reason?: DatabaseError,
  ) => readonly PlannedStatement[] | null;
  /** Planned statements as written by hand, with the same result. Absent where they are that already. */
  readonly tidy?: (statements: readonly PlannedStatement[]) => readonly PlannedStatement[];
  /** A planned definition in the words of the last of the statements that defines the same object; null where none does. Absent where the server keeps their text itself. */
  readonly authoredText?: (
    planned: PlannedStatement,
    script: readonly Statement[],
  ) => string | null;
  /** Canonical DDL of every top-level object, by id in alphabetical order, its members included: for people to read and compare. What is to be loaded is `plan(empty, snapshot)`. */
  describe(snapshot: Snapshot): ReadonlyMap<string, string>;
  /** Whether a script is a dump of a schema, by the dialect's own program. Absent where there is no such program. */
  readonly isDump?: (script: string) => boolean;
  /** Whether a script may change the system catalogs by hand, after which they may hold anything. Rather true than false. */
  rewritesCatalog(script: string): boolean;
  /** What scripts name, rather too much than too little, where the objects that they leave can depend on the day. Absent where they cannot. */
  readonly dated?: Dated;
  /** The setting that says where names without a schema are looked for, in dialects that have one. */
  readonly searchPath?: SearchPath;
  /** SQL that gives the session its defaults back between two migrations (settings that a script left behind); empty when there is nothing to do. */
  readonly reset: string;
  /** Loads how schemas are converted from this dialect and to it. Absent where they are not. */
  readonly converting?: () => Promise<Converting>;
  /** What a model must be told about the dialect. */
  readonly guide: string;
  /** What came with which version, oldest first. */
  readonly features: readonly VersionFeature[];
}

export type { Choice, Hints, Plan, PlannedStatement, SchemaObject, Snapshot, Statement };

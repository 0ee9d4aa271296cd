/** A database that people use: opened to be read, and nothing else; or for the statements of migrations. */

import type { BookEdit, LockKey } from "../core/book_edit.ts";
import type { DatabaseError } from "../core/error.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { Statement } from "../core/statement.ts";
import type { InspectOptions } from "./engine.ts";

/** How a dialect reaches one. */
export interface LiveAccess {
  /** How an address looks, for messages. */
  readonly form: string;
  /** Whether an address is one of this dialect. */
  accepts(url: string): boolean;
  /** A snapshot without what is only compared when it is asked for: owners and privileges. Absent where there is no such thing. */
  readonly plain?: (snapshot: Snapshot) => Snapshot;
  /** SQL that gives an empty database what this one had before its first migration, as far as no migration says it; empty for nothing. */
  readonly prelude?: (snapshot: Snapshot) => string;
  /** The statement that puts a row into a table, for people to run; a schema that is null is not named. */
  insert(table: Pick<FoundTable, "table" | "schema">, row: NewRow): string;
  /** Writes a sample of rows as SQL; absent where none is taken. */
  readonly rowWriter?: RowWriter;
  /** Opens it. Throws UsageError for an address that cannot be read, DatabaseError for a database that cannot be reached. */
  open(url: string, options: LiveOptions): Promise<LiveDatabase>;
  /** Opens a session in which migrations run. Throws as `open` does. Absent where none do. */
  write?(url: string, options: LiveOptions): Promise<LiveWriter>;
}

/** What a value is, as far as it matters to who must not see it. */
export type CellKind =
  | "text"
  | "number"
  | "date"
  | "boolean"
  | "uuid"
  | "enum"
  | "bytes"
  | "json"
  | "address"
  | "other";

/** A value as text, bytes as hexadecimal digits; null for NULL. */
export type Cell = { readonly kind: CellKind; readonly text: string } | null;

/** A column of which rows are sampled; no generated one. */
export interface SampledColumn {
  readonly name: string;
  readonly isRequired: boolean;
  /** The most characters that it takes; null where nothing says so. */
  readonly length: number | null;
  /** A sequence numbers it. */
  readonly isNumbered?: boolean;
}

/** A table of which rows are sampled. */
export interface SampledTable {
  /** As in a snapshot. */
  readonly id: string;
  /** As SQL. */
  readonly quoted: string;
  readonly columns: readonly SampledColumn[];
  /** Columns by which a row is known; empty for none. */
  readonly key: readonly string[];
  readonly references: readonly {
    readonly columns: readonly string[];
    /** Id of the other table. */
    readonly table: string;
    readonly others: readonly string[];
  }[];
  /** Texts of what its rows must pass. */
  readonly checks: readonly string[];
  /** Why no row can be read; null where they can. */
  readonly refused: string | null;
}

/** Which rows of a table are read: the first ones, or those with one of these values in the columns. */
export type SampledRows =
  | { readonly first: number }
  | { readonly columns: readonly string[]; readonly values: readonly (readonly Cell[])[] };

/** Reads rows, within one transaction; all errors are `DatabaseError`. */
export interface RowReader {
  tables(): Promise<readonly SampledTable[]>;
  /** In an order that is the same for the same database; long texts are cut. */
  rows(table: SampledTable, which: SampledRows): Promise<readonly (readonly Cell[])[]>;
}

/** Rows as SQL. */
export interface RowWriter {
  /** Statements after which new rows get numbers behind those that were put in. */
  counters(table: SampledTable): readonly string[];
  /** One statement that puts rows in. */
  insert(
    table: SampledTable,
    columns: readonly string[],
    rows: readonly (readonly Cell[])[],
  ): string;
  /** One statement that sets columns of the row with this key. */
  update(
    table: SampledTable,
    set: readonly (readonly [string, Cell])[],
    key: readonly (readonly [string, Cell])[],
  ): string;
}

/** A session in which migrations run, one statement at a time; all errors are `DatabaseError`. */
export interface LiveWriter extends AsyncDisposable {
  readonly shown: string;
  /** As runners note it down. */
  readonly account: string;
  /** The name of the database, without a server. */
  readonly database: string;
  /** The schema (namespace) in which new tables are made that name none; null where there are none. */
  readonly schema: string | null;
  /** True while a transaction is open, a failed one included. */
  readonly inTransaction: boolean;
  /** True when nothing can be sent any more. */
  readonly isLost: boolean;
  /** Begins a transaction that writes. */
  begin(): Promise<void>;
  /** Sends SQL of aim's own. */
  exec(sql: string): Promise<void>;
  /** Runs a statement of a migration; gives how many rows it wrote, null where the server does not count them. */
  run(statement: Pick<Statement, "sql" | "copyData">): Promise<number | null>;
  query<Row extends object>(sql: string): Promise<Row[]>;
  /** Rows of a table of books. */
  rows(table: FoundTable, query: RowsQuery): Promise<readonly BookRow[]>;
  /** Whether a table holds rows, or such where one of these columns is not NULL; true also where it cannot be told. */
  holds(table: string, columns: readonly string[]): Promise<boolean>;
  /** The statement that does it. */
  edit(table: Pick<FoundTable, "table" | "schema">, edit: BookEdit): string;
  /** The statement that makes the journal of `aim apply` where there is none, and the one that drops it. */
  readonly journal: { readonly make: string; readonly drop: string };
  /** True for a statement that a transaction can hold together with a note that it was run. */
  isAtomic(statement: Statement): boolean;
  /** True for a statement that may leave something behind when it fails. */
  mayLeave(statement: Statement): boolean;
  /** Gives the session its defaults back; locks stay. */
  reset(): Promise<void>;
  /** Takes a lock for as long as the session lasts; false when another session has it. */
  lock(key: LockKey): Promise<boolean>;
  /** How long the session waits for a lock of a table, in milliseconds. */
  waitFor(milliseconds: number): Promise<void>;
  /** True where the same may work a moment later: a lock that was not given in time, a deadlock. */
  isPassing(error: DatabaseError): boolean;
  /** Asks the server to end the running statement. */
  cancel(): Promise<void>;
}

/** Values by column; `bytes` are hexadecimal digits. */
export interface NewRow {
  readonly values: Readonly<Record<string, string | bigint | boolean>>;
  readonly bytes?: Readonly<Record<string, string>>;
}

/** What it is opened with. */
export interface LiveOptions {
  readonly signal: AbortSignal;
  /** Variables that fill in what an address leaves out. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** An open one. Nothing but the queries of aim's own goes there; all errors are `DatabaseError`. */
export interface LiveDatabase extends AsyncDisposable {
  /** Where it is, without user and password: `postgres://db:5432/shop`. */
  readonly shown: string;
  /** Of the server, as it says it: `15.18`. */
  readonly version: string;
  /** The version that a scratch database must have to say the same of the same schema, as in an engine specifier; null for any. */
  readonly scratchVersion: string | null;
  /** What should be known of the connection or of what the account may not see. */
  notes(): Promise<readonly string[]>;
  /** Throws DatabaseError where migrations cannot run by this way to the server; absent where they always can. */
  demandOwnSession?(): Promise<void>;
  /** Reads the catalog in one short transaction; tried again while somebody holds a lock on it. */
  snapshot(options: InspectOptions): Promise<Snapshot>;
  /** Where tables of these names stand. */
  find(search: readonly TableSearch[]): Promise<readonly FoundTable[]>;
  /** Rows of such a table. */
  rows(table: FoundTable, query: RowsQuery): Promise<readonly BookRow[]>;
  /** Reads rows in one transaction that is read only; absent where none are. */
  sample?<T>(work: (reader: RowReader) => Promise<T>): Promise<T>;
  /** How much each table holds, without reading a row where that can be had. */
  stats(): Promise<readonly TableStats[]>;
}

/** A table that is looked for. */
export interface TableSearch {
  readonly table: string;
  /** The only schema (namespace) that is meant; any when absent. */
  readonly schema?: string;
  /** A database file beside this one in which it stands; where databases are no files this says nothing. */
  readonly beside?: string;
}

/** A table that is there. */
export interface FoundTable {
  readonly table: string;
  /** Its schema (namespace); null where there are none. */
  readonly schema: string | null;
  readonly columns: readonly string[];
  readonly beside?: string;
}

/** What is read of it. */
export interface RowsQuery {
  /** Columns as they are. */
  readonly columns: readonly string[];
  /** Columns of bytes, given as hexadecimal digits in small letters. */
  readonly bytes?: readonly string[];
  readonly orderBy: readonly string[];
}

/** A row, values as text; null where there is none. */
export type BookRow = Readonly<Record<string, string | null>>;

/** How much a table holds. */
export interface TableStats {
  readonly name: string;
  /** Null where nobody counted. */
  readonly rows: number | null;
  readonly bytes: number | null;
}

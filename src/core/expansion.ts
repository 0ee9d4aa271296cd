/** Columns that take over from others while old and new code write both: added, kept alike, filled, and in the end alone. */

/** A column of an expansion. */
export interface ExpandedColumn {
  readonly name: string;
  /** As the dialect writes it. */
  readonly type: string;
  readonly isRequired: boolean;
  /** Its value, as SQL over the columns of the other side. */
  readonly value: string;
}

/** One of the two tables between which columns move. Rows of both belong together where the joined columns are equal. */
export interface MoveSide {
  /** Full name. */
  readonly table: string;
  readonly columns: readonly ExpandedColumn[];
  /** The columns of the primary key. */
  readonly key: readonly string[];
  /** Unique in their table, in the order of those of the other side. */
  readonly joined: readonly string[];
  /** Whether its rows are made for those of the other side, and go with them: true of a table that is made, or that goes in the end. */
  readonly follows: boolean;
  /** What else a row gets that is made for one of the other side. */
  readonly extras: readonly ExpandedColumn[];
  /** All columns that an INSERT may name. */
  readonly writable: readonly string[];
  /** Columns that get the time when another is written. */
  readonly stamped: readonly string[];
}

/** What is expanded. */
export interface Expansion {
  /** Full name of the table that has the old columns. */
  readonly table: string;
  readonly kind: "rename" | "type" | "split" | "move";
  readonly old: readonly ExpandedColumn[];
  /** Of a change of type, the name that the column has until it is the only one. */
  readonly fresh: readonly ExpandedColumn[];
  /** The columns of the primary key. */
  readonly key: readonly string[];
  /** Columns of the table that get the time when another is written. */
  readonly stamped: readonly string[];
  /** Present when the new columns are in another table. */
  readonly move?: Move;
}

/** Columns that move to another table. */
export interface Move {
  readonly old: MoveSide;
  readonly fresh: MoveSide;
  /** Whether a row gets values for the old columns by itself, so that one is made for it in the new table before new code makes it. */
  readonly isMadeEarly: boolean;
}

/** A phase of an expansion, as comments in the files say it. */
export type ExpandPhase = "add" | "backfill" | "contract";

/** A phase of one expansion. */
export interface ExpansionPhase {
  /** `public.users.fullname=name` */
  readonly name: string;
  readonly phase: ExpandPhase;
}

/** `public.users.fullname=name`, `users.bio=profiles.bio`: what names an expansion in files and on the command line. */
export function expansionName({ table, old, fresh, kind, move }: Expansion): string {
  const from = old.map(({ name }) => name).join(",");
  const to = fresh.map(({ name }) => name).join(",");
  if (kind === "type") return `${table}.${from}`;
  return `${table}.${from}=${move === undefined ? "" : `${move.fresh.table}.`}${to}`;
}

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

/** What is expanded. */
export interface Expansion {
  /** Full name of the table. */
  readonly table: string;
  readonly kind: "rename" | "type" | "split";
  readonly old: readonly ExpandedColumn[];
  /** Of a change of type, the name that the column has until it is the only one. */
  readonly fresh: readonly ExpandedColumn[];
  /** The columns of the primary key. */
  readonly key: readonly string[];
}

/** A phase of an expansion, as comments in the files say it. */
export type ExpandPhase = "add" | "backfill" | "contract";

/** `public.users.fullname=name`: what names an expansion in files and on the command line. */
export function expansionName({ table, old, fresh, kind }: Expansion): string {
  const from = old.map(({ name }) => name).join(",");
  return kind === "type"
    ? `${table}.${from}`
    : `${table}.${from}=${fresh.map(({ name }) => name).join(",")}`;
}

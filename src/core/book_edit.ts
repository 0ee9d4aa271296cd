/** Changes of the books that a migration runner keeps in a database, as data; an engine writes them as SQL. */

/** Values by column. A date is written as the dialect writes moments, in UTC. */
export type BookValues = Readonly<
  Record<string, string | bigint | boolean | null | Date | readonly string[]>
>;

/**
 * One change of the rows of a table. Rows are named by values that all must be equal; none names every row. `table` is another table of
 * the same books; their own when absent.
 */
export type BookEdit = { readonly table?: string } & RowEdit;

type RowEdit =
  | {
    readonly edit: "insert";
    readonly values: BookValues;
    /** Columns of bytes, as hexadecimal digits. */
    readonly bytes?: Readonly<Record<string, string>>;
  }
  | { readonly edit: "update"; readonly values: BookValues; readonly where: BookValues }
  | { readonly edit: "delete"; readonly where: BookValues };

/** The name of a lock: some servers know it by a number, others by a text. */
export interface LockKey {
  readonly number: bigint;
  readonly text: string;
}

/** The table in which `aim apply` notes how far a migration came that is not one transaction. It is there only meanwhile. */
export const JOURNAL = {
  table: "aim_apply_journal",
  columns: ["format", "migration", "direction", "digest", "done", "total", "back"],
  orderBy: ["format"],
} as const;

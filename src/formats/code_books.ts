/** Books of runners that note down the name of each migration's file. */

import type { BookKeeping, Migration, RunnerBooks } from "./format.ts";

/** What differs from runner to runner. */
export interface NamedRows {
  readonly late: RunnerBooks["late"];
  /** How a migration is called in the books; its file's name when absent. */
  readonly nameOf?: (migration: Migration) => string;
  /** The row that calls a migration applied. */
  row(name: string, now: Date): Readonly<Record<string, string | bigint | boolean>>;
  readonly keep?: BookKeeping;
}

/** Of a migration's file, without its folder. */
export function fileName({ up }: Migration): string {
  return up.file.replace(/^.*\//, "");
}

/** The books of such a runner, whose names stand in the column `name` where the table has one, else in the first. */
export function namesBooks(
  table: Pick<RunnerBooks, "table" | "columns" | "foreign" | "orderBy">,
  { late, row, keep, nameOf = fileName }: NamedRows,
): RunnerBooks {
  const column = table.columns.includes("name") ? "name" : table.columns[0] ?? "";
  return {
    ...table,
    keyOf: nameOf,
    read: (rows) =>
      rows.map((one) => {
        const name = one[column] ?? "";
        return { key: name, name, state: "applied", checksum: null };
      }),
    late,
    mark: ({ migration }, { now }) => ({ row: row(nameOf(migration), now) }),
    ...keep === undefined ? {} : { keep },
  };
}

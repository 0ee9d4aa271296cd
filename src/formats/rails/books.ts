/** What Rails notes down: the version of each migration. */

import type { RunnerBooks } from "../format.ts";
import { plainNumber } from "../versions.ts";

/** `schema_migrations` of Active Record. */
export const books: RunnerBooks = {
  table: "schema_migrations",
  columns: ["version"],
  foreign: ["dirty", "inserted_at"],
  orderBy: ["version"],
  keyOf: ({ version }) => plainNumber(version),
  read: (rows) =>
    rows.map(({ version }) => ({
      key: plainNumber(version ?? ""),
      name: version ?? "",
      state: "applied",
      checksum: null,
    })),
  late: "runs",
  mark: ({ migration }) => ({ row: { version: plainNumber(migration.version) } }),
};

/** What dbmate notes down: the version of each migration. */

import type { RunnerBooks } from "../format.ts";

/** `schema_migrations` of dbmate. */
export const books: RunnerBooks = {
  table: "schema_migrations",
  columns: ["version"],
  foreign: ["dirty", "inserted_at"],
  orderBy: ["version"],
  keyOf: ({ version }) => version,
  read: (rows) =>
    rows.map(({ version }) => ({
      key: version ?? "",
      name: version ?? "",
      state: "applied",
      checksum: null,
    })),
  late: "runs",
  mark: ({ migration }) => ({ row: { version: migration.version } }),
  keep: {
    applied: ({ migration: { version } }) => [{ edit: "insert", values: { version } }],
    reverted: ({ migration: { version } }) => [{ edit: "delete", where: { version } }],
  },
};

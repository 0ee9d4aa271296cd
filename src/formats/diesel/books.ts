/** What Diesel notes down: the version of each migration. */

import type { RunnerBooks } from "../format.ts";

/** `__diesel_schema_migrations`. */
export const books: RunnerBooks = {
  table: "__diesel_schema_migrations",
  columns: ["version"],
  orderBy: ["version"],
  applications: {
    columns: ["version", "run_on"],
    of: ({ version, run_on: at = null }) => ({ key: version ?? "", at, by: null }),
  },
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

/** What goose notes down: a row for each migration, and one of version 0 before them. */

import type { RunnerBooks } from "../format.ts";
import { plainNumber } from "../versions.ts";

/** `goose_db_version`. */
export const books: RunnerBooks = {
  table: "goose_db_version",
  columns: ["id", "version_id", "is_applied"],
  orderBy: ["id"],
  applications: {
    columns: ["version_id", "is_applied", "tstamp"],
    of: ({ version_id: key = null, is_applied: applied, tstamp: at = null }) =>
      key === null || !/^(?:t|true|1)$/i.test(applied ?? "") ? null : { key, at, by: null },
  },
  keyOf: ({ version }) => plainNumber(version),
  read(rows) {
    // The newest row of a version counts: older releases noted down what they took back.
    const newest = new Map(rows.map((row) => [row.version_id ?? "", row.is_applied ?? ""]));
    return [...newest].flatMap(([key, applied]) =>
      key === "0" || !/^(?:t|true|1)$/i.test(applied)
        ? []
        : [{ key, name: key, state: "applied" as const, checksum: null }]
    );
  },
  late: "refuses",
  mark: ({ migration }) => ({
    row: { version_id: BigInt(migration.version), is_applied: true },
    first: [{ version_id: 0n, is_applied: true }],
  }),
  keep: {
    first: () => [{ edit: "insert", values: { version_id: 0n, is_applied: true } }],
    refills: true,
    applied: ({ migration: { version } }) => [
      { edit: "insert", values: { version_id: BigInt(version), is_applied: true } },
    ],
    reverted: ({ migration: { version } }) => [
      { edit: "delete", where: { version_id: BigInt(version) } },
    ],
  },
};

/** What Atlas notes down: each version, how many of its statements ran, and the hash that `atlas.sum` has for its file. */

import { plainNumber } from "../versions.ts";
import type { RunnerBooks } from "../format.ts";

/** `atlas_schema_revisions`. */
export const books: RunnerBooks = {
  table: "atlas_schema_revisions",
  columns: ["version", "description", "applied", "total", "hash"],
  orderBy: ["version"],
  keyOf: ({ version }) => version,
  read: (rows) =>
    rows.filter(({ version }) => version !== ".atlas_cloud_identifier").map((row) => ({
      key: row.version ?? "",
      name: `${row.version}_${row.description}`,
      state: plainNumber(row.applied ?? "0") === plainNumber(row.total ?? "0")
        ? "applied"
        : "failed",
      checksum: null,
    })),
  late: "refuses",
  mark: ({ migration }, { folder }) => ({
    command:
      `atlas migrate set ${migration.version} --dir "file://${folder}" --url "$DATABASE_URL"`,
  }),
};

/** What Prisma notes down: each attempt at a migration, when it was finished or taken back, and the SHA-256 of its file. */

import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import type { Migration, Recorded, RunnerBooks } from "../format.ts";

/** `_prisma_migrations`. */
export const books: RunnerBooks = {
  table: "_prisma_migrations",
  columns: ["migration_name", "checksum", "finished_at", "rolled_back_at", "started_at"],
  orderBy: ["started_at"],
  applications: {
    columns: ["migration_name", "finished_at"],
    of: ({ migration_name: key = null, finished_at: at = null }) =>
      key === null || at === null ? null : { key, at, by: null },
  },
  keyOf: folderOf,
  read(rows) {
    const newest = new Map<string, Recorded>();
    for (const row of rows) {
      const key = row.migration_name ?? "";
      newest.delete(key);
      if (row.rolled_back_at !== null && row.rolled_back_at !== undefined) continue;
      const state = row.finished_at === null ? "failed" : "applied";
      newest.set(key, { key, name: key, state, checksum: row.checksum ?? null });
    }
    return [...newest.values()];
  },
  /** Line ends count neither way, and old rows have the digits without zeros. */
  checksums({ bytes }) {
    const text = Buffer.from(bytes).toString("utf8");
    const unix = text.replaceAll("\r\n", "\n");
    return [bytes, Buffer.from(unix), Buffer.from(unix.replaceAll("\n", "\r\n"))].flatMap(
      (form) => {
        const hash = createHash("sha256").update(form).digest();
        return [hash.toString("hex"), [...hash].map((byte) => byte.toString(16)).join("")];
      },
    );
  },
  late: "runs",
  mark: ({ migration }) => ({ command: `prisma migrate resolve --applied ${folderOf(migration)}` }),
};

function folderOf({ up }: Migration): string {
  return up.file.slice(0, up.file.lastIndexOf("/"));
}

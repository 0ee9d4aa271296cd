/** What Prisma notes down: each attempt at a migration, when it was finished or taken back, and the SHA-256 of its file. */

import { createHash, randomUUID } from "node:crypto";
import { Buffer } from "node:buffer";
import type { BookEdit, BookValues } from "../../core/book_edit.ts";
import type { BookEntry, Migration, Recorded, RunnerBooks } from "../format.ts";

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
  keep: {
    // Its engine waits for this one ten seconds.
    lock: () => ({ number: 72707369n, text: "prisma_migrate" }),
    begun: (entry, direction) => direction === "up" ? [attempt(entry, "begun")] : [],
    forget: (entry) => [withdrawn(entry, { finished_at: null })],
    applied: (entry) => [
      { edit: "delete", where: { ...openRow(entry), finished_at: null } },
      attempt(entry, "finished"),
    ],
    reverted: (entry) => [withdrawn(entry)],
  },
};

/** A row that stands for the migration, unless it was taken back. */
function openRow({ migration }: BookEntry): BookValues {
  return { migration_name: folderOf(migration), rolled_back_at: null };
}

/** As `migrate resolve --rolled-back` says it. */
function withdrawn(entry: BookEntry, more: BookValues = {}): BookEdit {
  return {
    edit: "update",
    values: { rolled_back_at: entry.now },
    where: { ...openRow(entry), ...more },
  };
}

function attempt({ migration, bytes, now, ms }: BookEntry, state: "begun" | "finished"): BookEdit {
  const isFinished = state === "finished";
  return {
    edit: "insert",
    values: {
      id: randomUUID(),
      checksum: createHash("sha256").update(bytes).digest("hex"),
      started_at: new Date(now.getTime() - Math.round(ms)),
      finished_at: isFinished ? now : null,
      migration_name: folderOf(migration),
      applied_steps_count: isFinished ? 1n : 0n,
    },
  };
}

function folderOf({ up }: Migration): string {
  return up.file.slice(0, up.file.lastIndexOf("/"));
}

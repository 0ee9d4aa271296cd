/** What Drizzle notes down: the hash of each file and the moment of its journal; since 1.0 the folder's name. */

import { createHash } from "node:crypto";
import type { Migration, RunnerBooks } from "../format.ts";
import { isFolderFile } from "./read.ts";

/** `__drizzle_migrations`. */
export const books: RunnerBooks = {
  table: "__drizzle_migrations",
  columns: ["hash", "created_at"],
  orderBy: ["created_at"],
  keyOf: ({ version }) => version,
  /** Before 1.0 the runner takes all that is not later than the newest row for applied. Since then `created_at` is the moment of the folder's name. */
  read(rows, { migrations }) {
    const byMoment = new Map(rows.map((row) => [row.created_at ?? "", row]));
    const newest = rows.map((row) => row.created_at ?? "0").reduce(later, "-1");
    const reached = migrations.filter((one) =>
      byMoment.has(momentOf(one)) || !isFolderFile(one.up.file) && !isLater(momentOf(one), newest)
    );
    const known = new Set(reached.map(momentOf));
    const rest = [...byMoment.keys()].filter((moment) => !known.has(moment));
    return [
      ...reached.map((one) => ({
        key: one.version,
        name: one.name,
        state: "applied" as const,
        checksum: byMoment.get(momentOf(one))?.hash ?? null,
      })),
      ...rest.map((moment) => ({
        key: moment,
        name: moment,
        state: "applied" as const,
        checksum: null,
      })),
    ];
  },
  checksums: ({ bytes }) => [createHash("sha256").update(bytes).digest("hex")],
  late: "skips",
  mark: ({ migration, bytes }) => ({
    row: {
      hash: createHash("sha256").update(bytes).digest("hex"),
      created_at: BigInt(momentOf(migration)),
    },
  }),
  keep: {
    // Releases since 1.0 know a migration by its folder, and keep its name.
    refuses: ({ columns, files }) =>
      columns.includes("name") || !files.some(({ path }) => isFolderFile(path)) ? null : {
        message: "these folders are of Drizzle 1.0, and its table is not there",
        hint: "Let `drizzle-kit migrate` run the first one",
      },
    applied: ({ migration, bytes, columns, now }) => [{
      edit: "insert",
      values: {
        hash: createHash("sha256").update(bytes).digest("hex"),
        created_at: BigInt(momentOf(migration)),
        ...columns.includes("name") ? { name: folderOf(migration), applied_at: now } : {},
      },
    }],
    reverted: ({ migration }) => [{
      edit: "delete",
      where: { created_at: BigInt(momentOf(migration)) },
    }],
  },
};

function folderOf({ up }: Migration): string {
  return up.file.replace(/\/[^/]*$/, "").replace(/\.sql$/, "");
}

/** Milliseconds, as digits. */
function momentOf({ version, up }: Migration): string {
  if (!isFolderFile(up.file)) return version;
  const [, date, hour, minute, second] = /^(\d{8})(\d\d)(\d\d)(\d\d)/.exec(version) ?? [];
  const day = date?.replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3");
  const moment = Date.parse(`${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(moment) ? version : String(moment);
}

function isLater(a: string, b: string): boolean {
  return Number(a) > Number(b);
}

function later(a: string, b: string): string {
  return isLater(a, b) ? a : b;
}

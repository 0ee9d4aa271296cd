/** What sqlx notes down: each migration, whether it came through, and the SHA-384 of its file. */

import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { BookedMigration, RunnerBooks } from "../format.ts";
import { plainNumber } from "../versions.ts";

/** `_sqlx_migrations`. */
export const books: RunnerBooks = {
  table: "_sqlx_migrations",
  columns: ["version", "description", "success"],
  bytes: ["checksum"],
  orderBy: ["version"],
  applications: {
    columns: ["version", "installed_on"],
    of: ({ version, installed_on: at = null }) => ({ key: version ?? "", at, by: null }),
  },
  keyOf: ({ version }) => plainNumber(version),
  read: (rows) =>
    rows.map(({ version, description, success, checksum }) => ({
      key: version ?? "",
      name: `${version} ${description}`,
      state: /^(?:t|true|1)$/i.test(success ?? "") ? "applied" : "failed",
      checksum: checksum ?? null,
    })),
  checksums: (booked) => [checksumOf(booked)],
  late: "runs",
  mark: (booked) => ({
    row: {
      version: BigInt(booked.migration.version),
      description: booked.migration.name.replaceAll("_", " "),
      success: true,
      execution_time: 0n,
    },
    bytes: { checksum: checksumOf(booked) },
  }),
  keep: {
    lock: ({ database }) => {
      const number = 0x3d32ad9en * BigInt(crc32(database));
      return { number, text: number.toString(16) };
    },
    forget: ({ migration: { version } }) => [
      { edit: "delete", where: { version: BigInt(version) } },
    ],
    applied: (entry) => [{
      edit: "insert",
      values: {
        version: BigInt(entry.migration.version),
        description: entry.migration.name.replaceAll("_", " "),
        success: true,
        execution_time: BigInt(Math.round(entry.ms * 1e6)),
      },
      bytes: { checksum: checksumOf(entry) },
    }],
    reverted: ({ migration: { version } }) => [
      { edit: "delete", where: { version: BigInt(version) } },
    ],
  },
};

function checksumOf({ bytes }: BookedMigration): string {
  return createHash("sha384").update(bytes).digest("hex");
}

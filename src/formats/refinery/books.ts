/** What refinery notes down: each migration, with a checksum of its name, version and text. */

import { Buffer } from "node:buffer";
import type { BookedMigration, RunnerBooks } from "../format.ts";
import { plainNumber } from "../versions.ts";
import { sipHash13 } from "./siphash.ts";

/** `refinery_schema_history`. */
export const books: RunnerBooks = {
  table: "refinery_schema_history",
  columns: ["version", "name", "checksum"],
  orderBy: ["version"],
  applications: {
    columns: ["version", "applied_on"],
    of: ({ version, applied_on: at = null }) => ({ key: version ?? "", at, by: null }),
  },
  keyOf: ({ version }) => plainNumber(version),
  read: (rows) =>
    rows.map(({ version, name, checksum }) => ({
      key: version ?? "",
      name: `V${version}__${name}`,
      state: "applied",
      checksum: checksum ?? null,
    })),
  // Versions are hashed as 32 bits, or as 64 by a program that was built for these.
  checksums: (booked) => [checksumOf(booked, 4), checksumOf(booked, 8)],
  late: "refuses",
  mark: (booked, { now }) => ({
    row: {
      version: BigInt(booked.migration.version),
      name: booked.migration.name,
      applied_on: now.toISOString(),
      checksum: checksumOf(booked, 4),
    },
  }),
  keep: {
    applied: (entry) => [{
      edit: "insert",
      values: {
        version: BigInt(entry.migration.version),
        name: entry.migration.name,
        applied_on: entry.now.toISOString(),
        checksum: checksumOf(entry, 4),
      },
    }],
    reverted: ({ migration: { version } }) => [
      { edit: "delete", where: { version: BigInt(version) } },
    ],
  },
};

/** As Rust hashes a text, a number and a text. */
function checksumOf({ migration, bytes }: BookedMigration, size: 4 | 8): string {
  const number = Buffer.alloc(size);
  if (size === 4) number.writeInt32LE(Number(BigInt.asIntN(32, BigInt(migration.version))));
  else number.writeBigInt64LE(BigInt(migration.version));
  const end = Buffer.from([0xff]);
  const parts = [Buffer.from(migration.name), end, number, bytes, end];
  return sipHash13(Buffer.concat(parts)).toString();
}

/** What golang-migrate notes down: one row, the version that the database is at. */

import { crc32 } from "node:zlib";
import type { BookEdit } from "../../core/book_edit.ts";
import type { BookKeeping, Migration, RunnerBooks } from "../format.ts";
import { compareNumbers, plainNumber } from "../versions.ts";

/** `schema_migrations` of golang-migrate. */
export const books: RunnerBooks = {
  table: "schema_migrations",
  columns: ["version", "dirty"],
  orderBy: ["version"],
  keyOf: ({ version }) => plainNumber(version),
  read(rows, { migrations }) {
    const at = rows.at(-1);
    const version = at?.version ?? null;
    if (version === null || version.startsWith("-")) return [];
    const reached = migrations.map((migration) => plainNumber(migration.version))
      .filter((key) => compareNumbers(key, version) <= 0);
    const isDirty = /^(?:t|true|1)$/i.test(at?.dirty ?? "");
    const keys = reached.includes(version) ? reached : [...reached, version];
    return keys.map((key) => ({
      key,
      name: key,
      state: isDirty && key === version ? "failed" : "applied",
      checksum: null,
    }));
  },
  late: "skips",
  mark: ({ migration }, { folder }) => ({
    command: `migrate -path ${folder} -database "$DATABASE_URL" force ${
      plainNumber(migration.version)
    }`,
  }),
  keep: {
    lock: lockOf,
    begun: ({ migration, previous }, direction) =>
      position(direction === "up" ? migration : previous, true),
    applied: ({ migration }) => position(migration, false),
    reverted: ({ previous }) => position(previous, false),
  },
};

/** The one row; there is none before the first migration, but for one that was begun to be taken back. */
function position(migration: Migration | null, dirty: boolean): readonly BookEdit[] {
  const version = migration === null ? -1n : BigInt(plainNumber(migration.version));
  const cleared = { edit: "delete", where: {} } as const;
  return version < 0n && !dirty
    ? [cleared]
    : [cleared, { edit: "insert", values: { version, dirty } }];
}

/** As its `GenerateAdvisoryLockId` makes it, by number and by text from other names. */
function lockOf(
  { database, schema, table }: Parameters<NonNullable<BookKeeping["lock"]>>[0],
): ReturnType<NonNullable<BookKeeping["lock"]>> {
  const salted = (text: string) => BigInt.asUintN(32, BigInt(crc32(text)) * 1486364155n);
  return {
    number: salted([schema ?? "", table, database].join("\0")),
    text: String(salted(`${database}:${table}`)),
  };
}

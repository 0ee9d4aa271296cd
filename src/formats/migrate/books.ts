/** What golang-migrate notes down: one row, the version that the database is at. */

import type { RunnerBooks } from "../format.ts";
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
};

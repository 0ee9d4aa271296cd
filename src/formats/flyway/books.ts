/** What Flyway notes down: each run of a migration, whether it came through, and a CRC of its lines. */

import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import type { Migration, Recorded, RunnerBooks } from "../format.ts";
import { compareDotted, plainNumber } from "../versions.ts";
import { flywayFile } from "./names.ts";

/** `flyway_schema_history`. */
export const books: RunnerBooks = {
  table: "flyway_schema_history",
  columns: ["installed_rank", "version", "description", "type", "script", "checksum", "success"],
  orderBy: ["installed_rank"],
  applications: {
    columns: ["version", "description", "installed_on", "installed_by"],
    of: ({ version = null, description, installed_on: at = null, installed_by: by = null }) => ({
      key: version === null ? repeatable(description ?? "") : plainVersion(version),
      at,
      by,
    }),
  },
  keyOf: ({ version, name }) => version === "" ? repeatable(name) : plainVersion(version),
  read(rows, { migrations }) {
    const found = new Map<string, Recorded>();
    for (const row of rows) {
      const { version = null, type, script } = row;
      if (type === "SCHEMA" || type === "DELETE") continue;
      const name = script ?? version ?? "";
      const key = version === null ? repeatable(row.description ?? "") : plainVersion(version);
      if (type?.startsWith("UNDO")) {
        found.delete(key);
      } else if (type === "BASELINE" && version !== null) {
        for (const key of below(version, migrations)) {
          found.set(key, { key, name, state: "baseline", checksum: null });
        }
      } else {
        const state = /^(?:t|true|1)$/i.test(row.success ?? "") ? "applied" : "failed";
        found.set(key, { key, name, state, checksum: row.checksum ?? null });
      }
    }
    return [...found.values()];
  },
  checksums: ({ bytes }) => [String(checksumOf(bytes))],
  late: "refuses",
  mark: ({ migration }) => ({ command: `flyway baseline -baselineVersion=${migration.version}` }),
};

/** Versions that a baseline stands for. */
function below(version: string, migrations: readonly Migration[]): readonly string[] {
  return migrations.filter((one) => one.version !== "" && compareDotted(one.version, version) <= 0)
    .filter(({ up }) => flywayFile(up.file)?.kind !== "R")
    .map((one) => plainVersion(one.version));
}

/** `1_02` and `1.2` are one version. */
function plainVersion(version: string): string {
  const parts = version.split(/[._]/).map((part) => plainNumber(part));
  while (parts.length > 1 && parts.at(-1) === "0") parts.pop();
  return parts.join(".");
}

function repeatable(name: string): string {
  return `R ${name.replaceAll("_", " ")}`;
}

/** Over the lines without their ends, and without a mark of the byte order. */
function checksumOf(bytes: Uint8Array): number {
  const text = new TextDecoder().decode(bytes);
  return crc32(Buffer.from(text.replaceAll(/\r\n|\r|\n/g, ""))) | 0;
}

/** What Flyway notes down: each run of a migration, whether it came through, and a CRC of its lines. */

import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import type { BookRow, Migration, Recorded, RunnerBooks } from "../format.ts";
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
  keep: {
    lock: ({ schema, table }) => {
      const name = [schema, table].filter((part) => part !== null).map((part) => `"${part}"`);
      const number = LOCK + BigInt(javaHash(name.join(".")));
      return { number, text: `Flyway-${number - LOCK}` };
    },
    forget: () => [{ edit: "delete", where: { success: false } }],
    applied: ({ migration, bytes, rows, account, ms }) => [{
      edit: "insert",
      values: {
        installed_rank: rankAfter(rows),
        version: migration.version === "" ? null : shownVersion(migration.version),
        description: migration.name.replaceAll("_", " "),
        type: "SQL",
        script: migration.up.file,
        installed_by: account,
        checksum: BigInt(checksumOf(bytes)),
        execution_time: BigInt(Math.round(ms)),
        success: true,
      },
    }],
    // What the free edition lacks it reads all the same: a version whose last row undoes it is pending.
    reverted: ({ migration, rows, account, ms }) => [{
      edit: "insert",
      values: {
        installed_rank: rankAfter(rows),
        version: shownVersion(migration.version),
        description: migration.name.replaceAll("_", " "),
        type: "UNDO_SQL",
        script: migration.down?.file ?? migration.up.file,
        installed_by: account,
        checksum: null,
        execution_time: BigInt(Math.round(ms)),
        success: true,
      },
    }],
  },
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

/** The number that all its locks begin with. */
const LOCK = 77431708279161n;

/** As Java hashes a text. */
function javaHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash, 31) + text.charCodeAt(at) | 0;
  return hash;
}

function rankAfter(rows: readonly BookRow[]): bigint {
  return BigInt(Math.max(0, ...rows.map((row) => Number(row.installed_rank ?? 0))) + 1);
}

/** With points, whatever the name of the file has. */
function shownVersion(version: string): string {
  return version.replaceAll("_", ".");
}

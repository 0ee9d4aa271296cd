/** What Liquibase notes down: the author, the id and the file of each changeset, and a checksum of its SQL. */

import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import type { BookedMigration, RunnerBooks } from "../format.ts";
import { changesetSql, isFormattedSql } from "./formatted.ts";

/** `databasechangelog`. */
export const books: RunnerBooks = {
  table: "databasechangelog",
  columns: ["id", "author", "filename", "exectype", "md5sum"],
  capitals: true,
  orderBy: ["orderexecuted"],
  keyOf: ({ version, up }) => `${version} ${nameOf(up.file)}`,
  /** The folder of a file is spelled from wherever Liquibase was told to search, so its name has to do. */
  read: (rows) =>
    rows.map(({ id, author, filename, exectype, md5sum }) => ({
      key: `${author}:${id} ${nameOf(filename ?? "")}`,
      name: `${filename}::${id}::${author}`,
      state: exectype === "FAILED" || exectype === "SKIPPED" ? "failed" : "applied",
      checksum: md5sum?.startsWith("9:") ? md5sum : null,
    })),
  checksums: checksumsOf,
  late: "runs",
  mark: () => ({ command: "liquibase changelog-sync" }),
};

function nameOf(path: string): string {
  return path.replace(/^.*[/\\]/, "");
}

/** Of the SQL without any blank, as releases since 4.22 compute it; null for changesets of XML and YAML, whose checksums are of what Liquibase makes of them. */
function checksumsOf(
  { migration: { up, version }, bytes }: BookedMigration,
): readonly string[] | null {
  const hash = (text: string) => `9:${createHash("md5").update(text).digest("hex")}`;
  const file = { path: up.file, text: Buffer.from(bytes).toString("utf8") };
  if (!isFormattedSql(file)) return null;
  const sql = changesetSql(file, version) ?? "";
  return [hash(`${hash(sql.replaceAll(/[ \t\r\n]/g, ""))}:`)];
}

/** What Liquibase notes down: the author, the id and the file of each changeset, and a checksum of its SQL. */

import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import type { BookValues } from "../../core/book_edit.ts";
import { UsageError } from "../../core/error.ts";
import type { BookedMigration, BookEntry, RunnerBooks } from "../format.ts";
import { changesetSql, isFormattedSql } from "./formatted.ts";

/** `databasechangelog`. */
export const books: RunnerBooks = {
  table: "databasechangelog",
  columns: ["id", "author", "filename", "exectype", "md5sum", "orderexecuted"],
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
  keep: {
    // Only its own rows say from where it spells the path of a file, which is part of the name of a changeset.
    refuses: ({ rows }) =>
      rows.length > 0 ? null : {
        message: "nothing says yet how Liquibase spells the paths of its files",
        hint: "Let `liquibase update-count --count=1` run the first changeset",
      },
    rowLock: {
      table: "databasechangeloglock",
      free: { locked: false, lockgranted: null, lockedby: null },
      taken: (now) => ({ locked: true, lockgranted: now }),
      own: { lockedby: "aim" },
      release: "liquibase release-locks",
    },
    applied: (entry) => {
      const { bytes, migration, now, rows } = entry;
      const last = Math.max(0, ...rows.map(({ orderexecuted }) => Number(orderexecuted)));
      return [{
        edit: "insert",
        values: {
          ...identityOf(entry),
          dateexecuted: now,
          orderexecuted: BigInt(last + 1),
          exectype: "EXECUTED",
          // Where there is none it fills it in with the next update.
          md5sum: checksumsOf({ migration, bytes })?.[0] ?? null,
          description: "sql",
          comments: "",
          liquibase: "aim",
          deployment_id: String(now.getTime()).slice(-10),
        },
      }];
    },
    reverted: (entry) => [{ edit: "delete", where: identityOf(entry) }],
  },
};

/** By which Liquibase knows a changeset. Throws UsageError where none of the rows is of a file that is here. */
function identityOf({ migration: { version, up }, files, rows }: BookEntry): BookValues {
  const at = version.indexOf(":");
  const [author, id] = [version.slice(0, at), version.slice(at + 1)];
  const own = rows.find((row) =>
    row["author"] === author && row.id === id && nameOf(row.filename ?? "") === nameOf(up.file)
  );
  if (own !== undefined) return { author, id, filename: own.filename ?? "" };
  const spelled = rows.flatMap(({ filename }) => {
    const path = filename ?? "";
    const file = files.find((one) => path === one.path || path.endsWith(`/${one.path}`));
    return file === undefined ? [] : path.slice(0, path.length - file.path.length);
  });
  const before = spelled.at(-1);
  if (before !== undefined) return { author, id, filename: `${before}${up.file}` };
  throw new UsageError(
    "Cannot note down a changeset: no row of Liquibase is of a file that is here",
    {
      code: "no-books",
      hint: "Run it by `liquibase update`",
    },
  );
}

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

/** Reading sqlx's files. */

import type { History, Migration, ReadOptions, Script, SourceFile } from "../format.ts";
import { refuseDuplicates, refuseTooLarge } from "../numbered.ts";
import { fileRefusal } from "../format_error.ts";
import { withoutDown } from "../pairs.ts";
import { blank } from "../script.ts";
import { refuseTemplate } from "../templates.ts";
import { sentBy, transactionMode, unmarked } from "../transaction_mode.ts";
import { compareNumbers } from "../versions.ts";

/** True for a file that sqlx looks at; it stops at one whose name has no version. */
export function isSqlxFile(path: string): boolean {
  return /^[^/]+_[^/]*\.sql$/.test(path);
}

/** A file of sqlx, read from its name. */
export interface SqlxFile {
  readonly path: string;
  readonly version: string;
  readonly name: string;
  readonly kind: "simple" | "up" | "down";
}

/** Reads a name as sqlx does; null when it has no version. */
export function sqlxFile(path: string): SqlxFile | null {
  const found = /^(\d+)_([^/]*?)(?:\.(up|down))?\.sql$/.exec(path);
  if (found === null || /^0+$/.test(found[1] ?? "")) return null;
  const kind = found[3] === "up" || found[3] === "down" ? found[3] : "simple";
  return { path, version: found[1] ?? "", name: found[2] ?? "", kind };
}

/** The migrations of sqlx's files, in order of version. Throws UsageError for names without a version and for duplicates. */
export function parseSqlx(
  files: readonly SourceFile[],
  { dialect, lexicon }: ReadOptions,
): History {
  const notes: string[] = [];
  const texts = new Map(files.map((file) => [file.path, file]));
  const own: SqlxFile[] = [];
  for (const { path } of files) {
    const file = sqlxFile(path);
    if (file !== null) own.push(file);
    else if (isSqlxFile(path)) {
      throw fileRefusal(
        `Cannot read a version from "${path}"`,
        path,
        "sqlx wants names such as 01_add_email.sql or 20240102030405_add_email.up.sql, and stops at any other",
      );
    }
  }
  const scriptOf = (file: SqlxFile): Script => {
    const source = texts.get(file.path) ?? { path: file.path, text: "" };
    refuseTemplate(source, lexicon);
    return sqlxScript(source, dialect);
  };
  for (const { version, path } of own) refuseTooLarge(version, path);
  const downs = own.filter((file) => file.kind === "down")
    .sort((a, b) => compareNumbers(a.version, b.version));
  const ups = own.filter((file) => file.kind !== "down")
    .sort((a, b) => compareNumbers(a.version, b.version));
  for (const list of [ups, downs]) {
    refuseDuplicates(list, {
      hint: "sqlx records one migration a version; rename one of them",
      compare: compareNumbers,
      pathOf: ({ path }) => path,
      versionOf: ({ version }) => version,
    });
  }
  const used = new Set<string>();
  const alone: string[] = [];
  const migrations = ups.map((up): Migration => {
    const down = downs.find((file) => compareNumbers(file.version, up.version) === 0) ?? null;
    if (down !== null) used.add(down.path);
    else if (up.kind === "up") alone.push(up.path);
    return {
      version: up.version,
      name: up.name,
      up: scriptOf(up),
      down: down === null ? null : scriptOf(down),
      files: down === null ? [up.path] : [up.path, down.path],
    };
  });
  notes.push(...withoutDown(alone));
  for (const down of downs) {
    if (!used.has(down.path)) notes.push(`${down.path} has no .up.sql beside it and is left out`);
  }
  return { migrations, notes };
}

function sqlxScript(source: SourceFile, dialect: string): Script {
  const whole = sentBy("sqlx", dialect);
  const marked = source.text.startsWith(NO_TRANSACTION);
  const usual = unmarked("sqlx", dialect);
  if (!marked) return { file: source.path, text: source.text, transaction: usual, ...whole };
  const end = source.text.search(/\r?\n|$/);
  return {
    file: source.path,
    text: blank(source.text, [{ start: 0, end }]),
    transaction: markerCounts(dialect) ? "none" : usual,
    ...whole,
  };
}

/** The first line of a file that is to run without a transaction. */
export const NO_TRANSACTION = "-- no-transaction";

/** False where sqlx's driver ignores its own marker. */
function markerCounts(dialect?: string): boolean {
  return transactionMode("sqlx", dialect) === "marked";
}

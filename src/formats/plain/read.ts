/** Reading plain numbered files. */

import type { History, Migration, ReadOptions, SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import { sqlMigrateSections } from "./sql_migrate.ts";
import { refuseTemplate } from "../templates.ts";
import { unmarked } from "../transaction_mode.ts";
import { compareNumbers, compareText } from "../versions.ts";

/** True for an SQL file whose name, or a folder's above it, begins with a number. */
export function isPlainFile(path: string): boolean {
  return /\.sql$/i.test(path) && path.split("/").some((part) => /^[vV]?\d/.test(part));
}

/** The migrations of numbered files, in natural order of their paths. Throws UsageError for another runner's markers. */
export function parsePlain(
  files: readonly SourceFile[],
  { dialect, lexicon }: ReadOptions,
): History {
  const notes: string[] = [];
  const own = files.filter((file) => isPlainFile(file.path));
  const ups = own.filter((file) => !isDown(file.path))
    .sort((a, b) => compareNatural(a.path, b.path));
  const downs = new Map(own.filter((file) => isDown(file.path)).map((file) => [file.path, file]));
  const migrations = ups.map((file): Migration => {
    refuseTemplate(file, lexicon);
    refuseMarkers(file);
    const marked = sqlMigrateSections(file, lexicon);
    const back = downNames(file.path).map((path) =>
      downs.get(path)
    ).find((down) => down !== undefined) ?? null;
    if (back !== null) downs.delete(back.path);
    const base = file.path.split("/").at(-1) ?? file.path;
    const folders = file.path.split("/").slice(0, -1);
    const [, number = "", name = ""] =
      /^[vV]?([\d.]*)[_.\- ]*(.*?)(?:[._-]up)?\.sql$/i.exec(base) ?? [];
    const transaction = unmarked("plain", dialect);
    return {
      version: [...folders, number.replace(/\.+$/, "")].filter((part) => part !== "").join("/"),
      name: name === "" ? base.replace(/\.sql$/i, "") : name,
      up: marked?.up ?? { file: file.path, text: file.text, transaction },
      down: back === null
        ? marked?.down ?? null
        : { file: back.path, text: back.text, transaction },
      files: back === null ? [file.path] : [file.path, back.path],
    };
  });
  for (const path of downs.keys()) notes.push(`${path} belongs to no file and is left out`);
  return { migrations, notes };
}

/** Throws UsageError for a file with another runner's markers: run whole, it would go up and down at once. */
function refuseMarkers(file: SourceFile): void {
  const found = /^--\s*(?:\+(goose)|migrate):?\s*(?:up|down)\b/im.exec(file.text);
  if (found === null) return;
  const runner = found[1] === undefined ? "dbmate" : "goose";
  throw refusal(
    `Cannot run "${file.path}" as it stands: it has the markers of ${runner}`,
    file,
    found.index,
    `Set format = "${runner}"`,
  );
}

/** Compares paths part by part, each part as runs of digits and of other signs: `0.9/1_a` before `0.10/1_a`. */
function compareNatural(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareRuns(left[i] ?? "", right[i] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length || compareText(a, b);
}

function compareRuns(a: string, b: string): number {
  const [left, right] = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [one = "", two = ""] = [left[i], right[i]];
    const both = /^\d/.test(one) && /^\d/.test(two);
    const order = both ? compareNumbers(one, two) : compareText(one, two);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function isDown(path: string): boolean {
  return /(?:[._-]down|[._-]rollback|[._-]revert)\.sql$/i.test(path) ||
    /(?:^|\/)down(?:\.sql$|\/)/i.test(path);
}

function downNames(path: string): readonly string[] {
  const stem = path.replace(/(?:[._-]up)?\.sql$/i, "");
  const beside = ["down", "rollback", "revert"].flatMap((word) =>
    [".", "_", "-"].map((sign) => `${stem}${sign}${word}.sql`)
  );
  return [...beside, path.replace(/(^|\/)up(\.sql$|\/)/i, "$1down$2")].filter((name) =>
    name !== path
  );
}

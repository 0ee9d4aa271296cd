/** Reading dbmate's files. */

import { isOnlyComments } from "../../sql/ranges.ts";
import type { History, Migration, ReadOptions, Script, SourceFile } from "../format.ts";
import { hasUpMarker, isMarker } from "./markers.ts";
import { refuseDuplicates } from "../numbered.ts";
import { refusal } from "../format_error.ts";
import { blank, lines, type Range } from "../script.ts";
import { refuseTemplate } from "../templates.ts";
import { sentBy } from "../transaction_mode.ts";
import { compareText } from "../versions.ts";

/** True for the path of a file that dbmate runs. */
export function isDbmateFile(path: string): boolean {
  return /^\d+[^/]*\.sql$/.test(path);
}

/** The migrations of dbmate's files, in order of name. Throws UsageError for markers that dbmate refuses and for duplicate versions. */
export function parseDbmate(
  files: readonly SourceFile[],
  { dialect, lexicon }: ReadOptions,
): History {
  const own = files.filter((file) => isDbmateFile(file.path))
    .sort((a, b) => compareText(a.path, b.path));
  const versionOf = ({ path }: SourceFile) => /^\d+/.exec(path)?.[0] ?? "";
  refuseDuplicates(own.toSorted((a, b) => compareText(versionOf(a), versionOf(b))), {
    hint: "dbmate would take the second for applied; rename one of them",
    compare: compareText,
    pathOf: ({ path }) => path,
    versionOf,
  });
  const notes: string[] = [];
  const migrations = own.map((file): Migration => {
    const [, version = "", name = ""] = /^(\d+)_?(.*)\.sql$/.exec(file.path) ?? [];
    refuseTemplate(file, lexicon);
    const { up, down } = sections(file, dialect);
    const empty = isOnlyComments(down.text, lexicon);
    if (empty) notes.push(`${file.path} has nothing under "-- migrate:down"`);
    return { version, name, up, down: empty ? null : down, files: [file.path] };
  });
  return { migrations, notes };
}

interface Section extends Range {
  readonly direction: "up" | "down";
  readonly marker: Range;
  readonly transaction: boolean;
}

function sections(
  file: SourceFile,
  dialect: string,
): { readonly up: Script; readonly down: Script } {
  const found = markers(file.text);
  const first = found[0];
  const refuse = (message: string, offset: number) =>
    refusal(
      `Cannot read "${file.path}": ${message}`,
      file,
      offset,
      'dbmate wants "-- migrate:up" and after it "-- migrate:down"',
    );
  if (first === undefined || found.every(({ direction }) => direction === "down")) {
    throw refuse('it has no "-- migrate:up"', 0);
  }
  for (const line of lines(file.text.slice(0, first.marker.start))) {
    if (line.text.trim() === "" || line.text.trimStart().startsWith("--")) continue;
    throw refuse("SQL stands before its first marker", line.start);
  }
  for (const [index, section] of found.entries()) {
    const expected = index % 2 === 0 ? "up" : "down";
    if (section.direction === expected) continue;
    throw refuse(`its "-- migrate:${section.direction}" is out of place`, section.marker.start);
  }
  if (found.length % 2 === 1) throw refuse('it has no "-- migrate:down"', file.text.length);
  const script = (direction: "up" | "down"): Script => {
    const ours = found.filter((section) => section.direction === direction);
    const others = found.filter((section) => section.direction !== direction);
    return {
      file: file.path,
      text: blank(file.text, [
        { start: 0, end: first.marker.start },
        ...others,
        ...found.map(({ marker }) => marker),
      ]),
      transaction: ours.every((section) => section.transaction) ? "one" : "none",
      ...sentBy("dbmate", dialect),
    };
  };
  return { up: script("up"), down: script("down") };
}

function markers(text: string): readonly Section[] {
  const found = lines(text).filter((line) => isMarker(line.text));
  return found.map((line, index) => ({
    direction: hasUpMarker(line.text) ? "up" : "down",
    marker: { start: line.start, end: line.start + line.text.length },
    start: line.start,
    end: found[index + 1]?.start ?? text.length,
    transaction: !line.text.split(/\s+/).includes("transaction:false"),
  }));
}

/** Writing golang-migrate's pairs. */

import type { RenderInput, SourceFile } from "../format.ts";
import { comparePairs, type PairFile, pairFile } from "../pairs.ts";
import { body, partsFor, type PartToWrite, written } from "../rendering.ts";
import { sameDialect } from "../transaction_mode.ts";
import { nextVersions } from "../versions.ts";

/** The next pair, or one pair for each part of the draft, named as the folder's others are. */
export function renderMigrate(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const parts = partsFor("migrate", "golang-migrate", input);
  const files = existing.map((file) => pairFile(file.path)).filter((file) => file !== null)
    .sort(comparePairs);
  const last = files.at(-1);
  const folder = (last?.folders ?? []).join("/");
  const versions = nextVersions({
    versions: files.filter((file) => file.folders.join("/") === folder).map((file) => file.version),
    now,
    first: "000001",
  }, parts.length);
  const prefix = folder === "" ? "" : `${folder}/`;
  return parts.flatMap((part, index) => {
    const stem = `${prefix}${stemOf(part.name, versions[index] ?? "", last)}`;
    const tag = tagFor(files, input.dialect);
    const path = (direction: "up" | "down") => `${stem}${tag}.${direction}.sql`;
    return [
      { path: path("up"), text: text(part, "up", input) },
      { path: path("down"), text: text(part, "down", input) },
    ];
  });
}

function stemOf(name: string, version: string, last: PairFile | undefined): string {
  const style = /^(?:.*\/)?(V?)\d+([._])/.exec(last?.path ?? "");
  return `${style?.[1] ?? ""}${version}${style?.[2] ?? "_"}${name}`;
}

/** `.sqlite3` where the folder tags its files with their dialect. */
function tagFor(files: readonly PairFile[], dialect: string): string {
  const tagged = files.findLast((file) =>
    file.dialect !== null && sameDialect(file.dialect, dialect)
  );
  return tagged?.tag === undefined || tagged.tag === null ? "" : `.${tagged.tag}`;
}

function text(
  part: PartToWrite,
  direction: "up" | "down",
  { dialect, lexicon }: RenderInput,
): string {
  return body(part.header, part[direction].map((statement) => written(statement, lexicon)), {
    runner: "migrate",
    dialect,
    ...(direction === "down" ? { empty: "Nothing to undo" } : {}),
  });
}

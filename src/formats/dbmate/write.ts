/** Writing dbmate's files. */

import { UsageError } from "../../core/error.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { isMarker } from "./markers.ts";
import { isDbmateFile } from "./read.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import { type MarkerRule, withoutMarkers } from "../markers.ts";
import {
  body,
  needsMarker,
  partsFor,
  type PartToWrite,
  withOwnTransactions,
  written,
} from "../rendering.ts";
import { compareText, nextVersions, timestamp } from "../versions.ts";

/** The next file, dated or numbered as the folder's others are. */
export function renderDbmate(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const parts = partsFor("dbmate", "dbmate", input);
  const names = existing.map((file) => file.path).filter(isDbmateFile);
  const versions = nextVersions({
    versions: names.map((path) => /^\d+/.exec(path)?.[0] ?? "0"),
    now,
    first: timestamp(now),
  }, parts.length);
  const last = names.sort(compareText).at(-1) ?? "";
  return parts.map((part, index) => {
    const path = `${versions[index]}_${part.name}.sql`;
    if (compareText(path, last) <= 0) {
      throw new UsageError(`Cannot name a migration after "${last}"`, {
        hint: "dbmate orders files by name, so versions must have one length; rename the files",
      });
    }
    return { path, text: text(part, input) };
  });
}

function text(part: PartToWrite, { dialect, lexicon }: RenderInput): string {
  const rule: MarkerRule = {
    title: "dbmate",
    dialect,
    lexicon,
    isMarker,
    harmless: (line) => ` ${line}`,
  };
  const section = (direction: "up" | "down", header: readonly string[]) => {
    const statements = part[direction].map((statement): PlannedStatement => ({
      ...statement,
      sql: withoutMarkers(statement.sql, rule),
    }));
    const apart = needsMarker(statements, dialect);
    const texts = apart
      ? withOwnTransactions(statements, lexicon)
      : statements.map((statement) => written(statement, lexicon));
    const content = body(header.map((line) => line.replace(/^(?=migrate:)/, ". ")), texts, {
      runner: "dbmate",
      dialect,
      ...(direction === "down" ? { empty: "Nothing to undo" } : {}),
    });
    return `-- migrate:${direction}${apart ? " transaction:false" : ""}\n${content}`;
  };
  return `${section("up", part.header)}\n${section("down", [])}`;
}

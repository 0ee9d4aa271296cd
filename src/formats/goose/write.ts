/** Writing goose's files. */

import type { PlannedStatement } from "../../core/statement.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import { endsStatement } from "./annotations.ts";
import { type MarkerRule, withoutMarkers } from "../markers.ts";
import {
  comments,
  layOut,
  needsMarker,
  partsFor,
  type PartToWrite,
  withOwnTransactions,
  written,
} from "../rendering.ts";
import { nextVersions, timestamp } from "../versions.ts";

/** The next file, numbered or dated as the folder's others are. */
export function renderGoose(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const parts = partsFor("goose", "goose", input);
  const versions = nextVersions({
    versions: existing.map((file) => /^(\d+)_[^/]*\.(?:sql|go)$/.exec(file.path)?.[1])
      .filter((version) => version !== undefined),
    now,
    first: timestamp(now),
  }, parts.length);
  return parts.map((part, index) => ({
    path: `${versions[index]}_${part.name}.sql`,
    text: text(part, input),
  }));
}

function text(part: PartToWrite, { dialect, lexicon }: RenderInput): string {
  const rule: MarkerRule = {
    title: "goose",
    dialect,
    lexicon,
    isMarker: (line) => line.trimStart().startsWith("--") && line.includes("+goose"),
    harmless: (line) => line.replaceAll("+goose", "+ goose"),
  };
  const apart = needsMarker([...part.up, ...part.down], dialect);
  const section = (statements: readonly PlannedStatement[], none: string) => {
    const safe = statements.map((statement) => ({
      ...statement,
      sql: withoutMarkers(statement.sql, rule),
      ...statement.destroys === undefined ? {} : { destroys: rule.harmless(statement.destroys) },
    }));
    const lines = apart
      ? withOwnTransactions(safe, lexicon)
      : safe.map((statement) => written(statement, lexicon));
    return lines.length === 0 ? `-- ${none}\n` : layOut(lines.map(inBlock));
  };
  const header = part.header.map(rule.harmless);
  return [
    comments(header),
    apart ? "-- +goose NO TRANSACTION\n" : "",
    "-- +goose Up\n",
    section(part.up, "Nothing to do"),
    "\n-- +goose Down\n",
    section(part.down, "Nothing to undo"),
  ].join("");
}

/** The statement between StatementBegin and StatementEnd where goose would cut it at a semicolon inside, or miss its end. */
function inBlock(statement: string): string {
  const above = /^(?:-- (?!\+goose)[^;\n]*\n)+/.exec(statement)?.[0] ?? "";
  if (above !== "") return above + inBlock(statement.slice(above.length));
  const rows = statement.split("\n");
  const whole = rows.every((row, index) => endsStatement(row) === (index === rows.length - 1)) &&
    rows[0]?.trimStart().startsWith("--") !== true;
  return whole ? statement : `-- +goose StatementBegin\n${statement}\n-- +goose StatementEnd`;
}

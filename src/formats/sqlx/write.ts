/** Writing sqlx's files. */

import type { PlannedStatement } from "../../core/statement.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import { body, needsMarker, partsFor, written } from "../rendering.ts";
import { NO_TRANSACTION, sqlxFile } from "./read.ts";
import { nextVersions, timestamp } from "../versions.ts";

/** The next pair; in a folder of simple files, which sqlx does not let anybody mix with pairs, the next simple file. */
export function renderSqlx(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const parts = partsFor("sqlx", "sqlx", input);
  const files = existing.map((file) => sqlxFile(file.path)).filter((file) => file !== null);
  const simple = files.length > 0 && files.every((file) => file.kind === "simple");
  const versions = nextVersions({
    versions: files.map((file) => file.version),
    now,
    first: timestamp(now),
  }, parts.length);
  return parts.flatMap((part, index) => {
    const stem = `${versions[index]}_${part.name}`;
    const text = (
      statements: readonly PlannedStatement[],
      header: readonly string[],
      empty: string,
    ) =>
      (needsMarker(statements, input.dialect) ? `${NO_TRANSACTION}\n` : "") +
      body(header, statements.map((statement) => written(statement, input.lexicon)), {
        runner: "sqlx",
        dialect: input.dialect,
        empty,
      });
    if (simple) {
      const header = [...part.header, "No DOWN: this folder holds simple files, which have none"];
      return [{ path: `${stem}.sql`, text: text(part.up, header, "Nothing to do") }];
    }
    return [
      { path: `${stem}.up.sql`, text: text(part.up, part.header, "Nothing to do") },
      { path: `${stem}.down.sql`, text: text(part.down, part.header, "Nothing to undo") },
    ];
  });
}

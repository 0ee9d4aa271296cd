/** Writing Rails' migrations. */

import { calledStatements, commentLines } from "../code_statements.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import { pascalCase } from "../javascript_lines.ts";
import { needsMarker, partsFor, type PartToWrite } from "../rendering.ts";
import { rubyLiteral } from "../ruby_code.ts";
import { quotedRanges } from "../../sql/ranges.ts";
import { compareNumbers, nextVersions, timestamp } from "../versions.ts";
import { isRailsFile } from "./read.ts";

/** The version of the schema of migrations that a new folder gets: the oldest that is in use, which newer releases of Rails take as well. */
const SCHEMA_VERSION = "6.1";

/** The next file, of the version of Rails that the folder's last one names. */
export function renderRails(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const parts = partsFor("rails", "Rails", input);
  const own = existing.filter(({ path }) => isRailsFile(path))
    .map((file) => ({ file, version: /^\d+/.exec(file.path)?.[0] ?? "0" }))
    .sort((a, b) => compareNumbers(a.version, b.version));
  const versions = nextVersions({
    versions: own.map(({ version }) => version),
    now,
    first: timestamp(now),
  }, parts.length);
  const schema = /ActiveRecord::Migration\[([\d.]+)\]/.exec(own.at(-1)?.file.text ?? "")?.[1] ??
    SCHEMA_VERSION;
  return parts.map((part, index) => {
    const name = part.name.toLowerCase();
    return {
      path: `${versions[index]}_${name}.rb`,
      text: text({ ...part, name: name.replace(/^(?=\d)/, "m_") }, input, schema),
    };
  });
}

function text(part: PartToWrite, { dialect, lexicon }: RenderInput, schema: string): string {
  const apart = needsMarker([...part.up, ...part.down], dialect);
  const section = (direction: "up" | "down") => {
    const calls = calledStatements(part[direction], { apart }).map(({ comments, sql }) => {
      const keepsLines = quotedRanges(sql, lexicon).some(({ start, end, kind }) =>
        kind !== "comment" && sql.slice(start, end).includes("\n")
      );
      return [
        ...comments.map((line) => `    # ${line}\n`),
        `    execute ${rubyLiteral(sql, { indent: "    ", keepsLines })}\n`,
      ].join("");
    });
    return `  def ${direction}\n${calls.join("")}  end\n`;
  };
  const header = commentLines(part.header).map((line) => `  # ${line}`.trimEnd() + "\n").join("");
  return [
    `class ${pascalCase(part.name)} < ActiveRecord::Migration[${schema}]\n`,
    header,
    header === "" ? "" : "\n",
    apart ? "  disable_ddl_transaction!\n\n" : "",
    section("up"),
    "\n",
    section("down"),
    "end\n",
  ].join("");
}

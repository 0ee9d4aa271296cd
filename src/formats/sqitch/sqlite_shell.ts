/** The dot commands of the sqlite3 program, as far as migration scripts use them. */

import type { Lexicon } from "../../sql/lexicon.ts";
import { quotedRanges } from "../../sql/ranges.ts";
import type { Edit, SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import { blank, lines, type Range, replaceRanges } from "../script.ts";
import type { ReadFile } from "./shell.ts";

const SILENT =
  /^\.(?:bail|echo|headers?|mode|nullvalue|print|separator|timeout|timer|width|changes|explain|stats)\b/;

/** Blanks commands that only concern what is shown, includes what `.read` names; throws UsageError for any other. */
export function expandSqliteShell(
  file: SourceFile,
  context: { readonly read: ReadFile; readonly lexicon: Lexicon },
  depth = 0,
): { readonly text: string; readonly edits: readonly Edit[] } {
  const quoted = quotedRanges(file.text, context.lexicon);
  const blanks: Range[] = [];
  const replacements: (Range & { readonly by: string })[] = [];
  for (const line of lines(file.text)) {
    const inside = quoted.some((range) => range.start < line.start && line.start < range.end);
    if (!line.text.startsWith(".") || inside) continue;
    const range = { start: line.start, end: line.start + line.text.length };
    const included = /^\.read\s+(?:"([^"]*)"|'([^']*)'|(\S+))\s*$/.exec(line.text);
    if (included !== null) {
      const path = included[1] ?? included[2] ?? included[3] ?? "";
      const text = context.read(path);
      if (text === null || depth >= 16) {
        throw refusal(
          `Cannot replay "${file.path}": there is no file "${path}" in the project`,
          file,
          line.start,
        );
      }
      replacements.push({
        ...range,
        by: expandSqliteShell({ path, text }, context, depth + 1).text,
      });
    } else if (SILENT.test(line.text)) blanks.push(range);
    else {
      throw refusal(
        `Cannot replay "${file.path}": sqlite3's ${line.text.split(/\s/)[0]} is not done here`,
        file,
        line.start,
        "Write it as SQL, or leave it to a step outside the migrations",
      );
    }
  }
  return replaceRanges(blank(file.text, blanks), replacements);
}

/** The files that `.read` names. */
export function sqliteShellFiles(file: SourceFile): readonly string[] {
  return [...file.text.matchAll(/^\.read\s+["']?([^"'\s]+)["']?\s*$/gm)].map((found) =>
    found[1] ?? ""
  );
}

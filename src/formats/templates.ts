/** Files that are templates for SQL rather than SQL. */

import type { Lexicon } from "../sql/lexicon.ts";
import { plainRanges } from "../sql/ranges.ts";
import type { SourceFile } from "./format.ts";
import { refusal } from "./format_error.ts";

/** Throws UsageError where `file` holds a template's marks (`{{`, `{%`, `<%=`) outside strings and comments. */
export function refuseTemplate(file: SourceFile, lexicon: Lexicon): void {
  if (!/\{\{|\{%|<%=/.test(file.text)) return;
  for (const { start, end } of plainRanges(file.text, lexicon)) {
    const mark = /\{\{|\{%|<%=/.exec(file.text.slice(start, end));
    if (mark === null) continue;
    throw refusal(
      `Cannot replay the template "${file.path}": "${mark[0]}" is not SQL`,
      file,
      start + mark.index,
      "Point aim at a folder of files in which the template is already filled in",
    );
  }
}

/** The markers of sql-migrate (`-- +migrate Up`), which projects with a runner of their own use in plain numbered files. */

import type { Lexicon } from "../../sql/lexicon.ts";
import { isOnlyComments } from "../../sql/ranges.ts";
import type { Script, SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import { blank, GO_BLANK, lines, outside, type Range } from "../script.ts";

/** Both directions of a marked file, or null for one without markers. Throws UsageError for SQL before the first marker and for what is nearly one. */
export function sqlMigrateSections(
  file: SourceFile,
  lexicon: Lexicon,
): { readonly up: Script; readonly down: Script | null } | null {
  const marks = lines(file.text).flatMap((line) => {
    if (!/^--\s*\+migrate\b/i.test(line.text)) return [];
    const [word = "", ...options] = line.text.slice(PREFIX.length).split(GO_BLANK)
      .filter((part) => part !== "");
    if (line.text.startsWith(PREFIX) && COMMANDS.has(word)) {
      return [{ ...line, word: word.toLowerCase(), options }];
    }
    throw refusal(
      `Cannot read "${file.path}": sql-migrate takes "${line.text.trim()}" for a comment`,
      file,
      line.start,
      'It knows "-- +migrate " with one blank before the plus sign, and Up, Down, StatementBegin or StatementEnd',
    );
  });
  const heads = marks.filter(({ word }) => word === "up" || word === "down");
  const first = heads[0];
  if (first === undefined) return null;
  if (!isOnlyComments(file.text.slice(0, first.start), lexicon)) {
    throw refusal(
      `Cannot read "${file.path}": SQL stands before its first "-- +migrate" line`,
      file,
      0,
      "sql-migrate runs it in neither direction; move it below the line",
    );
  }
  const script = (direction: string): Script | null => {
    const own = heads.flatMap((head, index): Range[] =>
      head.word === direction
        ? [{ start: head.end, end: heads[index + 1]?.start ?? file.text.length }]
        : []
    );
    const text = blank(file.text, [...outside(own, file.text.length), ...marks]);
    if (own.length === 0 || direction === "down" && isOnlyComments(text, lexicon)) return null;
    const blocks = marks.flatMap((mark, index): Range[] => {
      const end = marks[index + 1];
      const inside = own.some((range) => range.start <= mark.start && mark.start < range.end);
      return mark.word === "statementbegin" && end?.word === "statementend" && inside
        ? [{ start: mark.end, end: end.start }]
        : [];
    });
    const apart = heads.some((head) =>
      head.word === direction && head.options.includes("notransaction")
    );
    return {
      file: file.path,
      text,
      transaction: apart ? "none" : "one",
      ...(blocks.length === 0 ? {} : { blocks }),
    };
  };
  const up = script("up") ??
    { file: file.path, text: blank(file.text, [whole(file)]), transaction: "one" };
  return { up, down: script("down") };
}

const PREFIX = "-- +migrate ";
const COMMANDS = new Set(["Up", "Down", "StatementBegin", "StatementEnd"]);

function whole(file: SourceFile): Range {
  return { start: 0, end: file.text.length };
}

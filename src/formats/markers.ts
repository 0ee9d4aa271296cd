/** Lines inside a statement that a runner would take for its own. */

import { UsageError } from "../core/error.ts";
import type { Lexicon } from "../sql/lexicon.ts";
import { type QuotedRange, quotedRanges } from "../sql/ranges.ts";
import { lines, replaceRanges } from "./script.ts";
import { hasBackslashes, hasEscapeStrings, keepsComments } from "./transaction_mode.ts";

/** What a runner looks for. */
export interface MarkerRule {
  readonly title: string;
  readonly dialect: string;
  readonly lexicon: Lexicon;
  isMarker(line: string): boolean;
  /** A comment line that says the same and is no marker. */
  harmless(line: string): string;
}

/**
 * The same statement without a line that looks like a marker. In a comment the line is changed; in a string or body it is
 * written with an escape, which leaves the value as it is. Throws UsageError where the dialect has no such escape, and for a
 * routine of which the server keeps the text.
 */
export function withoutMarkers(sql: string, rule: MarkerRule): string {
  const found = lines(sql).filter((line) => rule.isMarker(line.text));
  if (found.length === 0) return sql;
  const quoted = quotedRanges(sql, rule.lexicon);
  const isKept = keepsComments(rule.dialect, sql);
  const replacements = new Map<number, { start: number; end: number; by: string }>();
  for (const line of found) {
    const inside = quoted.find((range) => range.start <= line.start && line.start < range.end);
    if (!isKept && (inside === undefined || inside.kind === "comment")) {
      const end = line.start + line.text.length;
      replacements.set(line.start, { start: line.start, end, by: rule.harmless(line.text) });
    } else if (!isKept && hasBackslashes(rule.dialect) && inside?.kind === "string") {
      const start = line.start + line.text.indexOf("-");
      replacements.set(start, { start, end: start, by: "\\" });
    } else if (
      inside !== undefined && hasEscapeStrings(rule.dialect) && canBeEscaped(sql, inside)
    ) {
      const { start, end } = inside;
      replacements.set(start, { start, end, by: escaped(sql, inside, rule) });
    } else {
      throw new UsageError(
        `Cannot write a statement for ${rule.title}: its line "${line.text.trim()}" looks like a marker`,
        {
          code: "migration-format",
          hint: "Change that line in schema.sql, for example by a space after the dashes",
        },
      );
    }
  }
  return replaceRanges(sql, [...replacements.values()]).text;
}

/** False for names, for strings whose prefix an E would stand behind, and for those that go on in a further part. */
function canBeEscaped(sql: string, { start, end, kind, prefix }: QuotedRange): boolean {
  if (kind === "body") return true;
  if (kind !== "string" || /u&$/i.test(sql.slice(0, start))) return false;
  if (prefix === "") return true;
  const inner = sql.slice(start + 1, end - 1).replaceAll(/''|\\./gs, "");
  return prefix.toLowerCase() === "e" && !inner.includes("'");
}

/** A quoted piece as an escape string whose marker lines begin with an escaped dash; after an `E` of its own, without another. */
function escaped(sql: string, { start, end, prefix }: QuotedRange, rule: MarkerRule): string {
  const quoted = sql.slice(start, end);
  const isEscape = prefix !== "";
  const tag = /^\$[^$]*\$/.exec(quoted)?.[0] ?? "'";
  const inner = quoted.slice(tag.length, -tag.length);
  const safe = (part: string) => {
    if (isEscape) return part;
    const slashes = part.replaceAll("\\", "\\\\");
    return tag === "'" ? slashes : slashes.replaceAll("'", "''");
  };
  const text = lines(inner).map((line) => {
    if (!rule.isMarker(line.text)) return safe(inner.slice(line.start, line.end));
    const dash = line.start + line.text.indexOf("-");
    return `${safe(inner.slice(line.start, dash))}\\x2D${safe(inner.slice(dash + 1, line.end))}`;
  }).join("");
  return `${isEscape ? "" : "E"}'${text}'`;
}

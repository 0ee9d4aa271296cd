/** Renames stated in the schema itself: `-- @renamed from=old` and `-- atlas:renamed_from old`. */

import type { Engine } from "../engines/engine.ts";
import { UsageError } from "../errors.ts";
import type { SourceFile } from "../formats/format.ts";
import type { Place, Rename, Statement } from "../schema.ts";
import { joinName, splitName } from "../names.ts";
import { positionAt } from "../sql/position.ts";

const ANNOTATION =
  /--[ \t]*(?:@renamed[ \t]+from[ \t]*=[ \t]*|atlas:renamed_from[ \t]+)("(?:[^"]|"")+"|'(?:[^']|'')+'|\S+)/g;

/**
 * Reads the annotations of the schema's files. One stands at the end of a line, and speaks of what that line defines, or on a
 * line of its own before it. Throws UsageError for one that stands at nothing.
 */
export function annotatedRenames(engine: Engine, files: readonly SourceFile[]): readonly Rename[] {
  return files.flatMap((file) => {
    const matches = [...file.text.matchAll(ANNOTATION)];
    if (matches.length === 0) return [];
    const statements = engine.split(file.text);
    return matches.map((match) => renameAt(file, statements, match.index, unquote(match[1] ?? "")));
  });
}

function renameAt(
  file: SourceFile,
  statements: readonly Statement[],
  offset: number,
  from: string,
): Rename {
  const { line, column, source } = positionAt(file.text, offset);
  const place: Place = { file: file.path, line, column };
  const lineStart = offset - column + 1;
  const code = file.text.slice(lineStart, offset).trim() === ""
    ? nextCode(file.text, offset)
    : lineStart + (/\S/.exec(file.text.slice(lineStart))?.index ?? 0);
  const statement = statements.find((s) => s.offset <= code && code < s.offset + s.sql.length) ??
    statements.find((s) => {
      const end = s.offset + s.sql.length;
      return end <= offset && /^\s*;?[ \t]*$/.test(file.text.slice(end, offset));
    });
  const made = statement === undefined ? null : madeBy(statement.sql);
  if (statement === undefined || made === null) {
    throw new UsageError("Cannot apply the annotation: no definition stands at it", {
      code: "rename",
      place,
      source,
      hint: "put it at the end of the line that defines the new name, or on the line before",
    });
  }
  const value = /^'((?:[^']|'')*)'/.exec(file.text.slice(code))?.[1];
  if (value !== undefined && /^CREATE\s+TYPE\b/i.test(statement.sql)) {
    const old = from.replace(/^'(.*?)'?,?$/s, "$1").replaceAll("''", "'");
    const to = value.replaceAll("''", "'");
    return { kind: "enum value", from: `${made.name}.${old}`, to, by: "annotation", place };
  }
  const home = splitName(made.name).slice(0, -1).map((part) => joinName(part)).join(".");
  const whole = code <= statement.offset + made.end;
  if (whole || made.kind !== "table") {
    const old = from.includes(".") || home === "" ? from : `${home}.${joinName(from)}`;
    return { kind: made.kind, from: old, to: made.name, by: "annotation", place };
  }
  const member = NAME.exec(file.text.slice(code));
  const word = member?.[0] ?? "";
  const isConstraint = /^constraint$/i.test(word);
  const rest = file.text.slice(code + word.length).trimStart();
  const name = unquote(isConstraint ? NAME.exec(rest)?.[0] ?? "" : word);
  const kind = isConstraint ? "constraint" : "column";
  return {
    kind,
    from: `${made.name}.${from}`,
    to: `${made.name}.${name}`,
    by: "annotation",
    place,
  };
}

const NAME = /^(?:"(?:[^"]|"")+"|`[^`]+`|\[[^\]]+\]|[\p{L}_][\p{L}\p{N}_$]*)/u;
const MAKES =
  /^CREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED|RECURSIVE|UNIQUE|FOREIGN|MATERIALIZED|VIRTUAL)\s+)*(TABLE|VIEW|INDEX|TYPE|DOMAIN|SEQUENCE|FUNCTION|PROCEDURE|SCHEMA|TRIGGER)\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?/i;

/** The object that a CREATE statement makes, and where its name ends. */
function madeBy(sql: string): { kind: string | null; name: string; end: number } | null {
  const head = MAKES.exec(sql);
  if (head === null) return null;
  let at = head[0].length;
  const parts: string[] = [];
  for (;;) {
    const part = NAME.exec(sql.slice(at));
    if (part === null) return null;
    parts.push(unquote(part[0]));
    at += part[0].length;
    if (sql[at] !== ".") break;
    at++;
  }
  const word = (head[1] ?? "").toLowerCase();
  const kind = word === "table" && !/\bFOREIGN\b/i.test(head[0]) ? "table" : null;
  return { kind, name: joinName(...parts), end: at };
}

/** The offset of the first code on a following line. */
function nextCode(text: string, offset: number): number {
  let at = text.indexOf("\n", offset);
  while (at >= 0) {
    const rest = text.slice(at + 1);
    const blank = /^[ \t\r]*(?:--[^\n]*)?(?:\n|$)/.exec(rest);
    if (blank === null || blank[0] === "") return at + 1 + (/\S/.exec(rest)?.index ?? 0);
    at += blank[0].length;
    if (at + 1 >= text.length) break;
  }
  return text.length;
}

/** The name as a catalog keeps it; a bare one in lower case. */
function unquote(name: string): string {
  if (/^".*"$/s.test(name)) return name.slice(1, -1).replaceAll('""', '"');
  if (/^(`.*`|\[.*\])$/s.test(name)) return name.slice(1, -1);
  return name.toLowerCase().replace(/[,;]$/, "");
}

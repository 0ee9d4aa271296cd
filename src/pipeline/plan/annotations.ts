/** Renames stated in the schema itself: `-- @renamed from=old` and `-- atlas:renamed_from old`. */

import type { Definition, Engine } from "../../engines/engine.ts";
import { UsageError } from "../../core/error.ts";
import type { SourceFile } from "../../formats/format.ts";
import { joinName } from "../../core/name.ts";
import type { Rename } from "../../core/choice.ts";
import type { Place, Statement } from "../../core/statement.ts";
import { unquoted } from "../../sql/name.ts";
import { positionAt } from "../../sql/position.ts";
import { type Token, tokensOf } from "../../sql/scanner.ts";

const ANNOTATION =
  /--[ \t]*(?:@renamed[ \t]+from[ \t]*=[ \t]*|atlas:renamed_from[ \t]+)("(?:[^"]|"")+"|'(?:[^']|'')+'|`[^`]+`|\S+)/g;

/**
 * Reads the annotations of the schema's files. One stands at the end of a line, and speaks of what that line defines, or on a
 * line of its own before it. Throws UsageError for one that stands at nothing.
 */
export function annotatedRenames(engine: Engine, files: readonly SourceFile[]): readonly Rename[] {
  return files.flatMap((file) => {
    if (file.text.search(ANNOTATION) < 0) return [];
    const tokens = tokensOf(file.text, engine.lexicon).filter(({ kind }) => kind !== "blank");
    const text = { engine, file, code: tokens.filter(({ kind }) => kind !== "comment") };
    const statements = engine.split(file.text);
    return tokens.filter(({ kind }) => kind === "comment").flatMap(({ start, end }) =>
      file.text.startsWith("/*", start)
        ? []
        : [...file.text.slice(start, end).matchAll(ANNOTATION)].map((match) =>
          renameAt({ ...text, statements, offset: start + match.index, from: match[1] ?? "" })
        )
    );
  });
}

interface Annotated {
  readonly engine: Engine;
  readonly file: SourceFile;
  /** The tokens of the file without blanks and comments. */
  readonly code: readonly Token[];
  readonly statements: readonly Statement[];
  readonly offset: number;
  /** The old name as written. */
  readonly from: string;
}

function renameAt(annotated: Annotated): Rename {
  const { engine, file, offset, from } = annotated;
  const { source, ...position } = positionAt(file.text, offset);
  const place: Place = { file: file.path, ...position };
  const at = codeAt(annotated, offset - position.column + 1);
  const statement = at === null ? undefined : statementAt(annotated, at);
  const definition = at === null || statement === undefined
    ? null
    : engine.definitionAt(statement.sql, Math.min(at - statement.offset, statement.sql.length));
  if (definition === null) {
    throw new UsageError("Cannot apply the annotation: no definition stands at it", {
      code: "rename",
      place,
      source,
      hint: "put it at the end of the line that defines the new name, or on the line before",
    });
  }
  return { ...namesOf(definition, from, engine), by: "annotation", place };
}

/** Where the line's code begins, or that of the next line with any where it has none; null where none follows. */
function codeAt({ code }: Annotated, lineStart: number): number | null {
  return code.find(({ start }) => start >= lineStart)?.start ?? null;
}

/** The statement that holds the place, or that ends before it with nothing but its semicolon between. */
function statementAt({ code, statements }: Annotated, at: number): Statement | undefined {
  const around = statements.find(({ offset, sql }) => offset <= at && at < offset + sql.length);
  if (around !== undefined) return around;
  const before = statements.findLast(({ offset, sql }) => offset + sql.length <= at);
  const end = before === undefined ? 0 : before.offset + before.sql.length;
  return code.some(({ start }) => start >= end && start < at) ? undefined : before;
}

function namesOf(
  { kind, parent, name }: Definition,
  from: string,
  { foldName }: Engine,
): Pick<Rename, "kind" | "from" | "to"> {
  if (kind === "enum value") {
    return { kind, from: `${parent}.${unquoted(from.replace(/[,;]$/, ""))}`, to: name };
  }
  const old = /^["'`[]/.test(from) ? unquoted(from) : foldName(from.replace(/[,;]$/, ""));
  if (kind === "column" || kind === "constraint" || kind === "index") {
    return { kind, from: `${parent}.${old}`, to: `${parent}.${name}` };
  }
  const own = parent === "" ? joinName(name) : `${parent}.${joinName(name)}`;
  return {
    kind,
    from: old.includes(".") || parent === "" ? old : `${parent}.${joinName(old)}`,
    to: own,
  };
}

/** Reading Alembic's revisions: those whose functions do nothing but hand texts to `op.execute`. */

import { codeScript, type CodeStatement } from "../code_script.ts";
import type { History, Migration, ReadOptions, Script, SourceFile } from "../format.ts";
import { withScripts } from "../programs.ts";
import { PythonBody, pythonFunction } from "../python_body.ts";
import { unmarked } from "../transaction_mode.ts";
import { inChain, isRevisionFile, type Revision, revisionOf } from "./revision.ts";
import { boundValue, withoutColonEscapes } from "./text.ts";

/** The revisions, each behind those that it follows. Throws UsageError for code that aim would have to run, with its place. */
export function parseAlembic(files: readonly SourceFile[], options: ReadOptions): History {
  const { dialect } = options;
  const revisions = files.filter(({ path }) => isRevisionFile(path)).map(revisionOf)
    .filter((one) => one !== null);
  const { ordered, heads } = inChain(revisions);
  const notes = heads.length > 1
    ? [`${heads.length} revisions are heads (${heads.join(", ")}): Alembic wants them merged`]
    : [];
  const migrations = ordered.map((one): Migration => {
    const migration = { version: one.id, name: nameOf(one), files: [one.file.path] };
    return withScripts(migration, options, () => ({
      up: scriptOf(one, "upgrade", dialect) ??
        { file: one.file.path, text: "", transaction: "auto" },
      down: scriptOf(one, "downgrade", dialect),
    }));
  });
  return { migrations, notes };
}

/** The slug: the file's name behind the revision. */
function nameOf({ file, id }: Revision): string {
  const base = file.path.replace(/^.*\//, "").replace(/\.py$/, "");
  const at = base.indexOf(id);
  return at < 0 ? base : base.slice(at + id.length).replace(/^[_-]/, "") || base;
}

/** Null for a function that is not there, and for a downgrade that does nothing or raises. */
function scriptOf(
  { file, down }: Revision,
  name: "upgrade" | "downgrade",
  dialect: string,
): Script | null {
  const body = pythonFunction(file, name);
  if (body === null) return null;
  const isBack = name === "downgrade";
  if (isBack && body.raises()) return null;
  const statements = statementsOf(body);
  if (isBack && statements.length === 0 && down.length < 2) return null;
  return codeScript(statements, {
    file,
    runner: "alembic",
    dialect,
    transaction: unmarked("alembic", dialect),
    sent: withoutColonEscapes,
  });
}

const HINT =
  "aim runs no code: it reads op.execute with the text of a statement; squash the history up to this revision, or write it as op.execute";

function statementsOf(body: PythonBody): readonly CodeStatement[] {
  const out: CodeStatement[] = [];
  let blockIndent: number | null = null;
  while (body.next()) {
    const isApart = blockIndent !== null && body.indent > blockIndent;
    if (!isApart) blockIndent = null;
    if (body.isNothing()) continue;
    if (
      body.accept([
        "with",
        "op",
        ".",
        "get_context",
        "(",
        ")",
        ".",
        "autocommit_block",
        "(",
        ")",
        ":",
      ])
    ) {
      blockIndent = body.indent;
      body.restIsSuite();
      continue;
    }
    const literals = body.call(["op", ".", "execute"], [["sa", ".", "text"], ["text"]]);
    const bound = literals === null ? -1 : boundValue(literals.map(({ text }) => text).join(""));
    if (literals === null || bound >= 0) {
      throw body.refusal(
        bound >= 0 ? "its text has a bound value (:name)" : "it is Python code",
        HINT,
      );
    }
    out.push({ literals, isApart });
  }
  return out;
}

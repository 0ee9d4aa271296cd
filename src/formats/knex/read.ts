/** Reading Knex's migrations: those whose functions do nothing but hand texts to `knex.raw`. */

import { type LiteralPiece, withoutSigns } from "../code_tokens.ts";
import { codeScript } from "../code_script.ts";
import type { History, Migration, ReadOptions, Script, SourceFile } from "../format.ts";
import { type Calls, JavascriptFile } from "../javascript_body.ts";
import { withScripts } from "../programs.ts";
import { hasQuestionBindings, unmarked } from "../transaction_mode.ts";
import { compareText } from "../versions.ts";

/** True for the path of a file that Knex loads. */
export function isKnexFile(path: string): boolean {
  return /^[^/.][^/]*\.[cm]?[jt]s$/.test(path) && !/\.d\.[cm]?ts$/.test(path);
}

/** The migrations in order of file name. Throws UsageError for code that aim would have to run, with its place. */
export function parseKnex(files: readonly SourceFile[], options: ReadOptions): History {
  const { dialect } = options;
  const hasBindings = hasQuestionBindings(dialect);
  const calls: Calls = {
    callees: (knex) => [[knex, ".", "raw"], [knex, ".", "schema", ".", "raw"]],
    allows: () => false,
    refuses: (text) =>
      hasBindings && /(?<!\\)(?:\\\\)*\?/.test(text) ? "its text has a bound value (?)" : null,
  };
  const migrations = files.filter(({ path }) => isKnexFile(path))
    .sort((a, b) => compareText(a.path, b.path))
    .map((file): Migration => {
      const code = new JavascriptFile(file);
      const isApart = code.has(["transaction", ":", "false"]);
      const script = (direction: "up" | "down"): Script | null => {
        const statements = code.statements(direction, calls);
        if (statements === null || direction === "down" && statements.length === 0) return null;
        return codeScript(statements, {
          file,
          runner: "knex",
          dialect,
          transaction: isApart ? "none" : unmarked("knex", dialect),
          ...(hasBindings ? { sent: withoutEscapes } : {}),
        });
      };
      const [, version = file.path, name = ""] = /^(\d+)_(.*)\.\w+$/.exec(file.path) ?? [];
      return withScripts({ version, name, files: [file.path] }, options, () => ({
        up: script("up") ?? { file: file.path, text: "", transaction: "auto" },
        down: script("down"),
      }));
    });
  return { migrations, notes: [] };
}

/** Knex drops the backslashes before a question mark. */
function withoutEscapes(pieces: readonly LiteralPiece[]): readonly LiteralPiece[] {
  const text = pieces.map(({ value }) => value).join("");
  const dropped = new Set<number>();
  for (const { index, 0: run } of text.matchAll(/\\+(?=\?)/g)) {
    for (let at = index; at < index + run.length; at++) dropped.add(at);
  }
  return withoutSigns(pieces, dropped);
}

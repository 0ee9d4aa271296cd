/** Reading Rails' migrations: those whose methods do nothing but hand texts to `execute`. */

import { type CodeToken, codeTokens, isAt } from "../code_tokens.ts";
import { codeScript, type CodeStatement } from "../code_script.ts";
import type { History, Migration, ReadOptions, Script, SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import { inOrder } from "../numbered.ts";
import { withScripts } from "../programs.ts";
import { ruby } from "../ruby_code.ts";
import { unmarked } from "../transaction_mode.ts";

/** True for the path of a file that Rails takes for a migration. */
export function isRailsFile(path: string): boolean {
  return /^\d+_[_a-z0-9]*\.?[_a-z0-9]*\.rb$/.test(path);
}

/** The migrations in order of version. Throws UsageError for code that aim would have to run, with its place. */
export function parseRails(files: readonly SourceFile[], options: ReadOptions): History {
  const { dialect } = options;
  const numbered = files.filter(({ path }) => isRailsFile(path)).map((file) => {
    const [, version = "", name = ""] = /^(\d+)_(.*)\.rb$/.exec(file.path) ?? [];
    return { file, version, name };
  });
  const ordered = inOrder(numbered, "Rails refuses two migrations of one version; rename one");
  const migrations = ordered.map(({ file, version, name }): Migration => {
    const tokens = codeTokens(file.text, ruby());
    const isApart = tokens.some((_, at) => isAt(tokens, at, ["disable_ddl_transaction!"]));
    const script = (method: "up" | "down"): Script | null => {
      const statements = statementsOf(file, tokens, method);
      if (statements === null || method === "down" && statements.length === 0) return null;
      const transaction = isApart ? "none" : unmarked("rails", dialect);
      return codeScript(statements, { file, runner: "rails", dialect, transaction });
    };
    return withScripts({ version, name, files: [file.path] }, options, () => ({
      up: script("up") ?? { file: file.path, text: "", transaction: "auto" },
      down: script("down"),
    }));
  });
  return { migrations, notes: [] };
}

/** The texts that a method executes; null when there is none, or it raises. */
function statementsOf(
  file: SourceFile,
  tokens: readonly CodeToken[],
  method: "up" | "down",
): readonly CodeStatement[] | null {
  const change = tokens.findIndex((_, at) => isAt(tokens, at, ["def", "change"]));
  if (change >= 0) throw refused(file, tokens[change], "its method change is code");
  const at = tokens.findIndex((_, index) => isAt(tokens, index, ["def", method]));
  if (at < 0) return null;
  const out: CodeStatement[] = [];
  for (let from = at + 2; from < tokens.length;) {
    const token = tokens[from];
    if (token?.startsLine === true && token.text === "end") return out;
    if (token?.text === "raise" && out.length === 0) return null;
    const isCall = isAt(tokens, from, ["execute", "("]);
    const start = from + (isCall ? 2 : 1);
    let end = start;
    while (tokens[end]?.kind === "string" && (end === start || tokens[end]?.startsLine !== true)) {
      end++;
    }
    const literals = tokens.slice(start, end);
    const next = end + (isCall && isAt(tokens, end, [")"]) ? 1 : 0);
    const isRead = token?.kind === "word" && token.text === "execute" && literals.length > 0 &&
      literals.every(({ isFilled }) => !isFilled) && (!isCall || next > end) &&
      tokens[next]?.startsLine === true;
    if (!isRead) throw refused(file, token, "it is Ruby code");
    out.push({ literals, isApart: false });
    from = next;
  }
  return out;
}

function refused(file: SourceFile, token: CodeToken | undefined, why: string) {
  return refusal(
    `Cannot read "${file.path}": ${why}`,
    file,
    token?.start ?? 0,
    "aim runs no code: it reads execute with a text in the methods up and down; squash the history up to this migration, or write it so",
  );
}

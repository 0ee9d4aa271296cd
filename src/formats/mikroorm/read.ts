/** Reading MikroORM's migrations: those whose methods do nothing but hand texts to `addSql`. */

import { codeScript } from "../code_script.ts";
import type { History, Migration, ReadOptions, Script, SourceFile } from "../format.ts";
import { type Calls, JavascriptFile } from "../javascript_body.ts";
import { withScripts } from "../programs.ts";
import { unmarked } from "../transaction_mode.ts";
import { compareText } from "../versions.ts";

/** True for the path of a file that MikroORM loads by its usual pattern. */
export function isMikroormFile(path: string): boolean {
  return /^[^/.][^/]*\.[cm]?[jt]s$/.test(path) && !/\.d\.[cm]?ts$/.test(path);
}

const CALLS: Calls = { callees: () => [["this", ".", "addSql"]] };

/** The migrations in order of file name. Throws UsageError for code that aim would have to run, with its place. */
export function parseMikroorm(files: readonly SourceFile[], options: ReadOptions): History {
  const { dialect } = options;
  const migrations = files.filter(({ path }) => isMikroormFile(path))
    .sort((a, b) => compareText(a.path, b.path))
    .map((file): Migration => {
      const code = new JavascriptFile(file);
      const isApart = code.has(["isTransactional", "(", ")", "{", "return", "false"]) ||
        code.has(["isTransactional", "(", ")", ":", "boolean", "{", "return", "false"]);
      const script = (direction: "up" | "down"): Script | null => {
        const statements = code.statements(direction, CALLS);
        if (statements === null || direction === "down" && statements.length === 0) return null;
        const transaction = isApart ? "none" : unmarked("mikroorm", dialect);
        return codeScript(statements, { file, runner: "mikroorm", dialect, transaction });
      };
      const [, version = file.path, name = ""] = /^\D*(\d+)_?(.*)\.\w+$/.exec(file.path) ?? [];
      return withScripts({ version, name, files: [file.path] }, options, () => ({
        up: script("up") ?? { file: file.path, text: "", transaction: "auto" },
        down: script("down"),
      }));
    });
  return { migrations, notes: [] };
}

/** Reading Sequelize's migrations: those whose functions do nothing but hand texts to `queryInterface.sequelize.query`. */

import { codeScript } from "../code_script.ts";
import type { History, Migration, ReadOptions, Script, SourceFile } from "../format.ts";
import { type Calls, JavascriptFile } from "../javascript_body.ts";
import { withScripts } from "../programs.ts";
import { unmarked } from "../transaction_mode.ts";
import { compareText } from "../versions.ts";

/** True for the path of a file that sequelize-cli loads. */
export function isSequelizeFile(path: string): boolean {
  return /^[^/.][^/]*\.[cm]?[jt]s$/.test(path) && !/\.d\.[cm]?ts$/.test(path);
}

const CALLS: Calls = {
  callees: (queryInterface) => [[queryInterface, ".", "sequelize", ".", "query"]],
  allows: (options) =>
    options.every(({ kind, text }) =>
      kind !== "word" || !["replacements", "bind", "benchmark"].includes(text)
    ),
  transaction: (queryInterface) => [queryInterface, ".", "sequelize", ".", "transaction"],
};

/** The migrations in order of file name. Throws UsageError for code that aim would have to run, with its place. */
export function parseSequelize(files: readonly SourceFile[], options: ReadOptions): History {
  const { dialect } = options;
  const migrations = files.filter(({ path }) => isSequelizeFile(path))
    .sort((a, b) => compareText(a.path, b.path))
    .map((file): Migration => {
      const code = new JavascriptFile(file);
      const script = (direction: "up" | "down"): Script | null => {
        const statements = code.statements(direction, CALLS);
        if (statements === null || direction === "down" && statements.length === 0) return null;
        const transaction = unmarked("sequelize", dialect);
        return codeScript(statements, { file, runner: "sequelize", dialect, transaction });
      };
      const [, version = file.path, name = ""] = /^(\d+)[-_.](.*)\.\w+$/.exec(file.path) ?? [];
      return withScripts({ version, name, files: [file.path] }, options, () => ({
        up: script("up") ?? { file: file.path, text: "", transaction: "auto" },
        down: script("down"),
      }));
    });
  return { migrations, notes: [] };
}

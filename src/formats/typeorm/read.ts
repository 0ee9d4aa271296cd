/** Reading TypeORM's migrations: those whose methods do nothing but hand texts to `queryRunner.query`. */

import { codeScript } from "../code_script.ts";
import type { History, Migration, ReadOptions, Script, SourceFile } from "../format.ts";
import { fileRefusal } from "../format_error.ts";
import { type Calls, JavascriptFile } from "../javascript_body.ts";
import { refuseDuplicates } from "../numbered.ts";
import { withScripts } from "../programs.ts";
import { unmarked } from "../transaction_mode.ts";
import { compareNumbers, compareText } from "../versions.ts";

/** True for the path of a file that may hold a migration of TypeORM. */
export function isTypeormFile(path: string): boolean {
  return /^[^/.][^/]*\.[cm]?[jt]s$/.test(path) && !/\.d\.[cm]?ts$/.test(path);
}

const CALLS: Calls = {
  callees: (queryRunner) => [[queryRunner, ".", "query"]],
};

/** The migrations in order of the numbers behind their classes' names. Throws UsageError for code that aim would have to run, with its place. */
export function parseTypeorm(files: readonly SourceFile[], options: ReadOptions): History {
  const { dialect } = options;
  const found = files.filter(({ path }) => isTypeormFile(path)).flatMap((file) => {
    const code = new JavascriptFile(file);
    const className = code.className();
    if (className === null) return [];
    const [, name = "", version = ""] = /^(.*?)(\d{10,})$/.exec(className) ?? [];
    if (version !== "") return [{ file, code, name, version }];
    throw fileRefusal(
      `Cannot order "${file.path}": its class "${className}" has no number at the end`,
      file.path,
      "TypeORM orders migrations by the thirteen digits behind their classes' names",
    );
  }).sort((a, b) => compareNumbers(a.version, b.version) || compareText(a.file.path, b.file.path));
  refuseDuplicates(found, {
    hint: "TypeORM orders migrations by the digits behind their classes' names; change one of them",
    compare: compareNumbers,
    pathOf: ({ file }) => file.path,
    versionOf: ({ version }) => version,
  });
  const migrations = found.map(({ file, code, name, version }): Migration => {
    const isApart = code.has(["transaction", "=", "false"]);
    const script = (direction: "up" | "down"): Script | null => {
      const statements = code.statements(direction, CALLS);
      if (statements === null || direction === "down" && statements.length === 0) return null;
      const transaction = isApart ? "none" : unmarked("typeorm", dialect);
      return codeScript(statements, { file, runner: "typeorm", dialect, transaction });
    };
    return withScripts({ version, name, files: [file.path] }, options, () => ({
      up: script("up") ?? { file: file.path, text: "", transaction: "auto" },
      down: script("down"),
    }));
  });
  return { migrations, notes: [] };
}

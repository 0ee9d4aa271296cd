/** A migration of Django as its file states it, and the order of those of one app. */

import { closingOf, type CodeToken, codeTokens, isAt } from "../code_tokens.ts";
import type { SourceFile } from "../format.ts";
import { fileRefusal } from "../format_error.ts";
import { PYTHON } from "../python_code.ts";
import { compareText } from "../versions.ts";

/** A migration's file. */
export interface DjangoMigration {
  readonly file: SourceFile;
  readonly tokens: readonly CodeToken[];
  /** As Django calls it: the file's name without `.py`. */
  readonly name: string;
  /** What must be applied before, an app's label and a migration's name each. */
  readonly dependencies: readonly (readonly [app: string, name: string])[];
  /** Index of the bracket behind `operations =`; -1 when there is none. */
  readonly operations: number;
  /** False where it says `atomic = False`. */
  readonly atomic: boolean;
}

/** True for the path of a file that Django loads. */
export function isDjangoFile(path: string): boolean {
  return /^[^/._~][^/]*\.py$/.test(path);
}

/** The migration in a file, or null where it has no class of that name. */
function djangoMigration(file: SourceFile): DjangoMigration | null {
  const tokens = codeTokens(file.text, PYTHON);
  const at = tokens.findIndex((_, index) => isAt(tokens, index, ["class", "Migration", "("]));
  if (at < 0) return null;
  const assigned = (name: string) => {
    const found = tokens.findIndex((token, index) =>
      index > at && token.startsLine && isAt(tokens, index, [name, "="])
    );
    return found < 0 ? -1 : found + 2;
  };
  const atomic = assigned("atomic");
  return {
    file,
    tokens,
    name: file.path.replace(/\.py$/, ""),
    dependencies: pairs(tokens, assigned("dependencies")),
    operations: assigned("operations"),
    atomic: atomic < 0 || tokens[atomic]?.text !== "False",
  };
}

/** The pairs of texts in a list; what else stands in it (a swappable dependency) is of other apps. */
function pairs(tokens: readonly CodeToken[], open: number): readonly (readonly [string, string])[] {
  const close = open < 0 ? -1 : closingOf(tokens, open);
  const inner = close < 0 ? [] : tokens.slice(open + 1, close);
  return inner.flatMap((token, index): (readonly [string, string])[] => {
    const [app, comma, name] = inner.slice(index + 1, index + 4);
    return token.kind === "sign" && token.text === "(" && app?.kind === "string" &&
        comma?.text === "," && name?.kind === "string"
      ? [[app.text, name.text]]
      : [];
  });
}

/** The migrations of a folder, each behind those it depends on; the leaves, on which none depends; and the label of the app, where the files say it. Throws UsageError for a circle. */
export function inOrder(files: readonly SourceFile[]): {
  readonly ordered: readonly DjangoMigration[];
  readonly leaves: readonly string[];
  readonly app: string | null;
} {
  const all = files.filter(({ path }) => isDjangoFile(path))
    .sort((a, b) => compareText(a.path, b.path)).map(djangoMigration)
    .filter((one) => one !== null);
  const names = new Set(all.map(({ name }) => name));
  const app = labelOf(all, names);
  const own = (one: DjangoMigration) =>
    one.dependencies.filter(([label, name]) => label === app && names.has(name))
      .map(([, name]) => name);
  const ordered: DjangoMigration[] = [];
  const done = new Set<string>();
  let open: readonly DjangoMigration[] = all;
  while (open.length > 0) {
    const ready = open.find((one) => own(one).every((name) => done.has(name)));
    if (ready === undefined) {
      const path = open[0]?.file.path ?? "";
      throw fileRefusal(
        `Cannot order "${path}": its migrations depend on each other in a circle`,
        path,
        "Correct dependencies",
      );
    }
    done.add(ready.name);
    ordered.push(ready);
    open = open.filter((one) => one !== ready);
  }
  const followed = new Set(all.flatMap(own));
  const leaves = ordered.map(({ name }) => name).filter((name) => !followed.has(name));
  return { ordered, leaves, app };
}

/** The app to which most dependencies on files of this folder belong. */
function labelOf(all: readonly DjangoMigration[], names: ReadonlySet<string>): string | null {
  const counts = new Map<string, number>();
  for (const { dependencies, name: own } of all) {
    for (const [label, name] of dependencies) {
      if (names.has(name) && name !== own) counts.set(label, (counts.get(label) ?? 0) + 1);
    }
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

/** The label that Django gives the app whose folder of migrations this is, unless the app says another. */
export function labelFrom(folder: string): string | null {
  const parent = folder.split(/[\\/]/).filter((part) => part !== "" && part !== ".").at(-2);
  return parent?.replaceAll(/\W/g, "_") ?? null;
}

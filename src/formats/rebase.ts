/** New migrations put behind those of another branch, by another version in their paths; and migrations taken out of a folder. */

import { UsageError } from "../core/error.ts";
import type {
  Branch,
  Migration,
  MigrationFormat,
  ReadOptions,
  Rebased,
  SourceFile,
} from "./format.ts";

/** A file of which git said that both sides changed it: what both have. */
export function withoutMarks(text: string): string {
  return text.split(/(?<=\n)/).filter((line) => !/^(?:<{7}|\|{7}|={7}|>{7})(?:\s|$)/.test(line))
    .join("");
}

/** How the next migration of a folder is named. */
export interface RebaseOptions extends Pick<ReadOptions, "dialect" | "lexicon"> {
  readonly now: Date;
}

/** The files without some migrations. */
export function withoutMigrations(
  format: MigrationFormat,
  files: readonly SourceFile[],
  migrations: readonly Migration[],
): readonly SourceFile[] {
  if (format.without !== undefined) return format.without(files, migrations);
  const paths = new Set(migrations.flatMap((migration) => migration.files));
  return files.filter(({ path }) => !paths.has(path));
}

/** The files of a branch after those of another. Throws UsageError where the format has no version to give. */
export function rebaseFiles(
  format: MigrationFormat,
  branch: Branch,
  options: RebaseOptions,
): Rebased {
  if (format.rebase !== undefined) return format.rebase(branch);
  let files = branch.theirs.map((file) =>
    format.isState?.(file.path) ? branch.ours.find(({ path }) => path === file.path) ?? file : file
  );
  const moved = new Map<string, string>();
  const taken = new Set(branch.theirs.map(({ path }) => path));
  for (const migration of branch.own) {
    const next = prefixes(format, files, options);
    for (const path of migration.files) {
      const text = branch.ours.find((file) => file.path === path)?.text;
      if (text === undefined || taken.has(path)) continue;
      const to = pathWith(next, path, migration.name);
      if (to !== path) moved.set(path, to);
      files = [...files, { path: to, text }];
    }
  }
  return { files, moved };
}

/** What stands before the name in the names of the next migration's files: `000004_`, `V4__`, `U4__`. */
function prefixes(
  format: MigrationFormat,
  existing: readonly SourceFile[],
  { dialect, lexicon, now }: RebaseOptions,
): readonly string[] {
  const statement = {
    sql: "SELECT 1",
    serves: [],
    reason: { action: "describe", text: "" },
    transactional: true,
  } as const;
  const draft = {
    name: NAME,
    up: [statement],
    down: [statement],
    author: "planner",
    reversible: "exact",
    notes: [],
  } as const;
  return format.render({ draft, header: [], dialect, lexicon }, existing, now)
    .flatMap(({ path }) => path.split("/").filter((part) => part.includes(NAME)))
    .map((part) => part.slice(0, part.indexOf(NAME)));
}

const NAME = "aimrebase";

/** A path with the next version in place of its own; letters before the version stay (`U` of a Flyway undo). Throws UsageError for a path without a version. */
function pathWith(next: readonly string[], path: string, name: string): string {
  const escaped = name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const own = new RegExp(`^(\\D*)[\\d._-]*?\\d[_.-]+(?=${escaped})`);
  const parts = path.split("/");
  const at = parts.findLastIndex((part) => own.test(part));
  const part = parts[at] ?? "";
  const [found = "", letters = ""] = own.exec(part) ?? [];
  const alike = next.find((one) => lettersOf(one) === letters) ?? next[0];
  if (found === "" || alike === undefined) {
    throw new UsageError(`Cannot give "${path}" another version: its name has none`, {
      code: "rebase",
      hint: "rename its files by hand",
    });
  }
  parts[at] = letters + alike.slice(lettersOf(alike).length) + part.slice(found.length);
  return parts.join("/");
}

function lettersOf(text: string): string {
  return /^\D*/.exec(text)?.[0] ?? "";
}

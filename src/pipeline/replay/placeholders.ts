/** Which migration a command of `history` is to go to: `{version}`, `{name}`, `{file}`, `{count}` and `{each}` in its words. */

import { UsageError } from "../../core/error.ts";
import type { Migration } from "../../formats/format.ts";
import type { Command } from "../../orm/mod.ts";

const PLACE = /\{(version|name|file|each|count)\}/g;

/** True for a command that can stop at a migration; another one applies all of them. */
export function namesMigration(command: Command): boolean {
  return textOf(command).search(PLACE) >= 0;
}

/** The commands to run, in order: one that goes to the last of the migrations, or with `{each}` one for each of them. */
export function commandsFor(
  command: Command,
  migrations: readonly Migration[],
): readonly Command[] {
  const isEach = textOf(command).includes("{each}");
  const targets = isEach ? migrations : migrations.slice(-1);
  return targets.map((target) => {
    const count = String(migrations.indexOf(target) + 1);
    const fill = (word: string) =>
      word.replaceAll(PLACE, (_, part) => part === "count" ? count : valueOf(target, part));
    return typeof command === "string" ? fill(command) : command.map(fill);
  });
}

function textOf(command: Command): string {
  return typeof command === "string" ? command : command.join("\0");
}

function valueOf({ version, up }: Migration, part: string): string {
  const file = up.file.slice(up.file.lastIndexOf("/") + 1);
  const value = part === "version" ? version : part === "name" ? file.replace(/\.\w+$/, "") : file;
  // It comes from a file of the repository and may stand in a text for the shell.
  if (/^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(value)) return value;
  throw new UsageError(
    `Cannot name the migration "${up.file}" in a command: "${value}" has other signs than letters, digits, ".", "-" and "_"`,
    { code: "history-command", hint: "Rename it" },
  );
}

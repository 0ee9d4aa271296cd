/** What completion scripts of all shells are made from: the flags of a command and what their values can be. */

import type { Command, Completes, Flag } from "../command.ts";
import { RUN_FLAGS, SETTING_FLAGS, settingFlags } from "../flags.ts";

/** The shells that there is a script for. */
export const SHELLS = ["bash", "zsh", "fish", "powershell", "nushell"] as const;

/** What a shell offers where it is neither a file nor a folder. */
export type CompletionWords = Readonly<Record<string, readonly string[]>>;

/** The words that something can be, or how the shell finds them; null when nothing is known. */
export type Offered = readonly string[] | "file" | "folder" | null;

/** The flags before a command. */
export const COMMON: readonly Flag[] = [...SETTING_FLAGS, ...RUN_FLAGS];

/** The flags of a command, its settings and those of every command. */
export function flagsOf(command: Command): readonly Flag[] {
  return [...command.flags, ...settingFlags(command.settings), ...RUN_FLAGS];
}

/** All spellings of a flag: `--quiet`, `-q`. */
export function spellings(flag: Flag): readonly string[] {
  return [`--${flag.name}`, ...(flag.short ? [`-${flag.short}`] : [])];
}

/** What a flag's value can be. */
export function valueOf(flag: Flag, words: CompletionWords): Offered {
  return flag.choices ?? offered(flag.completes, words);
}

/** What a value or an argument can be. */
export function offered(completes: Completes | undefined, words: CompletionWords): Offered {
  if (completes === undefined) return null;
  return completes === "file" || completes === "folder" ? completes : words[completes] ?? null;
}

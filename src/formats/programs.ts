/** Migrations that are programs of which aim reads no SQL: refused, or kept for the runner's own tool to run. */

import { UsageError } from "../core/error.ts";
import type { Migration, ReadOptions } from "./format.ts";

/** The two directions of a migration. */
type Scripts = Pick<Migration, "up" | "down">;

/**
 * A migration with the scripts that `read` finds in its program. Where it refuses the program, the options decide: its error is thrown,
 * or the migration is kept without scripts and says why.
 */
export function withScripts(
  migration: Pick<Migration, "version" | "name" | "files">,
  { keepsPrograms }: Pick<ReadOptions, "keepsPrograms">,
  read: () => Scripts,
): Migration {
  try {
    return { ...migration, ...read() };
  } catch (error) {
    if (keepsPrograms !== true || !(error instanceof UsageError)) throw error;
    const [file = ""] = migration.files;
    return { ...migration, up: { file, text: "", transaction: "auto" }, down: null, unread: error };
  }
}

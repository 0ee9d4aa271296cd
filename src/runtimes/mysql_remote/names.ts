/** What aim makes on a server that others use has a name that nothing else has. */

import { randomBytes } from "node:crypto";
import process from "node:process";

/** Databases, accounts and locks begin with this. */
export const PREFIX = "aim_scratch_";

/** A name that no other run has: of its account and its lock, and the beginning of its databases. */
export function runName(): string {
  return `${PREFIX}${process.pid}_${randomBytes(4).toString("hex")}`;
}

/** The run that a database or an account is of; null for what is of none. */
export function runOf(name: string): string | null {
  return /^(aim_scratch_\d+_[0-9a-f]{8})(?:_.*)?$/.exec(name)?.[1] ?? null;
}

/** A name as SQL has it. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** Calls runners. */

import { spawnSync } from "node:child_process";
import type { Command } from "./runners.ts";

/** Runs commands one after the other. Throws an Error with what the first that fails says. */
export function call(commands: readonly Command[]): void {
  for (const [program, ...args] of commands) {
    const done = spawnSync(program, args, { encoding: "utf8", timeout: 600_000 });
    if (done.status === 0) continue;
    const said = `${done.stdout}${done.stderr}`.trim().slice(-600);
    throw new Error(`${program} ${args.at(-1)}: ${said}`);
  }
}

/** Throws an Error that shows what only one of the lists has, where they differ. */
export function compare(
  what: string,
  actual: readonly string[],
  expected: readonly string[],
): void {
  if (actual.join("\n") === expected.join("\n")) return;
  const only = (list: readonly string[], other: readonly string[]) =>
    list.filter((line) => !other.includes(line)).join("\n           ");
  throw new Error(
    `${what}:\n  got      ${only(actual, expected)}\n  expected ${only(expected, actual)}`,
  );
}

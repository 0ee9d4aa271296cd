/** Other programs, started as the binary may start them. */

import process from "node:process";

/**
 * What to spawn for a program with these arguments: a shell that becomes it, since that is what a binary may start; it reads none of
 * them. On Windows the program itself.
 */
export function programCommand(
  program: string,
  args: readonly string[],
): readonly [file: string, args: string[]] {
  return process.platform === "win32"
    ? [program, [...args]]
    : ["sh", ["-c", 'exec "$0" "$@"', program, ...args]];
}

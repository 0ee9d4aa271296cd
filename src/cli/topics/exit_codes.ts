/** `aim help exit-codes`. */

import { EXIT_CODES } from "../exits.ts";

/** The topic as Markdown. */
export function exitCodesText(): string {
  return [
    "# Exit codes",
    "Each code has one meaning, for every command.",
    EXIT_CODES.map(({ code, meaning, more }) => `- \`${code}\` **${meaning}.** ${more}`).join("\n"),
    "`aim diff` exits with 0 when there is a difference, unless `--exit-code` is given. With `--json` the object on stdout has the code as `error.exit` when something failed.",
  ].join("\n\n") + "\n";
}

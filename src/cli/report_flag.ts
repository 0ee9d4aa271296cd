/** `--report`, for the commands that find things. */

import type { Flag } from "./command.ts";

/** The flag. */
export const REPORT_FLAG: Flag = {
  name: "report",
  value: "FORMAT=FILE",
  repeats: true,
  summary:
    "Write what was found to a file (- for stdout) as sarif, github, gitlab, junit, markdown, html or json; auto in a GitHub workflow",
};

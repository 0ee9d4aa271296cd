/** The flags that say which migrations a command is about. */

import { UsageError } from "../core/error.ts";
import type { LintSelection } from "../pipeline/mod.ts";
import type { Flag, FlagValues } from "./command.ts";

/** The flags. */
export const SELECTION_FLAGS: readonly Flag[] = [
  { name: "latest", value: "N", summary: "The last N migrations" },
  { name: "new", summary: "The migrations that git's HEAD has not, for a pre-commit hook" },
  {
    name: "git-base",
    value: "REF",
    summary: "The migrations that a branch or commit has not, for a pull request",
  },
];

/** The migrations that flags select; null where none does. Throws UsageError. */
export function selectionOf(flags: FlagValues): LintSelection | null {
  const base = flags.text("git-base");
  if (base !== null) return { notIn: base };
  if (flags.on("new")) return { notIn: "HEAD" };
  const latest = flags.text("latest");
  if (latest === null) return null;
  if (/^[1-9]\d{0,5}$/.test(latest)) return { latest: Number(latest) };
  throw new UsageError(`Cannot select the last "${latest}" migrations`, {
    code: "flag-value",
    hint: "pass a number: --latest 3",
  });
}

/** The flag that says on how many made rows statements are timed. */

import { UsageError } from "../core/error.ts";
import type { Flag, FlagValues } from "./command.ts";

/** `--sample N` */
export const SAMPLE_FLAG: Flag = {
  name: "sample",
  value: "N",
  summary: "Time each statement on N made rows in its own tables, for the estimates",
};

/** How many rows are made; null without the flag. Throws UsageError for what is no number of them. */
export function sampleOf(flags: FlagValues): number | null {
  const text = flags.text("sample");
  if (text === null) return null;
  if (/^[1-9]\d{2,6}$/.test(text)) return Number(text);
  throw new UsageError(`Cannot time statements on "${text}" rows`, {
    code: "flag-value",
    hint: "pass a number from 100 to 9999999: --sample 100000",
  });
}

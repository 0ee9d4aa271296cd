/** How much of a long list of cases runs: a fixed part in the suite, all of them in `deno task deep`. */

import process from "node:process";

/** True in `deno task deep`. */
export const DEEP = process.env.AIM_TEST_DEPTH === "all";

/** Every `step`th case, the first among them; all of them in `deno task deep`. */
export function part<Case>(cases: readonly Case[], step: number): readonly Case[] {
  return DEEP ? cases : cases.filter((_, at) => at % step === 0);
}

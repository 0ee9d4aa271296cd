/** How long the patterns of `schema` and `ignore_tables` take when they are made to take long. */

import { parseGlob } from "../src/pipeline/files/glob.ts";
import { wildcard } from "../src/text/wildcard.ts";

/** Milliseconds to match 10,000 names of 200 letters against a pattern of 121 characters that fits none: glob, then table names. */
export function patternTime(): { readonly glob: number; readonly table: number } {
  const pattern = `${"*a".repeat(60)}b`;
  const names = Array.from({ length: 10_000 }, (_, at) => "a".repeat(200) + at);
  return {
    glob: timeOf(() => {
      const { matches } = parseGlob(pattern);
      for (const name of names) matches(name);
    }),
    table: timeOf(() => {
      const matches = wildcard(pattern);
      for (const name of names) matches(name);
    }),
  };
}

function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/**
 * Compares how our scanners read random scripts with how the databases themselves read them, and prints each text on which they
 * differ. A run is told by its seed; exit 1 when there was a difference.
 *
 *     deno task scanners [--minutes N] [--seed N] [--dialect D]
 */

import process from "node:process";
import { parseArgs } from "node:util";
import { Random } from "../tests/property/random.ts";
import { JUDGES } from "./scanners/judges.ts";
import { randomScript } from "./scanners/texts.ts";

const { values: flags } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    dialect: { type: "string" },
  },
});
const chosen = JUDGES.filter(({ dialect }) =>
  flags.dialect === undefined || flags.dialect === dialect
);
console.log(`seed ${flags.seed}, ${flags.minutes} minutes`);
let differing = 0;
for (const { dialect, pieces, judge } of chosen) {
  const random = new Random(Number(flags.seed));
  await using judged = await judge();
  const end = performance.now() + Number(flags.minutes) * 60_000 / chosen.length;
  let count = 0;
  let found = 0;
  while (performance.now() < end && found < 20) {
    const text = randomScript(random, pieces);
    count++;
    const difference = await judged.differs(text);
    if (difference === null) continue;
    found++;
    console.log(`${dialect}: ${JSON.stringify(text)}\n  ${difference}`);
  }
  differing += found;
  console.log(`${dialect}: ${count} texts, ${found} differ`);
}
process.exitCode = differing > 0 ? 1 : 0;

/**
 * Runs the attacks of scripts/attack/kinds on aim: hostile schemas, migrations, settings, files, servers and terminals.
 * Prints a line for each that got through and ends in a count; exit 1 when one did.
 * Usage: deno task attack [--rounds N] [--seed N] [--bin PATH] [KIND...]
 */

import { readdir } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Attack } from "./attack/attack.ts";
import { Random } from "../tests/property/random.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "3" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    bin: { type: "string" },
  },
});
if (values.bin !== undefined) process.env.AIM_TEST_BIN = values.bin;
const seed = Number(values.seed);
const random = new Random(seed);
console.log(`seed ${seed}, ${values.rounds} rounds`);

let held = 0;
let through = 0;
for (const kind of await kinds()) {
  const { attacks } = await import(`./attack/kinds/${kind}.ts`) as { attacks: readonly Attack[] };
  const before = held;
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const attack of attacks) {
      const damage = await attack.run({ random, round }).catch((error) => `it broke: ${error}`);
      if (damage === null) {
        held++;
        continue;
      }
      through++;
      console.log(`${kind}: ${attack.name} (round ${round}): ${damage}`);
    }
  }
  console.log(`${kind}: ${held - before} held`);
}
console.log(`${held} held, ${through} got through`);
if (through > 0) process.exit(1);

async function kinds(): Promise<string[]> {
  const folder = fileURLToPath(new URL("attack/kinds", import.meta.url));
  const all = (await readdir(folder)).flatMap((name) =>
    name.endsWith(".ts") ? [name.slice(0, -3)] : []
  );
  return all.filter((kind) => positionals.length === 0 || positionals.includes(kind)).sort();
}

/** Attacks as tests: the first round of each is fixed, and must be held. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Attack } from "../../scripts/attack/attack.ts";
import { Random } from "../property/random.ts";

/** Makes a test of each attack. */
export function testAttacks(attacks: readonly Attack[]): void {
  for (const attack of attacks) {
    test(`holds against ${attack.name}`, async () => {
      assert.equal(await attack.run({ random: new Random(7), round: 0 }), null);
    });
  }
}

import assert from "node:assert/strict";
import test from "node:test";
import { attacks } from "../../scripts/attack/kinds/unseen.ts";
import { Random } from "../property/random.ts";

for (const attack of attacks) {
  test(`what the server reads is seen or refused: ${attack.name}`, async () => {
    assert.equal(await attack.run({ random: new Random(1), round: 0 }), null);
  });
}

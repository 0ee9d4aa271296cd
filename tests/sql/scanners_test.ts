import assert from "node:assert/strict";
import test from "node:test";
import { JUDGES } from "../../scripts/scanners/judges.ts";
import { randomScript } from "../../scripts/scanners/texts.ts";
import { Random } from "../property/random.ts";

/** `deno task scanners` tries many more. */
const COUNT = 1_500;

for (const { dialect, pieces, judge } of JUDGES) {
  test(`${dialect}: random scripts are read as the database reads them`, async () => {
    const random = new Random(20_261_130);
    await using judged = await judge();
    for (let count = 0; count < COUNT; count++) {
      const text = randomScript(random, pieces);
      assert.equal(await judged.differs(text), null, JSON.stringify(text));
    }
  });
}

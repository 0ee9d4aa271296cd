/** When a value has lost something by a change of its type. */

import assert from "node:assert/strict";
import test from "node:test";
import { isLossy } from "../../src/pipeline/lint/lossy.ts";

const LOST: readonly (readonly [string, string])[] = [
  ["0.37", "0.4"],
  ["1.12345678901234", "1"],
  ["1.12345678901234", "1.1234568"],
  ["9999999999", "1410065407"],
  ["xxxxxxxxxxxx", "xxxxxxxxxx"],
  ["2001-02-03 04:05:06.789012", "2001-02-03"],
  ["2001-02-03 04:05:06.789012+00", "2001-02-03 04:05:07+00"],
  ["04:05:06.789012", "04:05:07"],
];
const KEPT: readonly (readonly [string, string])[] = [
  ["1.50", "1.5"],
  ["7", "7.00"],
  ["-0.0", "-0"],
  ["1.1", "1.10000002384186"],
  ["1e30", "1000000000000000000000000000000"],
  ["abc  ", "abc"],
  ["2001-02-03 00:00:00", "2001-02-03"],
  ["2001-02-03 04:05:06", "2001-02-03 04:05:06+00"],
  ["10.0.0.1/32", "10.0.0.1"],
  ["10", "10"],
];

test("digits, letters and times that are gone are a loss; another way to write the same is none", () => {
  for (const [from, to] of LOST) assert.ok(isLossy(from, to), `${from} to ${to}`);
  for (const [from, to] of KEPT) assert.ok(!isLossy(from, to), `${from} to ${to}`);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { UnreadableStatement } from "../../src/engines/common/token_cursor.ts";
import { triggerEvent } from "../../src/engines/mysql/catalog/trigger_event.ts";

const CASES: readonly (readonly [text: string, event: string])[] = [
  ["CREATE DEFINER=`a`@`%` TRIGGER t BEFORE INSERT ON u FOR EACH ROW SET @a = 1", "insert"],
  ["CREATE TRIGGER `trigger` AFTER delete ON `update` FOR EACH ROW SET @a = 1", "delete"],
  [
    "CREATE TRIGGER d.t BEFORE UPDATE OF a, `b c` ON u FOR EACH ROW BEGIN END",
    "update of a, `b c`",
  ],
  [
    "CREATE OR REPLACE TRIGGER IF NOT EXISTS t AFTER INSERT OR UPDATE OF `of` OR DELETE ON u FOR EACH ROW SET @a = 1",
    "insert or update of `of` or delete",
  ],
];

test("the event of a trigger is read from its text", () => {
  for (const [text, event] of CASES) assert.equal(triggerEvent(text), event, text);
  assert.throws(() => triggerEvent("CREATE TRIGGER t BEFORE"), UnreadableStatement);
});

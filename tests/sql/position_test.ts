import assert from "node:assert/strict";
import test from "node:test";
import { offsetOf, positionAt } from "../../src/sql/position.ts";

const TEXT = "ab\r\n\ncd";

test("every offset has a line and a column, which lead back to it", () => {
  const lines = Array.from({ length: TEXT.length + 1 }, (_, offset) => {
    const { line, column } = positionAt(TEXT, offset);
    assert.equal(offsetOf(TEXT, { line, column }), offset);
    return `${line}:${column}`;
  });
  assert.deepEqual(lines, ["1:1", "1:2", "1:3", "1:4", "2:1", "3:1", "3:2", "3:3"]);
});

test("the source of a position is its line without the line's end", () => {
  assert.deepEqual([0, 3, 4, 5].map((offset) => positionAt(TEXT, offset).source), [
    "ab",
    "ab",
    "",
    "cd",
  ]);
});

test("a place beyond the text leads to its end, one beyond a line to the line's", () => {
  assert.equal(offsetOf(TEXT, { line: 9, column: 1 }), TEXT.length);
  assert.equal(offsetOf(TEXT, { line: 2, column: 9 }), 4);
});

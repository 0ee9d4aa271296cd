import assert from "node:assert/strict";
import test from "node:test";
import { lexiconOf } from "../../src/engines/all.ts";
import { lowerAscii, nameOf, unquoted } from "../../src/sql/name.ts";
import { isOnlyComments, plainRanges, quotedRanges } from "../../src/sql/ranges.ts";

const plain = (sql: string, dialect: string) =>
  plainRanges(sql, lexiconOf(dialect)).map(({ start, end }) => sql.slice(start, end)).join("|");

test("plain SQL is what stands outside of each dialect's quotes and comments", () => {
  assert.equal(plain("a 'b' c -- d\re", "postgres"), "a | c |\re");
  assert.equal(plain("a 'it\\'s' b # c\nd", "mysql"), "a | b |\nd");
  assert.equal(plain("a $x$ b $x$", "sqlite"), "a $x$ b $x$");
  assert.equal(plain("a [b] c", "sqlite"), "a | c");
});

test("a quoted range begins at its quote, and reaches to the end where it is not closed", () => {
  const ranges = quotedRanges("E'a' 'b", lexiconOf("postgres"));
  assert.deepEqual(ranges, [
    { start: 1, end: 4, kind: "string", prefix: "E" },
    { start: 5, end: 7, kind: "string", prefix: "" },
  ]);
});

test("only comments are what the server sees nothing in", () => {
  const only = (sql: string, dialect: string) => isOnlyComments(sql, lexiconOf(dialect));
  assert.equal(only(" -- a\n/* b /* c */ */", "postgres"), true);
  assert.equal(only("-- a\rSELECT 1", "postgres"), false);
  assert.equal(only("-- a\rSELECT 1", "sqlite"), true);
  assert.equal(only("\ufeff-- a", "postgres"), true);
  assert.equal(only(" \ufeff", "postgres"), false);
  assert.equal(only(" \ufeff", "sqlite"), true);
  assert.equal(only("\u00a0", "postgres"), false);
});

test("names lose their quotes, and without quotes are folded", () => {
  assert.deepEqual(['"a""B"', "`c``d`", "[e]", "'f''g'"].map(unquoted), ['a"B', "c`d", "e", "f'g"]);
  assert.equal(nameOf("UsersÉ", lowerAscii), "usersÉ");
  assert.equal(nameOf('"Users"', lowerAscii), "Users");
});

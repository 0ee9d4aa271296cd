import assert from "node:assert/strict";
import test from "node:test";
import { lexiconOf } from "../../src/engines/all.ts";
import { Scanner, tokensOf } from "../../src/sql/scanner.ts";

/** A text and its tokens without blanks, each as `kind text`. */
type Case = readonly [dialects: string, sql: string, tokens: readonly string[]];

const CASES: readonly Case[] = [
  ["postgres", "a--b\rc", ["word a", "comment --b", "word c"]],
  ["sqlite mysql", "a-- b\rc", ["word a", "comment -- b\rc"]],
  ["postgres sqlite mysql", "a-- b\nc", ["word a", "comment -- b", "word c"]],
  ["postgres sqlite mysql", "a-- b\fc\u0085d\u2028e", ["word a", "comment -- b\fc\u0085d\u2028e"]],
  ["mysql", "a--b # c\nd", [
    "word a",
    "operator -",
    "operator -",
    "word b",
    "comment # c",
    "word d",
  ]],
  ["postgres", "/*a/*b*/c*/d", ["comment /*a/*b*/c*/", "word d"]],
  ["sqlite mysql", "/*a/*b*/c", ["comment /*a/*b*/", "word c"]],
  ["postgres mysql", "a/*b", ["word a", "bad /*b"]],
  ["sqlite", "a/*b", ["word a", "comment /*b"]],
  ["postgres sqlite", String.raw`'a\'b`, [String.raw`string 'a\'`, "word b"]],
  ["mysql", String.raw`'it\'s' "a\"b"`, [String.raw`string 'it\'s'`, String.raw`string "a\"b"`]],
  ["postgres", String.raw`E'a\'b' e'c'`, [String.raw`string E'a\'b'`, "string e'c'"]],
  ["postgres", "E'a'--c\r'b\\''", ["string E'a'--c\r'b\\''"]],
  ["postgres", "$a$;'$b$$a$ $1$1 a$b$", [
    "body $a$;'$b$$a$",
    "parameter $1",
    "parameter $1",
    "word a$b$",
  ]],
  ["sqlite", '[a;\'b] `c`` d` "e"', ["name [a;'b]", "name `c`` d`", 'name "e"']],
  ["sqlite", "x'0f' x'0''1' X'", ["string x'0f'", "string x'0'", "string '1'", "bad X'"]],
  ["postgres", "1..2 1.5e3 0x1f 1_0 1a", [
    "number 1",
    "operator ..",
    "number 2",
    "number 1.5e3",
    "number 0x1f",
    "number 1_0",
    "bad 1a",
  ]],
  ["sqlite", "\ufeffa\ufeff \v b", ["word a\ufeff", "word b"]],
  ["sqlite", "a\v", ["word a", "bad \v"]],
  ["postgres", "\ufeffa \u00a0", ["word \ufeffa", "word \u00a0"]],
  ["postgres sqlite mysql", "a\u0001", ["word a", "bad \u0001"]],
];

for (const [dialects, sql, expected] of CASES) {
  for (const dialect of dialects.split(" ")) {
    test(`${dialect} cuts ${JSON.stringify(sql)}`, () => {
      const tokens = tokensOf(sql, lexiconOf(dialect));
      assert.equal(tokens.map(({ start, end }) => sql.slice(start, end)).join(""), sql);
      const shown = tokens.filter(({ kind }) => kind !== "blank")
        .map(({ kind, start, end }) => `${kind} ${sql.slice(start, end)}`);
      assert.deepEqual(shown, expected);
    });
  }
}

test("what has no end says what it would be", () => {
  const opens = (sql: string) => {
    const scanner = new Scanner(sql, lexiconOf("postgres"));
    while (scanner.next());
    return scanner.open;
  };
  assert.deepEqual(["'a", '"a', "$$a", "/*a", "a"].map(opens), [
    "string",
    "name",
    "body",
    "comment",
    null,
  ]);
});

test("plain strings take backslashes as the session's setting says", () => {
  const scanner = new Scanner(String.raw`'a\'b'`, lexiconOf("postgres"));
  scanner.backslash = true;
  assert.ok(scanner.next());
  assert.equal(scanner.end, 6);
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import test from "node:test";
import { answerFlag, readAnswer, readRename, renameFlag } from "../../src/cli/choice_flags.ts";
import { UsageError } from "../../src/core/error.ts";

/** The words that a shell makes of a line. */
function words(line: string): string[] {
  const script = `printf '%s\\0' ${line}`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

test("a rename is read with or without its kind", () => {
  const by = "flag";
  assert.deepEqual(readRename("users.fullname=name"), {
    kind: null,
    from: "users.fullname",
    to: "name",
    by,
  });
  assert.deepEqual(readRename("table:people=users"), {
    kind: "table",
    from: "people",
    to: "users",
    by,
  });
  assert.deepEqual(readRename("materialized view:a.b=c").kind, "materialized view");
  for (const text of ["users", "=name", "users=", "a=b=c"]) {
    assert.throws(() => readRename(text), UsageError, text);
  }
});

test("an answer is an id, an option, and an expression that may hold anything", () => {
  assert.deepEqual(readAnswer("rename:column:users.a=drop"), [
    "rename:column:users.a",
    { option: "drop", by: "flag" },
  ]);
  assert.deepEqual(readAnswer("fill:users.a=backfill=coalesce(b, 'x=y')"), [
    "fill:users.a",
    { option: "backfill", by: "flag", expression: "coalesce(b, 'x=y')" },
  ]);
  assert.throws(() => readAnswer("users"), UsageError);
});

const NAMES = [
  "plain",
  "a=b",
  "100%",
  "%3D",
  "50%25",
  'say "it\'s"',
  "x:y",
  "$HOME `id`",
  "two\nlines",
];

test("the flags that a choice shows settle it, whatever its names hold", () => {
  for (const name of NAMES) {
    const id = `fill:column:t."${name}"`;
    const [answer, read] = words(answerFlag(id, name, "a = 'b=%3D'"));
    assert.equal(answer, "--answer");
    const expected = { option: name, by: "flag", expression: "a = 'b=%3D'" };
    assert.deepEqual(readAnswer(read ?? ""), [id, expected]);
    for (const kind of [null, "table"]) {
      const [rename, text] = words(renameFlag({ kind, from: `public."${name}"`, to: name }));
      assert.equal(rename, "--rename");
      const stated = { kind, from: `public."${name}"`, to: name, by: "flag" };
      assert.deepEqual(readRename(text ?? ""), stated);
    }
  }
});

import assert from "node:assert/strict";
import test from "node:test";
import { UsageError } from "../../src/core/error.ts";
import { parseGlob } from "../../src/pipeline/files/glob.ts";
import { wildcard } from "../../src/text/wildcard.ts";
import { Random } from "../property/random.ts";

/** Parts of globs, and what each is as a regular expression. */
const PARTS: readonly (readonly [glob: string, source: string])[] = [
  ["*", "[^/]*"],
  ["**/", "(?:.*/)?"],
  ["?", "[^/]"],
  ["a", "a"],
  ["b", "b"],
  ["/", "/"],
  ["[ab]", "[ab]"],
  ["[!a]", "[^a/]"],
  ["[a-b]", "[a-b]"],
  ["{a,b}", "(?:a|b)"],
  ["{a,*b}", "(?:a|[^/]*b)"],
  ["{,a}", "(?:|a)"],
  ["{a/b,{b,a}}", "(?:a/b|(?:b|a))"],
  [".sql", "\\.sql"],
];

test("a glob matches what the same regular expression does, and reaches all folders on the way", () => {
  const random = new Random(11);
  let matched = 0;
  for (let time = 0; time < 2000; time++) {
    const parts = Array.from({ length: random.int(1, 6) }, () => random.pick(PARTS));
    const glob = parts.map(([part]) => part).join("");
    // Two parts can make a third one.
    if (/\*\*\*|\*\*(?!\/)/.test(glob)) continue;
    const regex = new RegExp(`^${parts.map(([, source]) => source).join("")}$`);
    const { matches, reaches } = parseGlob(glob);
    for (let at = 0; at < 20; at++) {
      const letters = Array.from({ length: random.int(0, 8) }, () => random.pick(["a", "b", "/"]));
      const path = letters.join("") + random.pick(["", ".sql"]);
      assert.equal(matches(path), regex.test(path), `${glob} ${path}`);
      if (!matches(path)) continue;
      matched++;
      const folders = [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
      assert.deepEqual(folders.filter((folder) => folder !== "" && !reaches(folder)), [], glob);
    }
  }
  assert.ok(matched > 1000);
});

const BAD: readonly (readonly [glob: string, says: RegExp])[] = [
  ["db/[a", /"\[" at character 4 is not closed/],
  ["{a,{b}", /"\{" at character 1 is not closed/],
  ["[]", /"\[" at character 1 is empty/],
  ["[z-a]", /range z-a reversed/],
  ["*".repeat(300), /longer than 256 characters/],
];

for (const [glob, says] of BAD) {
  test(`refuses the glob ${glob.slice(0, 10)}`, () => {
    assert.throws(
      () => parseGlob(glob),
      (error) => error instanceof UsageError && says.test(error.message),
    );
  });
}

test("a pattern with many stars takes no longer than one with few", () => {
  const pattern = `${"*a".repeat(60)}b`;
  const { matches } = parseGlob(pattern);
  const table = wildcard(pattern);
  for (let at = 0; at < 1000; at++) {
    const name = "a".repeat(200) + at;
    assert.equal(matches(name), false);
    assert.equal(table(name), false);
  }
});

test("in a name of a table only the star stands for something else", () => {
  const random = new Random(5);
  for (let time = 0; time < 5000; time++) {
    const letters = (most: number, from: readonly string[]) =>
      Array.from({ length: random.int(0, most) }, () => random.pick(from)).join("");
    const [pattern, name] = [letters(6, ["a", "b", ".", "*"]), letters(7, ["a", "b", "."])];
    const source = pattern.replaceAll(".", "\\.").replaceAll("*", ".*");
    assert.equal(wildcard(pattern)(name), new RegExp(`^${source}$`).test(name), pattern);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { cutIntoParts } from "../../src/formats/transaction_groups.ts";
import { isTimestamp, nextVersions } from "../../src/formats/versions.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import { formatNamed } from "../../src/formats/mod.ts";
import type { Draft } from "../../src/core/plan.ts";
import type { PlannedStatement } from "../../src/core/statement.ts";

/** `a` is a statement for object a; `!a` one that cannot stand in a transaction. */
function statements(words: readonly string[]): readonly PlannedStatement[] {
  return words.map((word) => ({
    sql: word,
    serves: [word.replace("!", "")],
    reason: { action: "describe" as const, text: "a test" },
    transactional: !word.startsWith("!"),
  }));
}

function draft(up: readonly string[], down: readonly string[]): Draft {
  return {
    author: "planner",
    name: "x",
    up: statements(up),
    down: statements(down),
    reversible: "exact",
    notes: [],
  };
}

function shown(up: string, down: string, alone: boolean): string {
  const words = (text: string) => text.split(" ").filter((word) => word !== "");
  return cutIntoParts(draft(words(up), words(down)), { alone })
    .map((part) =>
      `${part.up.map(({ sql }) => sql).join(" ")} / ${part.down.map(({ sql }) => sql).join(" ")}`
    ).join(" | ");
}

const CASES: readonly {
  readonly title: string;
  readonly up: string;
  readonly down: string;
  readonly parts: string;
  readonly grouped?: string;
}[] = [
  { title: "nothing to cut", up: "a b", down: "b a", parts: "a b / b a" },
  {
    title: "an index after its table",
    up: "a !i",
    down: "!i a",
    parts: "a / a | !i / !i",
  },
  {
    title: "two indexes side by side",
    up: "!i !j",
    down: "!j !i",
    parts: "!i / !i | !j / !j",
    grouped: "!i !j / !j !i",
  },
  {
    title: "an index that goes by itself when its column does",
    up: "a !i",
    down: "a",
    parts: "a / a | !i / ",
  },
  {
    title: "an index that only DOWN makes so",
    up: "i a",
    down: "a !i",
    parts: "i / !i | a / a",
  },
  {
    title: "an index in the middle",
    up: "a !i b",
    down: "b i a",
    parts: "a / a | !i / i | b / b",
  },
  {
    title: "no DOWN at all",
    up: "a !i b",
    down: "",
    parts: "a /  | !i /  | b / ",
  },
];

for (const { title, up, down, parts, grouped = parts } of CASES) {
  test(`cuts a draft with ${title}`, () => {
    assert.equal(shown(up, down, true), parts);
    assert.equal(shown(up, down, false), grouped);
  });
}

test("any draft is cut into parts of one kind that add up to it", () => {
  let seed = 20260101;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  for (let round = 0; round < 300; round++) {
    const words = (length: number) =>
      Array.from(
        { length },
        () => `${random(4) === 0 ? "!" : ""}${"abcdefgh"[random(8)]}`,
      );
    const planned = draft(words(random(9)), words(random(9)));
    const alone = random(2) === 0;
    const parts = cutIntoParts(planned, { alone });
    assert.deepEqual(parts.flatMap((part) => part.up), planned.up);
    assert.deepEqual(parts.toReversed().flatMap((part) => part.down), planned.down);
    if (parts.length < 2) continue;
    for (const list of parts.flatMap((part) => [part.up, part.down])) {
      const kinds = new Set(list.map(({ transactional }) => transactional));
      assert.ok(kinds.size <= 1 && (!alone || !kinds.has(false) || list.length === 1));
    }
  }
});

test("a long draft is cut", () => {
  const names = Array.from({ length: 400 }, (_, i) => (i % 8 === 0 ? "!" : "") + `o${i}`);
  const parts = cutIntoParts(draft(names, names.toReversed()), { alone: true });
  assert.equal(parts.length, 100);
});

test("what is used once it is committed gets a file of its own where a file is always a transaction", async () => {
  const first = { transactional: false, usedOnceCommitted: true } as const;
  const up = statements(["first", "use"]).map((one) =>
    one.sql === "first" ? { ...one, ...first } : one
  );
  const input = { draft: { ...draft([], []), up }, header: [], dialect: "postgres" };
  const textsFor = async (format: string) =>
    (await formatNamed(format)).render({ ...input, lexicon: lexiconOf("postgres") }, [], NOW)
      .map(({ text }) => text.replaceAll(/^--.*\n/gm, "").trim());
  assert.deepEqual(await textsFor("refinery"), ["first;", "use;"]);
  // All files of a run are one transaction there.
  await assert.rejects(textsFor("drizzle"), /Cannot write "first" for Drizzle/);
});

const NOW = new Date("2024-05-06T07:08:09Z");

const VERSIONS: readonly {
  readonly title: string;
  readonly versions: readonly string[];
  readonly next: readonly string[];
}[] = [
  { title: "none", versions: [], next: ["1", "2"] },
  { title: "padded numbers", versions: ["000008", "000009"], next: ["000010", "000011"] },
  { title: "unpadded numbers", versions: ["9", "100", "37"], next: ["101", "102"] },
  {
    title: "timestamps in the past",
    versions: ["20230101000000"],
    next: ["20240506070809", "20240506070810"],
  },
  {
    title: "a timestamp in the future",
    versions: ["20991231235959"],
    next: ["21000101000000", "21000101000001"],
  },
  {
    title: "this very second",
    versions: ["20240506070809"],
    next: ["20240506070810", "20240506070811"],
  },
  {
    title: "minutes",
    versions: ["202301010000"],
    next: ["202405060708", "202405060709"],
  },
  { title: "days", versions: ["20230101"], next: ["20240506", "20240507"] },
  { title: "Unix seconds", versions: ["1567727816"], next: ["1714979289", "1714979290"] },
  {
    title: "Unix milliseconds",
    versions: ["1567727816000"],
    next: ["1714979289000", "1714979289001"],
  },
  {
    title: "numbers longer than a moment",
    versions: ["20191100000001000000"],
    next: ["20191100000001000001", "20191100000001000002"],
  },
];

for (const { title, versions, next } of VERSIONS) {
  test(`counts on after ${title}`, () => {
    assert.deepEqual(nextVersions({ versions, now: NOW, first: "1" }, 2), next);
  });
}

test("a number is a timestamp only when it names a moment", () => {
  assert.deepEqual(
    ["20240230000000", "20240229000000", "00000012", "12345678901", "1234567890"].map(isTimestamp),
    [false, true, false, false, true],
  );
});

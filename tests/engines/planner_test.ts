import assert from "node:assert/strict";
import test from "node:test";
import { optionFlag } from "../../src/cli/choice_flags.ts";
import type { ObjectKind } from "../../src/engines/object_kind.ts";
import { describeWith, planWith, renamesWith } from "../../src/engines/planner/mod.ts";
import type { Hints } from "../../src/core/plan.ts";
import type { Facts, SchemaObject, Snapshot } from "../../src/core/snapshot.ts";
import type { PlannedStatement } from "../../src/core/statement.ts";

const HINTS: Hints = {
  answers: new Map(),
  renames: [],
  dropAdd: false,
  strictOrder: false,
  deployedVersion: null,
};

/** A dialect small enough to read: boxes hold items; links join boxes; lenses look at boxes. */
const KINDS: readonly ObjectKind[] = [
  {
    kind: "box",
    rank: 20,
    asksRename: true,
    reservedNames: (object) => [object.name],
    create: (object, members) => [
      say(object, `make ${object.name}(${members.map((m) => m.id).join(" ")})`),
    ],
    drop: (object) => [say(object, `drop ${object.name}`)],
    alter: (change) => change.facts.includes("shape") ? "replace" : { statements: [] },
    preserveRows: (before, after, { to }) =>
      before.facts.full !== true ? null : {
        save: [say(before, `empty ${before.name}`)],
        restore: [say(after, `fill ${after.name}`)],
        sources: before.facts.source === undefined ? [] : [String(before.facts.source)],
        targets: after.facts.holder === undefined ? [] : [String(after.facts.holder)],
        createdAfter: [...to.objects.values()].filter(({ kind, parent }) =>
          kind === "link" && parent === after.id
        ).map(({ id }) => id),
      },
    rename: (before, after) => [say(before, `rename ${before.name} ${after.name}`)],
  },
  {
    kind: "item",
    rank: 30,
    asksRename: true,
    inline: () => true,
    create: (object) => [say(object, `add ${object.name}`)],
    drop: (object) => [say(object, `remove ${object.name}`)],
    alter: (change, context) => ({
      statements: [say(change.after, `retype ${change.after.name}`)],
      recreates: context.dependents(change.id).filter((d) => d.kind === "lens").map((d) => d.id),
    }),
    rename: (before, after) => [say(before, `rename ${before.name} ${after.name}`)],
  },
  {
    kind: "link",
    rank: 35,
    inline: () => true,
    create: (object) => [say(object, `link ${object.name}`)],
    drop: (object) => [say(object, `unlink ${object.name}`)],
    alter: () => "replace",
    rename: (before, after) => [say(before, `rename ${before.name} ${after.name}`)],
  },
  {
    kind: "lens",
    rank: 50,
    reservedNames: (object) => [object.name],
    mentions: (object) => String(object.facts.body ?? ""),
    create: (object) => [say(object, `look ${object.name}`)],
    drop: (object) => [say(object, `blind ${object.name}`)],
    alter: (change) => change.facts.includes("body") ? "replace" : { statements: [] },
  },
];

test("a box is made with its members, and a link to a later box waits for it", () => {
  const to = snapshot(
    box("a"),
    item("a.x"),
    link("a.to_b", "box:b"),
    box("b"),
    item("b.y"),
  );
  assert.deepEqual(
    texts(snapshot(), to),
    ["make b(item:b.y)", "make a(link:a.to_b item:a.x)"]
      .map((text) => text.replace("link:a.to_b item:a.x", "item:a.x link:a.to_b")),
  );
});

test("links in a circle step out of their boxes", () => {
  const to = snapshot(box("a"), link("a.to_b", "box:b"), box("b"), link("b.to_a", "box:a"));
  assert.deepEqual(texts(snapshot(), to), ["make a()", "make b()", "link a.to_b", "link b.to_a"]);
});

test("boxes that link to each other are dropped after their links", () => {
  const from = snapshot(box("a"), link("a.to_b", "box:b"), box("b"), link("b.to_a", "box:a"));
  assert.deepEqual(texts(from, snapshot()), ["unlink a.to_b", "unlink b.to_a", "drop a", "drop b"]);
});

test("what looks at a replaced box goes and comes back", () => {
  const from = snapshot(box("a"), item("a.x"), lens("v", ["box:a"]), lens("w", ["lens:v"]));
  const to = snapshot(
    box("a", { shape: 2 }),
    item("a.x"),
    lens("v", ["box:a"]),
    lens("w", ["lens:v"]),
  );
  assert.deepEqual(texts(from, to), [
    "blind w",
    "blind v",
    "drop a",
    "make a(item:a.x)",
    "look v",
    "look w",
  ]);
});

test("what a replaced box holds goes aside before anything of it goes, and back before what comes after it", () => {
  const from = snapshot(
    box("a", { full: true, source: "box:b" }),
    item("a.x"),
    link("a.to_c", "box:c"),
    box("b"),
    box("c"),
  );
  const to = snapshot(
    box("a", { full: true, shape: 2, holder: "box:d" }),
    item("a.x"),
    link("a.to_c", "box:c"),
    box("c"),
    box("d", {}),
  );
  assert.deepEqual(texts(from, to), [
    "empty a",
    "drop a",
    "drop b",
    "make a(item:a.x)",
    "make d()",
    "fill a",
    "link a.to_c",
  ]);
});

test("what stands in the way of an alteration is rebuilt around it, with all that hangs on it", () => {
  const from = snapshot(
    box("a"),
    item("a.x", { type: 1 }),
    lens("v", ["item:a.x"]),
    lens("w", ["lens:v"]),
  );
  const to = snapshot(
    box("a"),
    item("a.x", { type: 2 }),
    lens("v", ["item:a.x"]),
    lens("w", ["lens:v"]),
  );
  assert.deepEqual(texts(from, to), ["blind w", "blind v", "retype a.x", "look v", "look w"]);
});

test("a name is free before something else takes it", () => {
  assert.deepEqual(texts(snapshot(box("a")), snapshot(lens("a", []))), ["drop a", "look a"]);
});

test("what a body mentions comes first", () => {
  const to = snapshot(lens("a", [], { body: "see z" }), lens("z", []));
  assert.deepEqual(texts(snapshot(), to), ["look z", "look a"]);
});

test("bodies that mention each other do not stop the plan", () => {
  const to = snapshot(lens("a", [], { body: "see z" }), lens("z", [], { body: "see a" }));
  assert.deepEqual(texts(snapshot(), to), ["look a", "look z"]);
});

test("nothing happens between equal snapshots, whatever the order of keys", () => {
  const from = snapshot(box("a", { p: 1, q: { r: [1], s: 2 } }));
  const to = snapshot(box("a", { q: { s: 2, r: [1] }, p: 1 }));
  assert.deepEqual(texts(from, to), []);
});

test("an object of an unknown kind opens a choice", () => {
  const stone: SchemaObject = { ...box("s"), id: "stone:s", kind: "stone" };
  const { statements, choices } = planWith(KINDS, snapshot(), snapshot(stone), HINTS);
  assert.deepEqual(statements, []);
  assert.deepEqual(choices.map((c) => [c.id, c.answer]), [["unsupported:stone:s", null]]);
});

test("a likely rename opens a choice, with the flags that answer it", () => {
  const from = snapshot(box("a"), item("a.x", { type: 1 }));
  const to = snapshot(box("a"), item("a.y", { type: 1 }));
  const { statements, choices } = renamesWith(KINDS, from, to, HINTS);
  assert.deepEqual(statements, []);
  assert.equal(choices[0]?.id, "rename:item:a.x");
  assert.deepEqual(
    choices.flatMap((choice) => choice.options.map((option) => optionFlag(choice, option))),
    [
      "--rename a.x=y",
      "--answer rename:item:a.x=drop",
    ],
  );
});

test("a stated rename is carried out, likely or not", () => {
  const from = snapshot(box("a"), item("a.x", { type: 1 }));
  const to = snapshot(box("a"), item("a.other", { type: 2 }));
  const renames = [{ kind: null, from: "a.x", to: "other", by: "flag" as const }];
  const plan = renamesWith(KINDS, from, to, { ...HINTS, renames });
  assert.deepEqual(plan.statements.map((s) => s.sql), ["rename a.x a.other"]);
  assert.deepEqual(plan.applied, [{ kind: "item", from: "a.x", to: "a.other", by: "flag" }]);
});

test("a rename that loses nothing is carried out without a question", () => {
  const from = snapshot(box("a"), link("a.l", "box:a"));
  const to = snapshot(box("a"), link("a.m", "box:a"));
  const plan = renamesWith(KINDS, from, to, HINTS);
  assert.deepEqual(plan.statements.map((s) => s.sql), ["rename a.l a.m"]);
});

test("a box with the same items under another name is likely renamed, one with others is not", () => {
  const from = snapshot(box("a"), item("a.x", { type: 1 }), item("a.y", { type: 1 }));
  const same = snapshot(box("b"), item("b.x", { type: 1 }), item("b.y", { type: 1 }));
  const other = snapshot(box("b"), item("b.p", { type: 1 }), item("b.q", { type: 1 }));
  assert.equal(renamesWith(KINDS, from, same, HINTS).choices.length, 1);
  assert.equal(renamesWith(KINDS, from, other, HINTS).choices.length, 0);
});

test("the description groups statements by their outermost object", () => {
  const to = snapshot(box("a"), link("a.to_b", "box:b"), box("b"), link("b.to_a", "box:a"));
  assert.deepEqual([...describeWith(KINDS, snapshot(), to)], [
    ["box:a", "make a();\nlink a.to_b;\n"],
    ["box:b", "make b();\nlink b.to_a;\n"],
  ]);
});

test("a thousand boxes in a chain are ordered", () => {
  const objects: SchemaObject[] = [];
  for (let at = 0; at < 1000; at++) {
    objects.push(box(`b${at}`), link(`b${at}.l`, `box:b${at + 1}`));
  }
  objects.push(box("b1000"));
  const made = texts(snapshot(), snapshot(...objects));
  assert.equal(made[0], "make b1000()");
  assert.equal(made.at(-1), "make b0(link:b0.l)");
});

function texts(from: Snapshot, to: Snapshot): readonly string[] {
  return planWith(KINDS, from, to, HINTS).statements.map((statement) => statement.sql);
}

function say(object: SchemaObject, sql: string): PlannedStatement {
  return {
    sql,
    serves: [object.id],
    reason: { action: "describe", text: "a test" },
    transactional: true,
  };
}

function snapshot(...objects: readonly SchemaObject[]): Snapshot {
  return {
    dialect: "test",
    version: "1",
    objects: new Map(objects.map((object) => [object.id, object])),
    unmodelled: [],
  };
}

function object(kind: string, name: string, more: Partial<SchemaObject>): SchemaObject {
  const base = { id: `${kind}:${name}`, kind, name, parent: null, facts: {}, dependsOn: [] };
  return { ...base, droppedWith: [], ...more };
}

function box(name: string, facts: Facts = {}): SchemaObject {
  return object("box", name, { facts });
}

function item(name: string, facts: Facts = {}): SchemaObject {
  const parent = `box:${name.split(".")[0]}`;
  return object("item", name, {
    parent,
    dependsOn: [parent],
    droppedWith: [parent],
    facts,
    position: 0,
  });
}

function link(name: string, target: string): SchemaObject {
  const parent = `box:${name.split(".")[0]}`;
  return object("link", name, { parent, dependsOn: [parent, target], droppedWith: [parent] });
}

function lens(name: string, needs: readonly string[], facts: Facts = {}): SchemaObject {
  return object("lens", name, { dependsOn: needs, facts });
}

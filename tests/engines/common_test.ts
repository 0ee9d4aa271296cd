import assert from "node:assert/strict";
import test from "node:test";
import { alterByFact, factsFrom, factsView, styleView } from "../../src/engines/common/facts.ts";
import { withoutIgnored } from "../../src/engines/common/ignore.ts";
import { ParseCache } from "../../src/engines/common/parse_cache.ts";
import { created, dropped, statement } from "../../src/engines/common/statement.ts";
import { tableChange } from "../../src/engines/common/table_change.ts";
import { tableMember } from "../../src/engines/common/table_member.ts";
import { temporaryName } from "../../src/engines/common/temporary_name.ts";
import { withoutCycles } from "../../src/engines/common/without_cycles.ts";
import type { ObjectKind } from "../../src/engines/object_kind.ts";
import { planWith } from "../../src/engines/planner/mod.ts";
import type { Facts, SchemaObject, Snapshot } from "../../src/core/snapshot.ts";

/** The facts of a dialect that has tables with columns and no more. */
interface TableFacts {
  readonly engine?: string;
}

interface ColumnFacts {
  readonly type: string;
  readonly not_null?: boolean;
}

interface TinyFacts {
  readonly table: TableFacts;
  readonly column: ColumnFacts;
}

const factsOf = factsView<TinyFacts>();
const styleOf = styleView<{ readonly table: Facts; readonly column: ColumnFacts }>();

function table(name: string, facts: Facts = {}): SchemaObject {
  const id = `table:${name}`;
  return { id, kind: "table", name, parent: null, facts, dependsOn: [], droppedWith: [] };
}

function column(name: string, facts: ColumnFacts, position = 0): SchemaObject {
  const parent = `table:${name.split(".")[0]}`;
  const own = { id: `column:${name}`, kind: "column", name, parent, position };
  return {
    ...own,
    facts: factsFrom<ColumnFacts>({ not_null: null, ...facts }),
    dependsOn: [parent],
    droppedWith: [parent],
  };
}

function snapshot(...objects: readonly SchemaObject[]): Snapshot {
  const entries = objects.map((object) => [object.id, object] as const);
  return { dialect: "tiny", version: "1", objects: new Map(entries), unmodelled: [] };
}

const lastPart = (object: SchemaObject) => object.name.split(".").at(-1) ?? "";

function definition(object: SchemaObject): string {
  const { type, not_null: notNull } = factsOf(object, "column");
  return `${lastPart(object)} ${type}${notNull === true ? " NOT NULL" : ""}`;
}

/** A dialect with one ALTER TABLE for all changes of a table. */
const KINDS: readonly ObjectKind[] = [
  {
    kind: "table",
    rank: 20,
    create: (object, members) => [
      statement(
        `CREATE TABLE ${object.name} (${members.map(definition).join(", ")})`,
        [object, ...members],
        created(object),
      ),
    ],
    drop: (object) => [statement(`DROP TABLE ${object.name}`, object, dropped(object))],
    alter: (change, context) => {
      const { columns, options } = tableChange(change, () => [], context);
      const { engine = "default" } = factsOf(change.after, "table");
      const parts = [
        ...columns.dropped.map((one) => `DROP COLUMN ${lastPart(one)}`),
        ...columns.added.map((one) => `ADD COLUMN ${definition(one)}`),
        ...columns.changed.map(({ after }) => `MODIFY COLUMN ${definition(after)}`),
        ...options ? [`ENGINE = ${engine}`] : [],
      ];
      const object = { kind: "table", name: change.after.name };
      return {
        statements: [
          statement(
            `ALTER TABLE ${change.after.name} ${parts.join(", ")}`,
            change.after,
            { action: "set", attribute: "definition", object },
          ),
        ],
      };
    },
  },
  { kind: "column", rank: 30, ...tableMember },
];

test("a dialect with one ALTER TABLE a table needs its words and no more", () => {
  const hints = {
    answers: new Map(),
    renames: [],
    dropAdd: false,
    strictOrder: false,
    deployedVersion: null,
  };
  const text = (from: Snapshot, to: Snapshot) =>
    planWith(KINDS, from, to, hints).statements.map(({ sql }) => sql);
  const before = snapshot(
    table("t"),
    column("t.a", { type: "int" }),
    column("t.b", { type: "int" }, 1),
  );
  const after = snapshot(
    table("t", { engine: "quick" }),
    column("t.b", { type: "text", not_null: true }),
    column("t.c", { type: "int" }, 1),
  );
  assert.deepEqual(text(snapshot(), before), ["CREATE TABLE t (a int, b int)"]);
  assert.deepEqual(text(before, after), [
    "ALTER TABLE t DROP COLUMN a, ADD COLUMN c int, MODIFY COLUMN b text NOT NULL, ENGINE = quick",
  ]);
  assert.deepEqual(text(before, snapshot()), ["DROP TABLE t"]);
});

test("facts that do not hold are left out, and an object is read by its own kind only", () => {
  const one = column("t.a", { type: "int" });
  assert.deepEqual(one.facts, { type: "int" });
  assert.equal(factsOf(one, "column").type, "int");
  assert.deepEqual(styleOf(one, "column"), {});
  assert.throws(() => factsOf(one, "table"), /Cannot read column:t\.a as a table/);
});

test("an alteration goes fact by fact: once for what handles several, and replacing wins", () => {
  const [before, after] = [column("t.a", { type: "int" }), column("t.a", { type: "text" })];
  const calls: string[] = [];
  const both = () => {
    calls.push("both");
    return { statements: [], alsoDrops: ["x"] };
  };
  const other = () => ({ statements: [], alsoDrops: ["x", "y"], recreates: ["z"] });
  interface Three {
    readonly a: string;
    readonly b: string;
    readonly c?: string;
    readonly d?: string;
  }
  const alter = alterByFact<Three>({ a: both, b: both, c: other, d: "replace" });
  const change = { op: "alter", kind: "column", id: before.id, before, after } as const;
  const context = {} as Parameters<typeof alter>[1];
  assert.deepEqual(alter({ ...change, facts: ["a", "b"] }, context), {
    statements: [],
    alsoDrops: ["x"],
  });
  assert.deepEqual(calls, ["both"]);
  const merged = alter({ ...change, facts: ["a", "c"] }, context);
  assert.ok(merged !== "replace");
  assert.deepEqual([merged.alsoDrops, merged.recreates], [["x", "y"], ["z"]]);
  assert.equal(alter({ ...change, facts: ["a", "d"] }, context), "replace");
  assert.throws(() => alter({ ...change, facts: ["e"] }, context), /Cannot alter e of a column/);
});

test("ignored objects take along what is dropped with them, and leave what only depends on them", () => {
  const view: SchemaObject = {
    ...table("v"),
    id: "view:v",
    kind: "view",
    dependsOn: ["table:t", "table:u"],
  };
  const left = withoutIgnored(
    [table("t"), column("t.a", { type: "int" }), table("u"), view],
    ({ name }) => name === "t",
  );
  assert.deepEqual(left.map(({ id, dependsOn }) => [id, ...dependsOn]), [
    ["table:u"],
    ["view:v", "table:u"],
  ]);
});

test("what was read is read once, and what is made of it is made once", () => {
  let reads = 0;
  const cache = new ParseCache<{ readonly text: string }, readonly string[]>(2);
  const read = (key: string) => cache.read(key, () => ({ text: `${key}${++reads}` }));
  const one = read("a");
  assert.equal(read("a"), one);
  assert.equal(cache.made(one, "x", () => ["x"]), cache.made(one, "x", () => ["y"]));
  read("b");
  read("c");
  assert.notEqual(read("a"), one);
});

test("a temporary name is a free one", () => {
  const taken = new Set(["_aim_new_t", "_aim_new_t_2"]);
  assert.equal(temporaryName("new", "t", (name) => taken.has(name)), "_aim_new_t_3");
});

test("tables that depend on each other lose as few dependencies as make an order", () => {
  const refers = (name: string, other: string): SchemaObject => ({
    ...table(name),
    dependsOn: [`table:${other}`],
  });
  const objects = withoutCycles(
    [refers("a", "b"), refers("b", "a"), refers("c", "a")],
    new Set(["table"]),
  );
  assert.deepEqual(objects.map(({ dependsOn }) => dependsOn.length), [1, 0, 1]);
});

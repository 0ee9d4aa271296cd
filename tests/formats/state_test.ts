/** What tools keep beside their migrations, as aim writes it. The tools themselves: tests/orm/whole_way_test.ts. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Draft } from "../../src/core/plan.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import { rebaseFiles, withoutMigrations } from "../../src/formats/rebase.ts";
import { formatNamed } from "../../src/formats/mod.ts";
import { programTexts } from "../../src/formats/program_texts.ts";
import type { SourceFile } from "../../src/formats/format.ts";

const options = { dialect: "postgres", lexicon: lexiconOf("postgres") };

function draft(sql: readonly string[], isApart = false): Draft {
  const up = sql.map((sql) => ({
    sql,
    serves: ["table:t"],
    reason: { action: "describe", text: "a" } as const,
    transactional: !isApart || !sql.includes("CONCURRENTLY"),
  }));
  return { author: "planner", name: "a", up, down: [], reversible: "none", notes: [] };
}

async function written(
  name: string,
  state: string,
  { existing = [], one = draft(["SELECT 1"]) }: {
    readonly existing?: readonly SourceFile[];
    readonly one?: Draft;
  } = {},
): Promise<readonly SourceFile[]> {
  const format = await formatNamed(name);
  const input = { draft: one, header: [], ...options, state, folder: "shop/migrations" };
  const made = format.render(input, existing, new Date("2031-02-03T04:05:06Z"));
  const paths = new Set(made.map(({ path }) => path));
  return [...existing.filter(({ path }) => !paths.has(path)), ...made];
}

const BEGINNING = "00000000-0000-0000-0000-000000000000";
const OLD = JSON.stringify({ id: "x", prevId: BEGINNING, version: "7", tables: {} });
const NEW = JSON.stringify({ version: "8", id: "x", prevIds: [BEGINNING], ddl: [], renames: [] });

function at(files: readonly SourceFile[], path: string) {
  const text = files.find((file) => file.path === path)?.text;
  assert.ok(text, `${path} is not among ${files.map((file) => file.path).join()}`);
  return JSON.parse(text);
}

test("snapshots of Drizzle stand behind each other, and go with their migrations", async () => {
  const first = await written("drizzle", OLD);
  const one = at(first, "meta/0000_snapshot.json");
  assert.equal(one.prevId, BEGINNING);
  assert.match(one.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  const second = await written("drizzle", OLD, { existing: first });
  const two = at(second, "meta/0001_snapshot.json");
  assert.equal(two.prevId, one.id);
  assert.notEqual(two.id, one.id);
  const format = await formatNamed("drizzle");
  const last = format.parse(second, options).migrations.slice(-1);
  assert.deepEqual(
    withoutMigrations(format, second, last).map(({ path, text }) => [path, text.trim()]).sort(),
    first.map(({ path, text }) => [path, text.trim()]).sort(),
  );
});

test("a snapshot of Drizzle since 1.0 makes folders, and joins branches", async () => {
  const first = await written("drizzle", NEW);
  assert.deepEqual(first.map(({ path }) => path), [
    "20310203040506_a/migration.sql",
    "20310203040506_a/snapshot.json",
  ]);
  const { id, prevIds } = at(first, "20310203040506_a/snapshot.json");
  assert.deepEqual(prevIds, [BEGINNING]);
  const branch = [
    { path: "20310203040507_b/migration.sql", text: "SELECT 1;" },
    { path: "20310203040507_b/snapshot.json", text: JSON.stringify({ id: "b", prevIds, ddl: [] }) },
  ];
  const third = await written("drizzle", NEW, { existing: [...first, ...branch] });
  assert.deepEqual(at(third, "20310203040508_a/snapshot.json").prevIds, [id, "b"]);
});

test("a snapshot of another layout than the folder's is refused", async () => {
  const existing = await written("drizzle", OLD);
  await assert.rejects(() => written("drizzle", NEW, { existing }), /another layout/);
});

test("MikroORM's snapshot is one file, which the next migration changes, whatever it is called there", async () => {
  const said = (tables: readonly string[], file: string | null = ".snapshot-shop.json") =>
    JSON.stringify({ file, snapshot: { tables, name: "public" } });
  const names = (files: readonly SourceFile[]) => files.map(({ path }) => path);
  const first = await written("mikroorm", said(["a"]));
  assert.deepEqual(names(first), ["Migration20310203040506_a.ts", ".snapshot-shop.json"]);
  const second = await written("mikroorm", said(["a", "b"], ".snapshot-other.json"), {
    existing: first,
  });
  assert.deepEqual(names(second), [
    "Migration20310203040506_a.ts",
    "Migration20310203040507_a.ts",
    ".snapshot-shop.json",
  ]);
  assert.deepEqual(at(second, ".snapshot-shop.json"), { tables: ["a", "b"], name: "public" });
  assert.equal(second.at(-1)?.replaces, first.at(-1)?.text);
  const format = await formatNamed("mikroorm");
  assert.deepEqual(second.map(({ path }) => format.wants(path)), [true, true, true]);
  assert.equal(format.parse(second, options).migrations.length, 2);
  const two = [...first, { path: ".snapshot-b.json", text: "{}" }];
  const third = await written("mikroorm", said(["a"], ".snapshot-c.json"), { existing: two });
  assert.equal(third.at(-1)?.path, ".snapshot-c.json", "of several none is taken by chance");
  const unnamed = await written("mikroorm", said(["b"], null), { existing: first });
  assert.deepEqual(at(unnamed, ".snapshot-shop.json").tables, ["b"]);
  assert.deepEqual(names(await written("mikroorm", said(["a"], "../a.json"))), [
    "Migration20310203040506_a.ts",
  ]);
});

test("a rebase leaves MikroORM's snapshot as it is here", async () => {
  const format = await formatNamed("mikroorm");
  const state = (tables: readonly string[]) =>
    JSON.stringify({ file: ".snapshot-shop.json", snapshot: { tables } });
  const theirs = await written("mikroorm", state(["theirs"]));
  const ours = [
    { path: "Migration20310203040505_b.ts", text: theirs[0]?.text ?? "" },
    { path: ".snapshot-shop.json", text: '{"tables":["both"]}' },
  ];
  const own = format.parse(ours, options).migrations;
  const now = new Date("2031-02-03T04:05:06Z");
  const { files, moved } = rebaseFiles(format, { ours, theirs, own }, { ...options, now });
  assert.equal(moved.size, 1);
  assert.deepEqual(at(files, ".snapshot-shop.json"), { tables: ["both"] });
});

test("Django's operations on models stand in the last of several migrations, with what they need", async () => {
  const state = JSON.stringify({
    app: "shop",
    imports: ["from django.db import models", "from django.conf import settings"],
    dependencies: ["migrations.swappable_dependency(settings.AUTH_USER_MODEL)", "('auth', '0001')"],
    operations: ["migrations.AddField(\n    model_name='a',\n    name='b',\n)"],
    unsaid: [],
  });
  const one = draft(["SELECT 1", "CREATE INDEX CONCURRENTLY i ON t (a)"], true);
  const files = await written("django", state, { one });
  assert.equal(files.length, 2);
  const [before, last] = files.map(({ text }) => text);
  assert.doesNotMatch(before ?? "", /state_operations/);
  assert.match(
    last ?? "",
    /^from django\.conf import settings\nfrom django\.db import migrations, models\n/,
  );
  assert.match(
    last ?? "",
    /state_operations=\[\n {16}migrations\.AddField\(\n {20}model_name='a',/,
  );
  assert.match(last ?? "", /\("shop", "0001_a_1"\),\n {8}migrations\.swappable_dependency\(/);
  const { migrations } = (await formatNamed("django")).parse(files, options);
  assert.deepEqual(migrations.map(({ name }) => name), ["a_1", "a_2"]);
  assert.match(migrations[1]?.up.text ?? "", /CREATE INDEX CONCURRENTLY i ON t \(a\)/);
});

test("extensions that programs make are known beforehand", () => {
  const texts = (path: string, text: string) => programTexts({ path, text });
  assert.deepEqual(
    texts("a.py", "# extension\nop.execute('CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"')\n"),
    ['CREATE EXTENSION IF NOT EXISTS "uuid-ossp"'],
  );
  assert.deepEqual(
    texts("0001_a.py", "operations = [TrigramExtension(), CreateExtension(name='x')]"),
    [
      'CREATE EXTENSION "pg_trgm"',
      'CREATE EXTENSION "x"',
      "x",
    ],
  );
  assert.deepEqual(texts("1_a.rb", 'enable_extension "citext"\n'), [
    'CREATE EXTENSION "citext"',
    "citext",
  ]);
  assert.deepEqual(texts("1_a.js", "knex.raw(`SELECT 1`)"), []);
  assert.deepEqual(texts("1_a.sql", "CREATE EXTENSION citext;"), ["CREATE EXTENSION citext;"]);
});

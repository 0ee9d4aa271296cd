import assert from "node:assert/strict";
import test from "node:test";
import { migrationName, slugOf } from "../../src/pipeline/plan/migration_name.ts";
import type { Change } from "../../src/core/change.ts";
import type { SchemaObject } from "../../src/core/snapshot.ts";

const CASES: readonly { readonly changes: readonly Change[]; readonly name: string }[] = [
  { changes: [make("column", "public.users.email")], name: "add_email_to_users" },
  {
    changes: [make("column", "public.users.email"), make("column", "public.users.phone")],
    name: "add_email_and_phone_to_users",
  },
  { changes: [drop("column", "users.email")], name: "drop_email_from_users" },
  { changes: [make("table", "public.users")], name: "create_users" },
  { changes: [make("table", "users"), make("column", "users.id")], name: "create_users" },
  { changes: [drop("view", "public.totals")], name: "drop_view_totals" },
  { changes: [make("function", "public.add(integer, integer)")], name: "create_function_add" },
  {
    changes: [make("table", "a"), drop("table", "b")],
    name: "create_a_and_drop_b",
  },
  {
    changes: ["a", "b", "c", "d"].map((name) => make("table", name)),
    name: "create_a",
  },
  { changes: [make("default", "public.t.m")], name: "add_default_m_to_t" },
  { changes: [make("column", 'public.Odd "T".Größe')], name: "add_gro_e_to_odd_t" },
];

for (const { changes, name } of CASES) {
  test(`${changes.map((c) => `${c.op} ${c.id}`).join(", ")} is called ${name}`, () => {
    assert.equal(migrationName(changes, []), name);
  });
}

test("a rename gives the name", () => {
  const renames = [{
    kind: "column",
    from: "public.users.fullname",
    to: "public.users.name",
    by: "flag" as const,
  }];
  assert.equal(migrationName([], renames), "rename_fullname_to_name");
  const moved = { kind: "table", from: "public.users", to: "app.users", by: "flag" as const };
  assert.equal(
    migrationName([make("view", "v")], [moved]),
    "move_users_to_app_and_create_view_v",
  );
});

test("a rename that goes along gives the name only where it is all there is", () => {
  const along = { kind: "index", from: "public.a_i", to: "public.b_i", by: "policy" as const };
  assert.equal(migrationName([], [along]), "rename_a_i_to_b_i");
  assert.equal(migrationName([make("table", "t")], [along]), "create_t");
});

test("a name is never longer than runners and people like", () => {
  const long = "x".repeat(50);
  assert.ok(
    migrationName([make("column", `t.${long}`), make("column", `t.y${long}`)], []).length <= 50,
  );
});

for (
  const [name, slug] of [
    ["Add Email!", "add_email"],
    ["  add-email to users ", "add_email_to_users"],
    ["Größe", "größe"],
    ["../../etc/passwd", "etc_passwd"],
    ["a\u001b[31mb", "a_31mb"],
    ["", null],
    ["!?", null],
    ["x".repeat(101), null],
  ] as const
) {
  test(`--name ${JSON.stringify(name)} gives ${slug}`, () => assert.equal(slugOf(name), slug));
}

function make(kind: string, name: string): Change {
  const after = object(kind, name);
  return { op: "create", kind, id: after.id, after };
}

function drop(kind: string, name: string): Change {
  const before = object(kind, name);
  return { op: "drop", kind, id: before.id, before };
}

function object(kind: string, name: string): SchemaObject {
  const home = name.split(".").slice(0, -1).join(".");
  const parent = kind === "column" ? `table:${home}` : kind === "default" ? `column:${name}` : null;
  return { id: `${kind}:${name}`, kind, name, parent, facts: {}, dependsOn: [], droppedWith: [] };
}

import assert from "node:assert/strict";
import test from "node:test";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { sqlite } from "../../src/engines/sqlite/mod.ts";
import { UsageError } from "../../src/core/error.ts";
import { annotatedRenames } from "../../src/pipeline/plan/annotations.ts";

const CASES: readonly {
  readonly name: string;
  readonly sql: string;
  readonly renames: string[];
}[] = [
  {
    name: "a column, at the end of its line",
    sql: "CREATE TABLE users (\n  id int,\n  name text, -- @renamed from=fullname\n  age int\n);",
    renames: ["column users.fullname=users.name"],
  },
  {
    name: "a column, on the line before",
    sql: "CREATE TABLE users (\n  id int,\n  -- atlas:renamed_from fullname\n\n  name text\n);",
    renames: ["column users.fullname=users.name"],
  },
  {
    name: "a table, at the line of its CREATE",
    sql: "CREATE TABLE users ( -- @renamed from=people\n  id int\n);",
    renames: ["table people=users"],
  },
  {
    name: "a table, on the line before, in a schema",
    sql: "-- @renamed from=people\nCREATE TABLE app.users (id int);",
    renames: ["table app.people=app.users"],
  },
  {
    name: "quoted names",
    sql: 'CREATE TABLE "Users" (\n  "full Name" text -- @renamed from="Full name"\n);',
    renames: ["column Users.Full name=Users.full Name"],
  },
  {
    name: "a constraint",
    sql: "CREATE TABLE t (\n  a int,\n  CONSTRAINT a_new UNIQUE (a) -- @renamed from=a_old\n);",
    renames: ["constraint t.a_old=t.a_new"],
  },
  {
    name: "an index",
    sql: "CREATE INDEX new_idx ON t (a); -- @renamed from=old_idx\n",
    renames: ["* old_idx=new_idx"],
  },
];

for (const { name, sql, renames } of CASES) {
  test(`an annotation names ${name}`, () => {
    for (const engine of [postgres, sqlite]) {
      const found = annotatedRenames(engine, [{ path: "schema.sql", text: sql }]);
      const told = found.map(({ kind, from, to }) => `${kind ?? "*"} ${from}=${to}`);
      assert.deepEqual(told, renames);
    }
  });
}

test("an annotation speaks of the member that its line is a part of", () => {
  const text = `CREATE TABLE t (
  a int
    NOT NULL, -- @renamed from=b
  c text DEFAULT '-- @renamed from=nothing',
  d numeric(
    10, 2
  ) -- @renamed from=e
); -- @renamed from=s
`;
  const found = annotatedRenames(postgres, [{ path: "schema.sql", text }]);
  assert.deepEqual(found.map(({ kind, from, to }) => `${kind} ${from}=${to}`), [
    "column t.b=t.a",
    "column t.e=t.d",
    "table s=t",
  ]);
});

test("names without quotes are those of the catalog", () => {
  const text =
    "CREATE TABLE Users ( -- @renamed from=People\n  Name text -- @renamed from=FullName\n);";
  const told = (engine: typeof postgres) =>
    annotatedRenames(engine, [{ path: "schema.sql", text }]).map(({ from, to }) => `${from}=${to}`);
  assert.deepEqual(told(postgres), ["people=users", "users.fullname=users.name"]);
  assert.deepEqual(told(sqlite), ["People=Users", "Users.FullName=Users.Name"]);
});

test("an annotation names a value of an enumeration", () => {
  const text = "CREATE TYPE mood AS ENUM (\n  'glad', -- @renamed from='happy'\n  'sad'\n);";
  const found = annotatedRenames(postgres, [{ path: "schema.sql", text }]);
  assert.deepEqual(
    found.map(({ kind, from, to }) => [kind, from, to]),
    [["enum value", "mood.happy", "glad"]],
  );
});

test("an annotation that stands at nothing is an error with its place", () => {
  const text = "CREATE TABLE t (id int);\n\n-- @renamed from=old\n";
  assert.throws(
    () => annotatedRenames(postgres, [{ path: "schema.sql", text }]),
    (error) => error instanceof UsageError && error.place?.line === 3 && error.place.column === 1,
  );
});

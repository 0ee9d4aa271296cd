import assert from "node:assert/strict";
import test from "node:test";
import { engineNamed } from "../../src/engines/mod.ts";

/** A statement with a mark at the place, and what is defined there: kind, what it is in, name. */
const CASES: readonly (readonly [
  dialect: string,
  sql: string,
  definition: readonly [string | null, string, string] | null,
])[] = [
  ["postgres", "CREATE |TABLE App.Users (Id int)", ["table", "app", "users"]],
  ["postgres", 'CREATE TABLE "App"."Us""ers" (|Id int)', ["column", 'App."Us""ers"', "id"]],
  ["sqlite", "CREATE TABLE Users (Id int, |[First Name] text)", ["column", "Users", "First Name"]],
  ["postgres", "CREATE TABLE t (a int CHECK (a > 1, 2|), b int)", ["column", "t", "a"]],
  ["postgres", "CREATE TABLE t (a int, /* ( */ CONSTRAINT |C CHECK (a > 1))", [
    "constraint",
    "t",
    "c",
  ]],
  ["postgres", "CREATE TABLE t (a int, |UNIQUE (a))", null],
  ["postgres", "CREATE TABLE t (a int|)", ["table", "", "t"]],
  ["postgres", "CREATE TYPE Mood AS ENUM ('Glad', |'it''s')", ["enum value", "mood", "it's"]],
  ["postgres", "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS |I ON t (a)", [null, "", "i"]],
  ["postgres", "CREATE MATERIALIZED VIEW v AS SELECT (|1)", [null, "", "v"]],
  ["postgres", "CREATE FOREIGN TABLE f (|a int) SERVER s", [null, "", "f"]],
  ["sqlite", "CREATE VIRTUAL TABLE f USING fts5(|a)", ["column", "f", "a"]],
  ["postgres", "ALTER TABLE t |ADD a int", null],
];

for (const [dialect, marked, expected] of CASES) {
  test(`${dialect} defines something at ${marked}`, async () => {
    const at = marked.indexOf("|");
    const sql = marked.slice(0, at) + marked.slice(at + 1);
    const found = (await engineNamed(dialect)).engine.definitionAt(sql, at);
    assert.deepEqual(found === null ? null : [found.kind, found.parent, found.name], expected);
  });
}

/** Copies of rows that a draft makes: what takes the place of a table has all of its rows, whatever condition would say so to nobody. */

import assert from "node:assert/strict";
import test from "node:test";
import { lexiconOf } from "../../src/engines/all.ts";
import { policyFor } from "../../src/models/policy/mod.ts";
import type { Allowance, RowAllowance } from "../../src/models/policy/policy.ts";

/** `users` loses `age` and gets `years`; `old` goes, `fresh` comes. */
function allowance(more: Partial<RowAllowance> = {}): Allowance {
  const tables = ["users", "old", "fresh"];
  return {
    kinds: new Set(["table", "column"]),
    facts: new Set(),
    ids: new Set(tables.map((name) => `table:${name}`)),
    tables: new Set(tables),
    after: new Set(),
    rows: {
      columns: new Set(["users.age", "users.years", "fresh.id", "fresh.name"]),
      constrained: new Set(),
      moves: true,
      stated: new Set(),
      isReturn: false,
      ...more,
    },
  };
}

const MADE = "CREATE TABLE users2 (id integer, name text, years text)";
const SWAPPED = ["DROP TABLE users", "ALTER TABLE users2 RENAME TO users"];
const swap = (...copies: readonly string[]) => [MADE, ...copies, ...SWAPPED];
const SOME = /some rows of users, which no change implies/;
const NAME = /no change touches the column name of table users/;

interface Case {
  readonly sql: readonly string[];
  /** Why it is refused; absent for what may run. */
  readonly says?: RegExp;
  /** The refused statement, from 1. */
  readonly at?: number;
  readonly rows?: Partial<RowAllowance>;
  readonly only?: "postgres" | "sqlite";
}

const CASES: Readonly<Record<string, Case>> = {
  "a plain copy": { sql: swap("INSERT INTO users2 SELECT id, name, CAST(age AS text) FROM users") },
  "a copy that names its columns": {
    sql: swap("INSERT INTO users2 (years, id, name) SELECT age || '', id, users.name FROM users"),
  },
  "a copy with a left join for a new column": {
    sql: swap("INSERT INTO users2 SELECT users.id, name, o.y FROM users LEFT JOIN o ON o.id = 3"),
  },
  "a copy of a copy": {
    sql: [
      "CREATE TABLE kept AS SELECT * FROM users",
      "DROP TABLE users",
      "CREATE TABLE users (id integer, name text, years text)",
      "INSERT INTO users SELECT id, name, age FROM kept",
      "DROP TABLE kept",
    ],
  },
  "rows of a table that goes, some here and some there, when it is said": {
    sql: [
      "CREATE TABLE fresh (id integer, name text)",
      "INSERT INTO fresh SELECT id, name FROM old WHERE id > 3",
      "DROP TABLE old",
    ],
    rows: { stated: new Set([3]) },
  },
  "the same in DOWN, where the rows that come back are counted": {
    sql: [
      "CREATE TABLE fresh (id integer, name text)",
      "INSERT INTO fresh SELECT id, name FROM old WHERE id > 3",
      "DROP TABLE old",
    ],
    rows: { isReturn: true },
  },
  "the same and nobody says it": {
    sql: [
      "CREATE TABLE fresh (id integer, name text)",
      "INSERT INTO fresh SELECT id, name FROM old WHERE length(name) % 7 = 3",
      "DROP TABLE old",
    ],
    says: /some rows of old, and no warning says so/,
    at: 2,
  },
  "rows that a new key cannot have, when it is said": {
    sql: swap("INSERT INTO users2 SELECT min(id), name, max(age) FROM users GROUP BY name"),
    rows: {
      stated: new Set([2]),
      constrained: new Set(["users"]),
      columns: new Set(["users.id", "users.age", "users.years"]),
    },
  },
  "rows that a new key cannot have, and nobody says it": {
    sql: swap("INSERT INTO users2 SELECT DISTINCT id, name, age FROM users"),
    rows: { constrained: new Set(["users"]) },
    says: /some rows of users, and no warning says so/,
    at: 2,
  },
  "a condition": {
    sql: swap("INSERT INTO users2 SELECT id, name, age FROM users WHERE length(name) % 7 <> 3"),
    says: SOME,
    at: 2,
  },
  "a condition and a statement that data is lost, which no change implies": {
    sql: swap("INSERT INTO users2 SELECT id, name, age FROM users WHERE length(name) % 7 <> 3"),
    rows: { stated: new Set([2]) },
    says: SOME,
  },
  "a limit": {
    sql: swap("INSERT INTO users2 SELECT id, name, age FROM users LIMIT 100000"),
    says: SOME,
  },
  "an offset": {
    sql: swap("INSERT INTO users2 SELECT id, name, age FROM users LIMIT -1 OFFSET 900"),
    says: SOME,
    only: "sqlite",
  },
  "a join": {
    sql: swap("INSERT INTO users2 SELECT users.id, name, age FROM users JOIN o ON o.id > 1"),
    says: SOME,
  },
  "two tables": {
    sql: swap("INSERT INTO users2 SELECT users.id, name, age FROM users, o"),
    says: SOME,
  },
  "a subquery": {
    sql: swap("INSERT INTO users2 SELECT id, name, age FROM (SELECT * FROM users WHERE id > 1) x"),
    says: SOME,
  },
  "a WITH in front": {
    sql: swap("WITH u AS (SELECT * FROM users WHERE id > 1) INSERT INTO users2 SELECT * FROM u"),
    says: SOME,
  },
  "a view of the draft's own": {
    sql: [
      "CREATE VIEW v AS SELECT * FROM users WHERE id > 1",
      ...swap("INSERT INTO users2 SELECT id, name, age FROM v"),
    ],
    says: SOME,
    at: 3,
  },
  "a view of the schema": {
    sql: swap("INSERT INTO users2 SELECT id, name, age FROM active_users"),
    says: SOME,
  },
  "a set operation": {
    sql: swap("INSERT INTO users2 SELECT id, name, age FROM users EXCEPT SELECT 1, 'me', 2"),
    says: SOME,
  },
  "a table that is made from a query": {
    sql: ["CREATE TABLE users2 AS SELECT * FROM users WHERE length(name) % 7 <> 3", ...SWAPPED],
    says: SOME,
    at: 1,
  },
  "a copy of some, and a whole copy of that": {
    sql: [
      "CREATE TABLE kept AS SELECT * FROM users WHERE length(name) % 7 <> 3",
      "DROP TABLE users",
      "CREATE TABLE users (id integer, name text, years text)",
      "INSERT INTO users SELECT id, name, age FROM kept",
    ],
    says: SOME,
    at: 1,
  },
  "a whole copy that is thrown away, and a copy of some": {
    sql: [
      "CREATE TABLE kept AS SELECT * FROM users",
      MADE,
      "INSERT INTO users2 SELECT id, name, age FROM users WHERE length(name) % 7 <> 3",
      "DROP TABLE kept",
      ...SWAPPED,
    ],
    says: SOME,
    at: 3,
  },
  "the old table under another name": {
    sql: [
      "ALTER TABLE users RENAME TO before",
      "CREATE TABLE users (id integer, name text, years text)",
      "INSERT INTO users SELECT id, name, age FROM before WHERE length(name) % 7 <> 3",
      "DROP TABLE before",
    ],
    says: SOME,
    at: 3,
  },
  "rows that do not fit are passed over": {
    sql: swap("INSERT OR IGNORE INTO users2 SELECT id, name, age FROM users"),
    says: SOME,
    only: "sqlite",
  },
  "rows that do not fit are passed over by ON CONFLICT": {
    sql: swap("INSERT INTO users2 SELECT id, name, age FROM users ON CONFLICT DO NOTHING"),
    says: SOME,
    only: "postgres",
  },
  "a sample": {
    sql: swap("INSERT INTO users2 SELECT id, name, age FROM users TABLESAMPLE system (99)"),
    says: SOME,
    only: "postgres",
  },
  "a MERGE": {
    sql: swap(
      "MERGE INTO users2 USING users ON false WHEN NOT MATCHED AND length(name) % 7 <> 3 THEN INSERT (id, name) VALUES (users.id, name)",
    ),
    says: SOME,
    only: "postgres",
  },
  "a function": {
    sql: swap("INSERT INTO users2 SELECT * FROM active_users()"),
    says: SOME,
    only: "postgres",
  },
  "values that are computed for a table that is made like another": {
    sql: [
      "CREATE TABLE users2 (LIKE users INCLUDING ALL)",
      "INSERT INTO users2 SELECT id, CASE WHEN length(name) % 7 = 3 THEN 'me' END, age FROM users",
      ...SWAPPED,
    ],
    says: /name the columns of users2/,
    only: "postgres",
  },
  "rows in a grammar that the parser does not know": {
    sql: swap("INSERT INTO users2 SELECT id, name, age FROM users WHERE WHERE id > 1"),
    says: /cannot be read: /,
    at: 2,
  },
  "rows of the copy that are deleted": {
    sql: swap(
      "INSERT INTO users2 SELECT id, name, age FROM users",
      "DELETE FROM users2 WHERE length(name) % 7 = 3",
    ),
    says: /deletes rows of users2, which no change implies/,
    at: 3,
  },
  "values of the copy that are set": {
    sql: swap(
      "INSERT INTO users2 SELECT id, name, age FROM users",
      "UPDATE users2 SET name = 'me' WHERE length(name) % 7 = 3",
    ),
    says: NAME,
    at: 3,
  },
  "values that are computed on the way": {
    sql: swap(
      "INSERT INTO users2 SELECT id, CASE WHEN length(name) % 7 = 3 THEN 'me' ELSE name END, age FROM users",
    ),
    says: NAME,
    at: 2,
  },
  "values that are computed on the way under their own names": {
    sql: swap(
      "INSERT INTO users2 (years, name, id) SELECT age, coalesce(nullif(name, 'boss'), 'me'), id FROM users",
    ),
    says: NAME,
  },
  "values that are computed where the table is made": {
    sql: [
      "CREATE TABLE users2 AS SELECT id, replace(name, 'a', 'b') AS name, age AS years FROM users",
      ...SWAPPED,
    ],
    says: NAME,
    at: 1,
  },
  "values that are computed on the way to the same type": {
    sql: [
      "ALTER TABLE users ALTER COLUMN name TYPE text USING CASE WHEN id % 7 = 3 THEN 'me' ELSE name END",
    ],
    says: /no change touches the column name/,
    only: "postgres",
  },
  "a type on the way and back": {
    sql: [
      "ALTER TABLE users ALTER COLUMN name TYPE varchar USING name::varchar",
      "ALTER TABLE users ALTER COLUMN name TYPE text",
    ],
    only: "postgres",
  },
};

for (const dialect of ["postgres", "sqlite"] as const) {
  const policy = await policyFor(dialect, lexiconOf(dialect));
  for (const [name, { sql, says, at, rows, only }] of Object.entries(CASES)) {
    if (only !== undefined && only !== dialect) continue;
    test(`${dialect}: ${name} ${says === undefined ? "may run" : "is refused"}`, () => {
      const verdict = policy.statements(sql, allowance(rows));
      if (says === undefined) return assert.equal(verdict, null);
      assert.match(verdict?.reason ?? "nothing", says);
      if (at !== undefined) assert.equal(verdict?.statement, at);
    });
  }
}

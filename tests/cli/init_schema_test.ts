/** `aim init` beside migrations: schema.sql says what they leave, and is in sync at once. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";

interface History {
  readonly title: string;
  readonly engine: "postgres" | "sqlite";
  readonly files: Readonly<Record<string, string>>;
  /** What schema.sql holds, in this order. */
  readonly holds: readonly string[];
  readonly holdsNot?: readonly RegExp[];
}

const HISTORIES: readonly History[] = [
  {
    title: "a table that grew has its columns and constraints in it, its index behind it",
    engine: "postgres",
    files: {
      "migrations/000001_a.up.sql":
        "CREATE TABLE shelf (id int PRIMARY KEY);\nCREATE TABLE room (id int PRIMARY KEY);\n",
      "migrations/000002_b.up.sql":
        "ALTER TABLE shelf ADD COLUMN room_id int NOT NULL REFERENCES room(id);\nCREATE INDEX shelf_room ON shelf (room_id);\nCOMMENT ON TABLE shelf IS 'of wood';\n",
    },
    holds: [
      "CREATE TABLE room (id int PRIMARY KEY);\n\nCREATE TABLE shelf (\n  id integer PRIMARY KEY,\n  room_id integer NOT NULL REFERENCES room(id)\n);\n",
      "COMMENT ON TABLE shelf IS 'of wood';\n",
      "CREATE INDEX shelf_room ON shelf (room_id);\n",
    ],
    holdsNot: [/ALTER TABLE/],
  },
  {
    title: "views, functions and triggers are in the author's words, the last ones",
    engine: "postgres",
    files: {
      "migrations/20240101000000_a.sql": [
        "-- +goose Up",
        "CREATE TABLE job (id int PRIMARY KEY, name text);",
        "CREATE VIEW open_job AS SELECT 1 AS one;",
        "-- +goose StatementBegin",
        "CREATE FUNCTION touch() RETURNS trigger AS $$",
        "begin  -- as it was",
        "  return new;",
        "end $$ language plpgsql;",
        "-- +goose StatementEnd",
        "CREATE TRIGGER job_touch before update on job for each row execute function touch();",
        "-- +goose Down",
        "DROP TABLE job;",
      ].join("\n") + "\n",
      "migrations/20240102000000_b.sql": [
        "-- +goose Up",
        "DROP VIEW open_job;",
        "CREATE VIEW open_job AS",
        "  select id, name from job where name is not null;",
      ].join("\n") + "\n",
    },
    holds: [
      "CREATE FUNCTION touch() RETURNS trigger AS $$\nbegin  -- as it was\n  return new;\nend $$ language plpgsql;",
      "CREATE VIEW open_job AS\n  select id, name from job where name is not null;",
    ],
    holdsNot: [/AS one/],
  },
  {
    title: "a view whose table was renamed since is not in words that no longer hold",
    engine: "postgres",
    files: {
      "migrations/000001_a.up.sql":
        "CREATE TABLE people (id int PRIMARY KEY);\nCREATE VIEW everybody AS SELECT id FROM people;\n",
      "migrations/000002_b.up.sql": "ALTER TABLE people RENAME TO person;\n",
    },
    holds: ["CREATE TABLE person (", "FROM person"],
    holdsNot: [/people[^_]/],
  },
  {
    title: "tables that refer to each other, functions that need tables, other schemas",
    engine: "postgres",
    files: {
      "migrations/V1__a.sql":
        "CREATE SCHEMA app;\nCREATE TABLE app.a (id int PRIMARY KEY, b int);\nCREATE TABLE app.b (id int PRIMARY KEY, a int REFERENCES app.a);\nALTER TABLE app.a ADD FOREIGN KEY (b) REFERENCES app.b;\nCREATE FUNCTION app.many() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM app.b';\n",
      "migrations/R__total.sql": "CREATE OR REPLACE VIEW app.total AS SELECT app.many() AS many;\n",
    },
    holds: ["CREATE SCHEMA app;", "CREATE FUNCTION app.many() RETURNS bigint LANGUAGE sql AS '"],
  },
  {
    title: "a function whose body no longer fits its table, which is made unchecked",
    engine: "postgres",
    files: {
      "migrations/000001_a.up.sql":
        "CREATE TABLE t (a int);\nCREATE FUNCTION row_of(n int) RETURNS t LANGUAGE sql STABLE AS 'SELECT n';\nALTER TABLE t ADD COLUMN b int;\n",
    },
    holds: [
      "SET check_function_bodies = off;\n",
      "CREATE FUNCTION row_of(",
      "RESET check_function_bodies;\n",
    ],
  },
  {
    title: "on SQLite a table that grew, its index, a trigger and a view",
    engine: "sqlite",
    files: {
      "migrations/20240101000000_a.sql":
        "-- migrate:up\nCREATE TABLE shelf (id INTEGER PRIMARY KEY, label TEXT);\nCREATE VIEW labels AS select label from shelf;\n-- migrate:down\nDROP VIEW labels;\nDROP TABLE shelf;\n",
      "migrations/20240102000000_b.sql":
        "-- migrate:up\nALTER TABLE shelf ADD COLUMN room TEXT DEFAULT 'attic';\nCREATE INDEX shelf_room ON shelf (room);\n-- migrate:down\nSELECT 1;\n",
    },
    holds: [
      "CREATE TABLE shelf (\n  id INTEGER PRIMARY KEY,\n  label TEXT,\n  room TEXT DEFAULT 'attic'\n);\nCREATE INDEX shelf_room ON shelf (room);\n",
      "CREATE VIEW labels AS select label from shelf;\n",
    ],
  },
];

for (const { title, engine, files, holds, holdsNot = [] } of HISTORIES) {
  test(`init writes the schema that the migrations leave: ${title}`, async () => {
    await using folder = await temporaryFolder(files);
    const cwd = folder.path;
    const made = await runAim(["init", "--engine", engine], { cwd });
    assert.equal(made.code, 0, made.stderr);
    assert.match(
      made.stderr,
      /^in sync: schema\.sql holds what (?:the one migration leaves|\d migrations leave): /m,
    );
    const text = await readFile(join(cwd, "schema.sql"), "utf8");
    let at = 0;
    for (const part of holds) {
      const found = text.indexOf(part, at);
      assert.notEqual(found, -1, `${part}\nis missing or out of order in\n${text}`);
      at = found + part.length;
    }
    for (const pattern of holdsNot) assert.doesNotMatch(text, pattern);
    const diff = await runAim(["diff", "--exit-code"], { cwd });
    assert.deepEqual([diff.code, diff.stdout], [0, ""], diff.stderr);
  });
}

test("init says why schema.sql is empty when the migrations cannot be replayed", async () => {
  await using folder = await temporaryFolder({
    "migrations/000001_a.up.sql": "CREATE TABLE shelf (id int PRIMARY KEY);\nSELECT * FROM wall;\n",
  });
  const cwd = folder.path;
  const { code, stdout, stderr } = await runAim(["init", "--engine", "sqlite"], { cwd });
  assert.deepEqual([code, stdout], [0, "aim.toml\nschema.sql\n"]);
  assert.match(
    stderr,
    /^note: schema\.sql is empty, because the migrations cannot be replayed here: .*no such table: wall \(migrations\/000001_a\.up\.sql:2\)$/m,
  );
  assert.equal(await readFile(join(cwd, "schema.sql"), "utf8"), "");
});

test("init leaves a schema file alone that is there", async () => {
  await using folder = await temporaryFolder({
    "migrations/000001_a.up.sql": "CREATE TABLE shelf (id int PRIMARY KEY);\n",
    "schema.sql": "-- mine\n",
  });
  await runAim(["init", "--engine", "sqlite"], { cwd: folder.path });
  assert.equal(await readFile(join(folder.path, "schema.sql"), "utf8"), "-- mine\n");
});

for (const schema of ["", "-- nothing yet\n/* at all */\n", "PRAGMA foreign_keys = ON;\n"]) {
  test(`generate stops at a schema that defines nothing: ${JSON.stringify(schema)}`, async () => {
    await using folder = await temporaryFolder({
      "aim.toml": 'engine = "sqlite"\n',
      "schema.sql": schema,
      "migrations/000001_a.up.sql": "CREATE TABLE shelf (id int PRIMARY KEY);\n",
      "migrations/000001_a.down.sql": "DROP TABLE shelf;\n",
    });
    const cwd = folder.path;
    for (const flags of [[], ["--dry-run"]]) {
      const { code, stdout, stderr } = await runAim(["generate", ...flags], { cwd });
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(
        stderr,
        /^error: Cannot generate from an empty schema: .*"schema\.sql".*1 table$/m,
      );
      assert.match(stderr, /^hint: .*--allow-empty-schema/m);
    }
    const told = await runAim(["generate", "--dry-run", "--allow-empty-schema"], { cwd });
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /^DROP TABLE shelf;$/m);
  });
}

test("an empty schema beside no migrations is in sync", async () => {
  await using folder = await temporaryFolder();
  const cwd = folder.path;
  await runAim(["init", "--engine", "sqlite"], { cwd });
  assert.equal((await runAim(["generate"], { cwd })).code, 0);
});

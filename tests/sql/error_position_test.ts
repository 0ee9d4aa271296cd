import assert from "node:assert/strict";
import test from "node:test";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { sqlite } from "../../src/engines/sqlite/mod.ts";
import { DatabaseError } from "../../src/core/error.ts";
import { missingNameHint } from "../../src/pipeline/scratch/missing_name.ts";

const SCRIPT = "CREATE TABLE users (id int);\nCREATE VIEW v AS SELECT * FROM usrs;";
const VIEW = "CREATE VIEW v AS /* usrs */ SELECT 'it is usrs' FROM usrs";
const AT = VIEW.lastIndexOf("usrs");

test("an error without a position is shown at the name that it quotes, outside of comments and strings", () => {
  const postgresAt = (message: string) =>
    postgres.errorPosition(new DatabaseError(message), VIEW)?.offset;
  assert.equal(postgresAt('relation "usrs" does not exist'), AT);
  assert.equal(postgresAt('relation "public.usrs" does not exist'), AT);
  assert.equal(postgresAt('type "usr" does not exist'), undefined, "only whole words");
  assert.equal(postgresAt("out of memory"), undefined);
  const sqliteAt = (message: string) =>
    sqlite.errorPosition(new DatabaseError(message), VIEW)?.offset;
  assert.equal(sqliteAt("no such table: main.usrs"), AT);
  assert.equal(sqliteAt("UNIQUE constraint failed: other.column"), undefined);
});

test("an error with a position is shown there", () => {
  const error = new DatabaseError('relation "usrs" does not exist', { offset: 3 });
  assert.deepEqual(postgres.errorPosition(error, VIEW), { offset: 3, missing: "usrs" });
});

test("a missing name that is like another one of the script is asked for", () => {
  const told = (message: string, engine: typeof postgres) => {
    const position = engine.errorPosition(new DatabaseError(message), VIEW);
    return missingNameHint(position?.missing ?? null, SCRIPT, engine.lexicon);
  };
  const hint = 'did you mean "users"?';
  assert.equal(told('relation "usrs" does not exist', postgres), hint);
  assert.equal(told("no such table: main.usrs", sqlite), hint);
  assert.equal(told('relation "usrs" already exists', postgres), undefined);
});

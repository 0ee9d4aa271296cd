import assert from "node:assert/strict";
import test from "node:test";
import { suspectHint, suspectOffset } from "../src/pipeline/suspect.ts";

const SCRIPT = "CREATE TABLE users (id int);\nCREATE VIEW v AS SELECT * FROM usrs;";
const VIEW = "CREATE VIEW v AS SELECT * FROM usrs";

test("an error without a position is shown at the name that it quotes", () => {
  assert.equal(suspectOffset('relation "usrs" does not exist', VIEW), VIEW.indexOf("usrs"));
  assert.equal(suspectOffset('relation "public.usrs" does not exist', VIEW), VIEW.indexOf("usrs"));
  assert.equal(suspectOffset("no such table: main.usrs", VIEW), VIEW.indexOf("usrs"));
  assert.equal(suspectOffset('type "usr" does not exist', VIEW), 0, "only whole words");
  assert.equal(suspectOffset("out of memory", VIEW), 0);
});

test("a missing name that is like another one of the script is asked for", () => {
  const hint = 'did you mean "users"?';
  assert.equal(suspectHint('relation "usrs" does not exist', VIEW, SCRIPT), hint);
  assert.equal(suspectHint("no such table: main.usrs", VIEW, SCRIPT), hint);
  assert.equal(suspectHint('relation "usrs" already exists', VIEW, SCRIPT), undefined);
});

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { program, temporaryFolder } from "../run_aim.ts";

const SCHEMA = `-- Notes.
CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL -- short
);
`;
const FILES = {
  "aim.toml": 'engine = "sqlite"\nformat = "goose"\nschema = "schema.sql"\nmigrations = "m"\n',
  "schema.sql": SCHEMA,
  "m/20260101000000_begin.sql":
    "-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL);\n" +
    "-- +goose Down\nDROP TABLE notes;\n",
};

async function connected(folder: string, flags: readonly string[]) {
  const [command = "", ...rest] = program();
  const client = new Client({ name: "test", version: "1" });
  await client.connect(
    new StdioClientTransport({ command, args: [...rest, "mcp", ...flags], cwd: folder }),
  );
  const call = async (name: string, given: Record<string, unknown> = {}) => {
    const { content, isError } = await client.callTool({ name, arguments: given });
    assert.ok(Array.isArray(content));
    return { json: JSON.parse(content[0].text), isError: isError === true };
  };
  return { call, client, [Symbol.asyncDispose]: () => client.close() };
}

test("an agent goes from a sentence to proven files", async () => {
  await using folder = await temporaryFolder(FILES);
  await using agent = await connected(folder.path, ["--allow-write"]);
  const { tools } = await agent.client.listTools();
  assert.deepEqual(tools.map(({ name }: { name: string }) => name), [
    "doctor",
    "diff",
    "create",
    "generate",
    "validate",
    "lint",
    "explain",
  ]);
  assert.equal((await agent.call("diff")).json.outcome, "in-sync");
  const request = "add pinned to notes, false for the old ones";
  const looked = await agent.call("create", { request });
  assert.equal(looked.json.outcome, "proven");
  assert.equal(looked.json.written, false);
  assert.match(looked.json.edit.diff, /^\+ {2}pinned boolean NOT NULL$/m);
  assert.equal(await readFile(join(folder.path, "schema.sql"), "utf8"), SCHEMA);
  const done = await agent.call("create", { request, write: true });
  assert.equal(done.json.written, true);
  assert.equal(done.json.migration.proof.down, "exact");
  assert.match(
    await readFile(join(folder.path, "schema.sql"), "utf8"),
    /title TEXT NOT NULL, -- short\n {2}pinned boolean NOT NULL\n\);/,
  );
  assert.equal((await readdir(join(folder.path, "m"))).length, 2);
  assert.equal((await agent.call("diff")).json.outcome, "in-sync");
  assert.equal((await agent.call("validate")).json.outcome, "valid");
  assert.equal((await agent.call("explain", { code: "drop-column" })).json.rules.length, 1);
});

test("without --allow-write nothing is written, and no argument is a flag", async () => {
  await using folder = await temporaryFolder(FILES);
  await using agent = await connected(folder.path, []);
  const request = "add pinned to notes, false for the old ones";
  const refused = await agent.call("create", { request, write: true });
  assert.deepEqual([refused.isError, refused.json.error.code], [true, "read-only"]);
  const flag = await agent.call("create", { request: "--file=/etc/passwd" });
  assert.deepEqual([flag.isError, flag.json.error.code], [true, "request"]);
  const schema = await agent.call("generate", { schema: "/etc/passwd" });
  assert.deepEqual([schema.isError, schema.json.error.code], [true, "arguments"]);
  const unclear = await agent.call("create", { request: "add pinned to notes" });
  assert.equal(unclear.json.outcome, "unclear");
  assert.equal(await readFile(join(folder.path, "schema.sql"), "utf8"), SCHEMA);
  assert.equal((await readdir(join(folder.path, "m"))).length, 1);
});

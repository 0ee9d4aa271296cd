/** A schema.rb of Rails and five edits of it: proven migrations in Rails' own format, which Rails applies, each to what its schema says, and takes back. */

import assert from "node:assert/strict";
import { chmod, copyFile, readFile, writeFile } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { toolNamed } from "../../src/orm/mod.ts";
import { diff, generate, openProject } from "../../src/pipeline/mod.ts";
import { DEEP } from "../depth.ts";
import { temporaryFolder } from "../run_aim.ts";
import { run } from "./installed.ts";
import { liveDatabase } from "./live.ts";
import { UNASKED } from "./unasked.ts";

/** The least that is an application. */
const FILES = {
  "bin/rails":
    '#!/usr/bin/env ruby\nAPP_PATH = File.expand_path("../config/application", __dir__)\nrequire "rails"\nrequire "rails/commands"\n',
  "config/application.rb":
    'require "rails"\nrequire "active_record/railtie"\nmodule Shop\n  class Application < Rails::Application\n    config.load_defaults 6.1\n    config.eager_load = false\n    config.logger = Logger.new(nil)\n  end\nend\n',
  "config/environment.rb": 'require_relative "application"\nRails.application.initialize!\n',
  Rakefile: 'require_relative "config/application"\nRails.application.load_tasks\n',
  "db/migrate/.keep": "",
  "db/schema.rb": `ActiveRecord::Schema.define(version: 0) do
  create_table "users", force: :cascade do |t|
    t.string "email", limit: 255, null: false, comment: "login"
    t.string "role", default: "member", null: false
    t.datetime "created_at", precision: 6, null: false
    t.index ["email"], name: "index_users_on_email", unique: true
  end

  create_table "tags", force: :cascade do |t|
    t.string "name", null: false
  end

  create_table "orders", force: :cascade do |t|
    t.bigint "user_id", null: false
    t.decimal "total", precision: 12, scale: 2, default: "0.0", null: false
    t.text "note"
    t.index ["user_id", "total"], name: "orders_user_total_idx"
    t.check_constraint "total >= 0::numeric", name: "total_pos"
  end

  create_table "orders_tags", id: false, force: :cascade do |t|
    t.bigint "order_id", null: false
    t.bigint "tag_id", null: false
  end

  add_foreign_key "orders", "users", on_delete: :cascade
  add_foreign_key "orders_tags", "orders"
  add_foreign_key "orders_tags", "tags"
end
`,
};

const EDITS: readonly (readonly [from: string, to: string])[] = [
  ['    t.text "note"\n', '    t.text "note"\n    t.boolean "paid", default: false, null: false\n'],
  [
    '    t.string "name", null: false\n',
    '    t.string "name", null: false\n    t.index ["name"], name: "index_tags_on_name", unique: true\n',
  ],
  [
    '  create_table "tags"',
    '  create_table "shops", primary_key: "name", id: :string, force: :cascade do |t|\n  end\n\n  create_table "tags"',
  ],
  ['    t.text "note"\n', ""],
  ['"total >= 0::numeric"', '"total >= 1::numeric"'],
];

const NEEDED = 'require "pg"; require "rails"; require "active_record"; print Rails.version';

test("a schema.rb of Rails and five edits become proven migrations", {
  skip: !DEEP && "runs in deno task deep",
}, async () => {
  const version = await run("ruby", ["-e", NEEDED]);
  await using folder = await temporaryFolder(FILES);
  await chmod(join(folder.path, "bin/rails"), 0o755);
  const file = join(folder.path, "db/schema.rb");
  const open = async (command: readonly string[]) => {
    const settings = [
      'engine = "postgres"',
      'schema = "orm:"',
      'format = "rails"',
      'migrations = "db/migrate"',
      "[orm]",
      'tool = "rails"',
      `command = ${JSON.stringify(command)}`,
      'door = "database"',
      'timeout = "5min"',
      "",
    ];
    await writeFile(join(folder.path, "aim.toml"), settings.join("\n"));
    const { config } = await loadConfig({ folder: folder.path, variables: {} });
    const { signal } = new AbortController();
    return await openProject(config, { emit: () => {}, signal, runsModels: true });
  };
  const load = toolNamed("rails").command ?? [];
  await using live = await liveDatabase("postgres");
  await using other = await liveDatabase("postgres");
  const rails = (words: readonly string[], env: Readonly<Record<string, string>>) => {
    const all = { ...process.env, ...env };
    const done = spawnSync("bin/rails", words, { cwd: folder.path, encoding: "utf8", env: all });
    assert.equal(done.status, 0, `${words.join(" ")}: ${done.stdout}${done.stderr}`);
  };
  const dumped = async (name: string) =>
    (await readFile(join(folder.path, name), "utf8")).replace(/version: [\d_]+/, "version");
  // Rails says its schema of what the migrations made, and of what it loads from schema.rb itself.
  const applied = async (after: string) => {
    rails(["db:migrate"], { ...live.variables, SCHEMA: "applied.rb" });
    rails(load.slice(1), other.variables);
    rails(["db:schema:dump"], { ...other.variables, SCHEMA: "wanted.rb" });
    assert.equal(await dumped("applied.rb"), await dumped("wanted.rb"), after);
  };
  const first = await generate(await open(load), UNASKED);
  assert.equal(first.outcome, "proven", JSON.stringify(first.proof ?? first.choices));
  await applied("the first migration");
  for (const [from, to] of EDITS) {
    const text = await readFile(file, "utf8");
    assert.ok(text.includes(from), from);
    await writeFile(file, text.replace(from, to));
    const outcome = await generate(await open(load), UNASKED);
    assert.equal(outcome.outcome, "proven", `${to}: ${JSON.stringify(outcome.choices)}`);
    await applied(to);
  }
  rails(["db:rollback", `STEP=${EDITS.length + 1}`], { ...live.variables, SCHEMA: "none.rb" });
  assert.doesNotMatch(await dumped("none.rb"), /create_table/);
  await applied("all of them once more");
  const edited = join(folder.path, "edited.rb");
  await copyFile(file, edited);
  const made = await diff(await open(["bin/rails", "db:migrate"]));
  assert.equal(made.outcome, "in-sync", `Rails ${version} makes:\n${made.text}`);
  // Rails wrote its schema.rb anew from what the migrations made: that is what the edited one said.
  assert.notEqual(await readFile(file, "utf8"), await readFile(edited, "utf8"));
  const same = await diff(await open(load));
  assert.equal(same.outcome, "in-sync", same.text);
});

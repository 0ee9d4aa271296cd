/** `aim amend` and `aim rebase`, in repositories of every format that is written. */

import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test, { after } from "node:test";
import { DEEP } from "../depth.ts";
import { FORMATS } from "../../src/formats/all.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { PROJECT, type Repository, repository } from "./repository.ts";

const BASE = "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);\n";
const LABELS = "CREATE TABLE labels (id INTEGER PRIMARY KEY, name TEXT);\n";
const OTHER = "CREATE TABLE other (id INTEGER PRIMARY KEY);\n";

/** A repository in a format, whose first migration is on main. */
async function project(format: string): Promise<Repository> {
  const repo = await repository({
    "aim.toml": `engine = "sqlite"\nformat = "${format}"\n`,
    "schema.sql": BASE,
    "migrations/.keep": "",
  });
  await aim(repo, "generate", "--name", "notes");
  await repo.commit({}, "notes");
  repo.git("push", "--quiet", "origin", "work:main");
  repo.git("fetch", "--quiet");
  return repo;
}

/** Runs aim, which must end well. */
async function aim(repo: Repository, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runAim([...args], { cwd: repo.path, variables: STATE });
  assert.equal(code, 0, `aim ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

const state = await temporaryFolder();
after(() => state[Symbol.asyncDispose]());
const STATE = { XDG_STATE_HOME: state.path };

/** All files of the migrations folder with their texts. */
async function filesOf(repo: Repository): Promise<Record<string, string>> {
  const folder = join(repo.path, "migrations");
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((one) => one.isFile() && one.name !== ".keep")
    .map((one) => join(one.parentPath, one.name).slice(folder.length + 1)).sort();
  return Object.fromEntries(
    await Promise.all(
      paths.map(async (path) => [path, await readFile(join(folder, path), "utf8")]),
    ),
  );
}

/** Writes a file of the project. */
async function schema(repo: Repository, text: string): Promise<void> {
  await writeFile(join(repo.path, "schema.sql"), text);
}

const OFTEN = ["migrate", "goose", "sqitch"];
/** Whose names hold a hash, or letters of another size. */
const RENAMED = ["alembic", "typeorm"];
const MOVED = new Set(
  FORMATS.filter(({ notRebased }) => notRebased === undefined).map(({ name }) => name),
);
const WRITTEN = FORMATS.filter(({ name, writes }) => writes && (DEEP || OFTEN.includes(name)))
  .map(({ name }) => name);

for (const format of WRITTEN) {
  test(`three edits are one migration: ${format}`, async () => {
    await using repo = await project(format);
    await schema(repo, BASE + LABELS);
    await aim(repo, "generate", "--name", "labels");
    const first = await filesOf(repo);
    await schema(repo, BASE + LABELS.replace("name TEXT", "title TEXT"));
    await aim(repo, "amend");
    await schema(repo, BASE + LABELS.replace("name TEXT", "title TEXT, colour TEXT"));
    await aim(repo, "amend");
    const last = await filesOf(repo);
    if (RENAMED.includes(format)) {
      assert.equal(Object.keys(last).length, Object.keys(first).length);
    } else assert.deepEqual(Object.keys(last), Object.keys(first));
    const all = Object.values(last).join("\n");
    assert.match(all, /title/);
    assert.match(all, /colour/);
    assert.doesNotMatch(all, /name TEXT/);
    await aim(repo, "check");
  });

  for (const isMerged of MOVED.has(format) ? [false, true] : []) {
    const when = isMerged ? "after a merge" : "before a merge";
    test(`new migrations go behind those of the base, ${when}: ${format}`, async () => {
      await using repo = await project(format);
      const start = await filesOf(repo);
      await schema(repo, BASE + LABELS);
      await aim(repo, "generate", "--name", "labels");
      await schema(repo, BASE + LABELS + "CREATE TABLE third (id INTEGER PRIMARY KEY);\n");
      await aim(repo, "generate", "--name", "third");
      const mine = await filesOf(repo);
      await repo.commit({}, "labels");
      repo.git("checkout", "--quiet", "-B", "main", "origin/main");
      await schema(repo, OTHER + BASE);
      await aim(repo, "generate", "--name", "other");
      await repo.commit({}, "other");
      repo.git("push", "--quiet", "origin", "main");
      const theirs = await filesOf(repo);
      repo.git("checkout", "--quiet", "work");
      const bad = await runAim(["check"], { cwd: repo.path });
      if (isMerged) repo.tryGit("merge", "--no-edit", "origin/main");
      const said = await aim(repo, "rebase");
      const isTimed = /\d{10}/.test(Object.keys(start).join());
      if (!isTimed) {
        assert.equal(bad.code, 1, bad.stderr);
        assert.match(bad.stdout, /error\[(?:version-clash|migration-order)\]/);
        assert.notEqual(said, "");
      }
      if (!isMerged) {
        repo.git("add", "--all");
        repo.git("commit", "--quiet", "--no-verify", "-m", "rebased");
        const merged = repo.tryGit("merge", "--no-edit", "-X", "ours", "origin/main");
        assert.equal(merged.code, 0, merged.said);
      } else {
        repo.git("add", "--all");
        repo.tryGit("commit", "--quiet", "--no-verify", "-m", "merged");
      }
      const now = await filesOf(repo);
      for (const path of Object.keys(theirs)) {
        if (!path.endsWith(".plan")) assert.equal(now[path], theirs[path], path);
      }
      const own = Object.keys(mine).filter((path) => start[path] === undefined);
      const moved = Object.keys(now).filter((path) => theirs[path] === undefined);
      assert.equal(moved.length, own.length, moved.join());
      assert.deepEqual(
        moved.map((path) => now[path]).sort(),
        own.map((path) => mine[path]).sort(),
      );
      await aim(repo, "check");
      assert.match(await aim(repo, "rebase", "--json"), /"outcome": "in-order"/);
    });
  }
}

test("what the base branch has, and what a database has applied, is not amended", async () => {
  await using repo = await repository();
  await schema(repo, PROJECT["schema.sql"] + OTHER);
  const shared = await runAim(["amend"], { cwd: repo.path });
  assert.equal(shared.code, 2);
  assert.match(shared.stderr, /Cannot amend 000002_tags: origin\/HEAD has it/);
  await aim(repo, "generate");
  await using elsewhere = await temporaryFolder();
  const file = join(elsewhere.path, "live.db");
  const live = new DatabaseSync(file);
  live.exec(
    "CREATE TABLE schema_migrations (version uint64, dirty bool); INSERT INTO schema_migrations VALUES (3, 0)",
  );
  live.close();
  for (const command of ["amend", "rebase"]) {
    if (command === "rebase") {
      await repo.commit({});
      repo.git("checkout", "--quiet", "main");
      await repo.commit({
        "migrations/000003_x.up.sql": "SELECT 1;\n",
        "migrations/000003_x.down.sql": "SELECT 1;\n",
      });
      repo.git("push", "--quiet", "origin", "main");
      repo.git("checkout", "--quiet", "work");
    }
    const applied = await runAim([command, "--url", file], { cwd: repo.path });
    assert.equal(applied.code, 2, applied.stdout);
    assert.match(applied.stderr, /has applied it/);
  }
});

test("the former files are kept, and of several migrations one is made", async () => {
  await using repo = await repository();
  await schema(repo, PROJECT["schema.sql"] + OTHER);
  await aim(repo, "generate");
  await schema(repo, PROJECT["schema.sql"] + OTHER + LABELS);
  await aim(repo, "generate");
  const before = await filesOf(repo);
  const { code, stdout, stderr } = await runAim(["amend", "--latest", "2", "--json"], {
    cwd: repo.path,
    variables: STATE,
  });
  assert.equal(code, 0, stderr);
  const said = JSON.parse(stdout);
  assert.equal(said.replaced.length, 4);
  const kept = await readFile(join(said.kept, said.replaced[0]), "utf8");
  assert.equal(kept, before[said.replaced[0]]);
  const now = Object.keys(await filesOf(repo));
  assert.equal(now.length, 6, now.join());
  await aim(repo, "check");
});

test("a migration that is wrong behind the base is not moved", async () => {
  await using repo = await repository();
  await repo.commit({
    "schema.sql": PROJECT["schema.sql"] + OTHER,
    "migrations/000003_other.up.sql": OTHER,
    "migrations/000003_other.down.sql": "DROP TABLE other;\n",
  });
  repo.git("checkout", "--quiet", "main");
  await repo.commit({
    "migrations/000003_x.up.sql": OTHER,
    "migrations/000003_x.down.sql": "DROP TABLE other;\n",
  });
  repo.git("push", "--quiet", "origin", "main");
  repo.git("checkout", "--quiet", "work");
  const before = await filesOf(repo);
  const { code, stdout } = await runAim(["rebase"], { cwd: repo.path });
  assert.equal(code, 1);
  assert.match(stdout, /table "?other"? already exists/);
  assert.deepEqual(await filesOf(repo), before);
});

test("a format whose files name each other is not moved, and says what to do", async () => {
  await using repo = await repository({
    ...PROJECT,
    "aim.toml": 'engine = "sqlite"\nformat = "django"\n',
  });
  const { code, stderr } = await runAim(["rebase"], { cwd: repo.path });
  assert.equal(code, 2);
  assert.match(stderr, /Cannot rebase migrations of [\s\S]*makemigrations --merge/);
});

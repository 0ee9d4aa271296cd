/** `aim check`: pull requests in a real repository, as a workflow's step and as hooks see them. */

import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { type Edits, PROJECT, repository } from "./repository.ts";

const SCHEMA = PROJECT["schema.sql"] ?? "";
const UP = "CREATE TABLE labels (id INTEGER PRIMARY KEY);\n";
const GOOD: Edits = {
  "schema.sql": SCHEMA + UP,
  "migrations/000003_labels.up.sql": UP,
  "migrations/000003_labels.down.sql": "DROP TABLE labels;\n",
};

test("a pull request that is good passes, and its summary says so", async () => {
  await using repo = await repository();
  await repo.commit(GOOD);
  const { code, stdout, stderr, summary } = await repo.step();
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stdout, /^::error/m);
  assert.match(summary, /✅ aim check: passed, 1 new migration against origin\/main/);
  assert.match(summary, /000003_labels down` \| ✅ passed/);
  assert.doesNotMatch(summary, /000002_tags/);
});

/** A bad pull request, and the annotation that stops it. */
const BAD: readonly {
  readonly what: string;
  readonly edits: Edits;
  /** What main gets meanwhile. */
  readonly meanwhile?: Edits;
  readonly annotation: RegExp;
}[] = [
  {
    what: "a migration that is refused",
    edits: { ...GOOD, "migrations/000003_labels.up.sql": "CREATE TABEL labels (id);\n" },
    annotation:
      /^::error file=migrations\/000003_labels\.up\.sql,line=1,col=\d+,title=aim up-fails::/m,
  },
  {
    what: "a migration that is not proven over rows",
    edits: {
      "schema.sql": SCHEMA.replace("body TEXT", "body TEXT NOT NULL"),
      "migrations/000003_body.up.sql":
        "CREATE TABLE n (id INTEGER PRIMARY KEY, body TEXT NOT NULL);\n" +
        "INSERT INTO n SELECT id, body FROM notes WHERE body IS NOT NULL;\n" +
        "DROP TABLE notes;\nALTER TABLE n RENAME TO notes;\n",
      "migrations/000003_body.down.sql": "CREATE TABLE n (id INTEGER PRIMARY KEY, body TEXT);\n" +
        "INSERT INTO n SELECT id, body FROM notes;\n" +
        "DROP TABLE notes;\nALTER TABLE n RENAME TO notes;\n",
    },
    annotation:
      /^::error file=migrations\/000003_body\.up\.sql,line=\d+,col=\d+,title=aim rows-lost::/m,
  },
  {
    what: "a version that main took meanwhile",
    edits: GOOD,
    meanwhile: {
      "schema.sql": `${SCHEMA}CREATE TABLE other (id INTEGER);\n`,
      "migrations/000003_other.up.sql": "CREATE TABLE other (id INTEGER);\n",
      "migrations/000003_other.down.sql": "DROP TABLE other;\n",
    },
    annotation:
      /^::error file=migrations\/000003_labels\.up\.sql,line=1,col=1,title=aim version-clash::000003_labels has the version of 000003_other/m,
  },
  {
    what: "an order that main overtook",
    edits: GOOD,
    meanwhile: {
      "schema.sql": `${SCHEMA}CREATE TABLE other (id INTEGER);\n`,
      "migrations/000004_other.up.sql": "CREATE TABLE other (id INTEGER);\n",
      "migrations/000004_other.down.sql": "DROP TABLE other;\n",
    },
    annotation:
      /title=aim migration-order::000003_labels does not come after 000004_other, which the base branch has/m,
  },
  {
    what: "a migration of main that is edited",
    edits: {
      ...GOOD,
      "migrations/000002_tags.up.sql":
        "-- tags\nCREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT);\n",
    },
    annotation:
      /^::error file=migrations\/000002_tags\.up\.sql,line=1,col=1,title=aim migration-edited::/m,
  },
  {
    what: "a DOWN that leaves something",
    edits: { ...GOOD, "migrations/000003_labels.down.sql": "SELECT 1;\n" },
    annotation:
      /^::error file=migrations\/000003_labels\.down\.sql,line=1,col=1,title=aim (?:down-differs|up-again-fails)::/m,
  },
  {
    what: "a statement that is dangerous",
    edits: {
      "schema.sql": "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);\n",
      "migrations/000003_no_tags.up.sql": "DROP TABLE tags;\n",
      "migrations/000003_no_tags.down.sql":
        "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT);\n",
    },
    annotation:
      /^::error file=migrations\/000003_no_tags\.up\.sql,line=1,col=1,title=aim drop-table::/m,
  },
  {
    what: "a schema without its migration",
    edits: { "schema.sql": SCHEMA + UP },
    annotation: /^::error file=schema\.sql,line=3,col=\d+,title=aim schema-differs::/m,
  },
  {
    what: "a migration without DOWN",
    edits: { "schema.sql": SCHEMA + UP, "migrations/000003_labels.up.sql": UP },
    annotation:
      /^::error file=migrations\/000003_labels\.up\.sql,line=1,col=1,title=aim down-missing::/m,
  },
  {
    what: "a migration of main that is deleted",
    edits: {
      "schema.sql": "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);\n",
      "migrations/000002_tags.up.sql": null,
      "migrations/000002_tags.down.sql": null,
    },
    annotation:
      /^::error file=migrations\/000002_tags\.up\.sql,line=1,col=1,title=aim migration-deleted::/m,
  },
];

for (const { what, edits, meanwhile, annotation } of BAD) {
  test(`a pull request with ${what} is stopped by an annotation`, async () => {
    await using repo = await repository();
    await repo.commit(edits);
    if (meanwhile !== undefined) {
      repo.git("checkout", "--quiet", "main");
      await repo.commit(meanwhile);
      repo.git("push", "--quiet", "origin", "main");
      repo.git("checkout", "--quiet", "work");
    }
    const { code, stdout, stderr, summary } = await repo.step();
    assert.equal(code, 1, stderr);
    assert.match(stdout, annotation);
    assert.match(summary, /^### ❌ aim check/);
  });
}

test("hooks let a good commit and push through, and stop bad ones", async () => {
  await using repo = await repository();
  const hook = async (name: string, line: string) => {
    const file = join(repo.path, ".git/hooks", name);
    await writeFile(file, `#!/bin/sh\n${line}\n`);
    await chmod(file, 0o755);
  };
  await hook("pre-commit", "aim check --new -q");
  await hook("pre-push", "aim check -q");
  await repo.write({ "README.md": "nothing of aim's\n" });
  repo.git("add", "--all");
  repo.git("commit", "--quiet", "-m", "words");
  await repo.write({ "schema.sql": SCHEMA + UP });
  repo.git("add", "--all");
  const bad = repo.tryGit("commit", "-m", "a schema alone");
  assert.equal(bad.code, 1, bad.said);
  assert.match(bad.said, /labels/);
  await repo.write(GOOD);
  repo.git("add", "--all");
  repo.git("commit", "--quiet", "-m", "labels");
  // What is on the own branch alone may be edited until it is merged.
  const again = `-- of notes\n${UP}`;
  await repo.write({ "migrations/000003_labels.up.sql": again });
  repo.git("commit", "--quiet", "--all", "--amend", "--no-edit");
  repo.git("push", "--quiet", "origin", "work");
  await repo.commit({ "migrations/000001_notes.down.sql": null });
  const refused = repo.tryGit("push", "origin", "work");
  assert.equal(refused.code, 1, refused.said);
  assert.match(refused.said, /migration-edited/);
});

test("a comment with a reason allows what is found about a file", async () => {
  await using repo = await repository();
  const reason = "-- aim:allow-file down-missing a table that stays\n";
  await repo.commit({
    "schema.sql": SCHEMA + UP,
    "migrations/000003_labels.up.sql": reason + UP,
  });
  const { code, stdout } = await runAim(["check"], { cwd: repo.path });
  assert.equal(code, 0, stdout);
  assert.doesNotMatch(stdout, /unused-allow|down-missing\]/);
});

test("without a change nothing is started, and --json says what it was compared with", async () => {
  await using repo = await repository();
  const { code, stdout, stderr } = await runAim(["check", "--json"], { cwd: repo.path });
  assert.equal(code, 0, stderr);
  const said = JSON.parse(stdout);
  assert.equal(said.outcome, "unchanged");
  assert.equal(said.runtime, null);
  assert.equal(said.base.revision, "origin/HEAD");
  assert.equal(said.base.commit, repo.git("rev-parse", "origin/main").trim());
});

test("a file of the schema that goes is a change; one of another folder is not", async () => {
  await using repo = await repository({
    ...PROJECT,
    "aim.toml": 'engine = "sqlite"\nschema = "schema"\n',
    "schema.sql": "",
    "schema/a.sql": "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);\n",
    "schema/b.sql": "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT);\n",
    "other/c.sql": "SELECT 1;\n",
  });
  await repo.commit({ "other/c.sql": null });
  const same = await runAim(["check", "--json"], { cwd: repo.path });
  assert.equal(JSON.parse(same.stdout).outcome, "unchanged");
  await repo.commit({ "schema/b.sql": null });
  const other = await runAim(["check"], { cwd: repo.path });
  assert.equal(other.code, 1);
  assert.match(other.stdout, /schema|tags/);
});

test("a live database that was changed by hand counts where its address is given", async () => {
  await using repo = await repository();
  await repo.commit(GOOD);
  await using elsewhere = await temporaryFolder();
  const file = join(elsewhere.path, "live.db");
  const live = new DatabaseSync(file);
  live.exec(
    `${PROJECT["migrations/000001_notes.up.sql"]}CREATE TABLE by_hand (id INTEGER);
    CREATE TABLE schema_migrations (version uint64, dirty bool);
    CREATE UNIQUE INDEX version_unique ON schema_migrations (version);
    INSERT INTO schema_migrations VALUES (1, 0);`,
  );
  live.close();
  const { code, stdout, stderr } = await runAim(["check", "--url", file, "--json"], {
    cwd: repo.path,
  });
  assert.equal(code, 1, stderr);
  const said = JSON.parse(stdout);
  assert.equal(said.drift.outcome, "drifted");
  assert.deepEqual(said.findings.map(({ code }: { code: string }) => code), ["drift"]);
  assert.match(said.findings[0].message, /by_hand/);
});

test("what git cannot compare is said with what to do", async () => {
  await using folder = await temporaryFolder(
    Object.fromEntries(Object.entries(PROJECT).map(([name, text]) => [name, text])),
  );
  const outside = await runAim(["check"], { cwd: folder.path });
  assert.equal(outside.code, 2);
  assert.match(outside.stderr, /the project is in no repository/);
  await using repo = await repository();
  const unknown = await runAim(["check", "--git-base", "--upload-pack=x"], { cwd: repo.path });
  assert.equal(unknown.code, 2);
  const none = await runAim(["check", "--git-base", "nowhere"], { cwd: repo.path });
  assert.equal(none.code, 2);
  assert.match(none.stderr, /there is no revision "nowhere"/);
});

test("validate --latest applies the earlier migrations and proves the last ones", async () => {
  await using folder = await temporaryFolder({
    ...PROJECT,
    "migrations/000001_notes.down.sql": "SELECT 'wrong';\n",
  });
  const { code, stdout } = await runAim(["validate", "--latest", "1"], { cwd: folder.path });
  assert.equal(code, 0, stdout);
  assert.match(stdout, /000002_tags/);
  assert.doesNotMatch(stdout, /000001_notes/);
  assert.match(stdout, /valid {2}1 migration after 1 earlier/);
  const all = await runAim(["validate"], { cwd: folder.path });
  assert.equal(all.code, 1);
});

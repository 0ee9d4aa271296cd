/** The command of `[history]`: trust, what it is told, what it leaves, and what aim does with a history that it applied. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { runAim, temporaryFolder } from "../run_aim.ts";

const CLIENT = fileURLToPath(new URL("./client.ts", import.meta.url));
const FILL = `"${process.execPath}" run -A --no-check "${CLIENT}"`;
const PROGRAM = 'exports.up = (knex) => knex.schema.createTable("a", () => {});\n';
const SHELF = "CREATE TABLE shelf (id integer PRIMARY KEY, name text);\n";
const FILES = {
  "migrations/001_shelf.js": PROGRAM,
  "migrations/002_more.js": 'exports.up = (knex) => knex.raw("SELECT 1");\n',
  "migrations/003_last.js": PROGRAM,
  "schema.sql": SHELF,
};

/** A project of Knex on SQLite whose programs a command applies. */
async function project(
  { command, files = FILES, settings = [], isTrusted = true, variables = {} }: {
    readonly command: string | null;
    readonly files?: Readonly<Record<string, string>>;
    readonly settings?: readonly string[];
    readonly isTrusted?: boolean;
    readonly variables?: Readonly<Record<string, string>>;
  },
) {
  const toml = [
    'engine = "sqlite"',
    'format = "knex"',
    "[history]",
    ...command === null ? [] : [`command = ${JSON.stringify(command)}`],
    ...settings,
    "",
  ];
  const folder = await temporaryFolder({ ...files, "aim.toml": toml.join("\n") });
  await mkdir(join(folder.path, "migrations"), { recursive: true });
  const homes = {
    XDG_CONFIG_HOME: join(folder.path, ".config"),
    XDG_CACHE_HOME: join(folder.path, ".cache"),
  };
  const run = (...args: readonly string[]) =>
    runAim(args, { cwd: folder.path, variables: { ...homes, ...variables } });
  if (isTrusted) assert.equal((await run("trust")).code, 0);
  const runs = () => {
    const path = join(folder.path, "runs");
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  };
  const dispose = () => folder[Symbol.asyncDispose]();
  return { path: folder.path, run, runs, [Symbol.asyncDispose]: dispose };
}

const SKIP = { skip: process.platform === "win32" && "its commands are those of sh" };

test(
  "without a command a program is refused as ever, with the line that would apply it",
  SKIP,
  async () => {
    await using one = await project({ command: null, isTrusted: false });
    const refused = await one.run("diff");
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--> migrations\/001_shelf\.js:1:/);
    assert.match(
      refused.stderr,
      /\[history\] command = \["npx", "--no-install", "knex", "migrate:up", "\{each\}"\]/,
    );
  },
);

test(
  "the command goes to the last program, once, and what it left is the history",
  SKIP,
  async () => {
    const command = `echo {version} {name} {file} >> runs; ${FILL} '${SHELF.trim()}'`;
    await using one = await project({ command });
    for (let round = 0; round < 2; round++) {
      const same = await one.run("diff", "--exit-code");
      assert.equal(same.code, 0, same.stdout + same.stderr);
    }
    assert.deepEqual(one.runs(), ["003 003_last 003_last.js"]);
    await appendFile(join(one.path, "schema.sql"), "CREATE TABLE box (id integer PRIMARY KEY);\n");
    const made = await one.run("generate");
    assert.equal(made.code, 0, made.stderr);
    assert.equal(readdirSync(join(one.path, "migrations")).length, 4);
    const valid = await one.run("validate", "--json");
    const { migrations, notes, earlier } = JSON.parse(valid.stdout);
    assert.equal(migrations.length, 1);
    assert.equal(earlier, 3);
    assert.match(notes.join(), /3 migrations were only applied by Knex itself, .*003_last\.js/);
    assert.equal(one.runs().length, 1);
    await appendFile(join(one.path, "migrations/001_shelf.js"), "// edited\n");
    assert.equal((await one.run("diff", "--exit-code")).code, 0);
    assert.equal(one.runs().length, 2, "an edited program is applied again");
  },
);

test(
  "with {each} it runs for one after the other, without a placeholder for all of them",
  SKIP,
  async () => {
    const each = `echo {each} >> runs; case {each} in 001*) ${FILL} '${SHELF.trim()}';; esac`;
    await using one = await project({ command: each });
    const same = await one.run("diff", "--exit-code");
    assert.equal(same.code, 0, same.stdout + same.stderr);
    assert.deepEqual(one.runs(), ["001_shelf.js", "002_more.js", "003_last.js"]);
    const files = {
      ...FILES,
      "migrations/004_box.js":
        'exports.up = (knex) => knex.raw("CREATE TABLE box (id integer PRIMARY KEY)");\n',
    };
    const all = `${FILL} '${SHELF.trim()}' 'CREATE TABLE box (id integer PRIMARY KEY);'`;
    await using other = await project({ command: all, files });
    const differs = await other.run("diff", "--exit-code");
    assert.equal(differs.code, 1, differs.stderr);
    assert.match(differs.stdout, /- table +box/);
  },
);

test("an untrusted command is not run, and the user's own needs no trust", SKIP, async () => {
  const command = `echo run >> runs; ${FILL} '${SHELF.trim()}'`;
  await using one = await project({ command, isTrusted: false });
  const refused = await one.run("diff");
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /not trusted with it[\s\S]*aim trust/);
  assert.deepEqual(one.runs(), []);
  await using own = await project({
    command: null,
    isTrusted: false,
    variables: { AIM_HISTORY_COMMAND: command },
  });
  assert.equal((await own.run("diff", "--exit-code")).code, 0);
});

test(
  "a command that fails, takes too long or makes nothing is an error with its last words",
  SKIP,
  async () => {
    const cases = [
      [
        "echo no such revision 003 >&2; exit 4",
        [],
        /Cannot apply the migrations with[\s\S]*code 4\n {2}no such revision 003/,
      ],
      ["sleep 60", ['timeout = "1s"'], /did not end within history\.timeout/],
      ["true", [], /The command of history made nothing[\s\S]*DATABASE_URL/],
    ] as const;
    for (const [command, settings, says] of cases) {
      await using one = await project({ command, settings });
      const failed = await one.run("diff");
      assert.equal(failed.code, 2, failed.stderr);
      assert.match(failed.stderr, says);
    }
  },
);

test("the name of a migration brings nothing into the shell", SKIP, async () => {
  const files = { ...FILES, "migrations/004_$(touch evil).js": PROGRAM };
  await using one = await project({ command: `${FILL} '${SHELF.trim()}' # {file}`, files });
  const refused = await one.run("diff");
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /Cannot name the migration/);
  assert.equal(existsSync(join(one.path, "evil")), false);
});

test(
  "amend and check take a history that was applied, and status refuses it as ever",
  SKIP,
  async () => {
    await using one = await project({ command: `${FILL} '${SHELF.trim()}' # {version}` });
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], {
        cwd: one.path,
        stdio: "pipe",
      });
    await writeFile(join(one.path, ".gitignore"), ".cache\n.config\n");
    git("init", "-q");
    git("add", "-A");
    git("commit", "-qm", "a");
    const program = await one.run("amend", "--git-base", "HEAD");
    assert.equal(program.code, 2);
    assert.match(program.stderr, /Knex itself applied it/);
    await appendFile(join(one.path, "schema.sql"), "CREATE TABLE box (id integer PRIMARY KEY);\n");
    assert.equal((await one.run("generate")).code, 0);
    await appendFile(join(one.path, "schema.sql"), "CREATE TABLE lid (id integer PRIMARY KEY);\n");
    const amended = await one.run("amend", "--git-base", "HEAD");
    assert.equal(amended.code, 0, amended.stderr);
    assert.equal(readdirSync(join(one.path, "migrations")).length, 4);
    const checked = await one.run("check", "--git-base", "HEAD", "--json");
    assert.equal(checked.code, 0, checked.stdout + checked.stderr);
    const status = await one.run("status", "--url", "sqlite:live.db");
    assert.equal(status.code, 2, status.stderr);
  },
);

test(
  "where branches part before the last program, the command goes to where they are merged",
  SKIP,
  async () => {
    const revision = (id: string, down: string, body: string) =>
      `revision = "${id}"\ndown_revision = ${down}\ndef upgrade():\n    ${body}\n`;
    const files = {
      "migrations/a_first.py": revision("aaaa", "None", 'op.execute("SELECT 1")'),
      "migrations/b_left.py": revision("bbbb", '"aaaa"', 'op.execute("SELECT 1")'),
      "migrations/c_right.py": revision("cccc", '"aaaa"', 'op.drop_column("a", "b")'),
      "schema.sql": SHELF,
    };
    const merge = {
      "migrations/d_merge.py": revision("dddd", '("bbbb", "cccc")', "pass"),
      "migrations/e_last.py": revision("eeee", '"dddd"', 'op.execute("SELECT 1")'),
    };
    const command = `echo {version} >> runs; ${FILL} '${SHELF.trim()}'`;
    const variables = { AIM_FORMAT: "alembic" };
    await using one = await project({ command, variables, files: { ...files, ...merge } });
    const same = await one.run("diff", "--exit-code");
    assert.equal(same.code, 0, same.stdout + same.stderr);
    assert.deepEqual(one.runs(), ["dddd"]);
    await using open = await project({ command, variables, files });
    const refused = await open.run("diff");
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /2 revisions are heads \(bbbb, cccc\)/);
  },
);

test("aim init proposes the line, with the Python of the project", SKIP, async () => {
  await using folder = await temporaryFolder({
    ".venv/bin/python": "",
    "shop/migrations/0001_initial.py":
      "from django.db import migrations\nclass Migration(migrations.Migration):\n    operations = [migrations.CreateModel(name='A', fields=[])]\n",
  });
  const made = await runAim(["init", "--engine", "sqlite"], { cwd: folder.path });
  assert.equal(made.code, 0, made.stderr);
  const toml = readFileSync(join(folder.path, "aim.toml"), "utf8");
  assert.match(
    toml,
    /^\[history\]\ncommand = \["\.venv\/bin\/python", "manage\.py", "shell", "-c", ".*'shop', '\{name\}'.*"\]$/m,
  );
  assert.match(made.stderr, /DATABASE_URL, then aim trust/);
});

test(
  "files of before run in front of the command, and are no part of what it made",
  SKIP,
  async () => {
    const files = {
      ...FILES,
      "before.sql": "CREATE TABLE lid (id integer PRIMARY KEY);\n",
      "schema.sql": SHELF,
    };
    await using one = await project({
      command: `${FILL} '${SHELF.trim()}' # {version}`,
      files,
      variables: { AIM_BEFORE: "before.sql" },
    });
    const same = await one.run("diff", "--exit-code");
    assert.equal(same.code, 0, same.stdout + same.stderr);
  },
);

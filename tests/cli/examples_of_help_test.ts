/** Every example of `--help` and docs/commands.md is run, in a project that it fits. */

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import process from "node:process";
import test from "node:test";
import { COMMANDS } from "../../src/cli/commands/mod.ts";
import { program, temporaryFolder } from "../run_aim.ts";

const UP = "CREATE TABLE users (id INTEGER PRIMARY KEY, fullname TEXT);\n";

/** Files of the schema that an example needs; by default one with a new table. */
const schemas: Readonly<Record<string, string>> = {
  "aim generate --rename users.fullname=name":
    "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\n",
  "aim generate --answer \"fill:users.timezone=expression='UTC'\"":
    "CREATE TABLE users (id INTEGER PRIMARY KEY, fullname TEXT, timezone TEXT NOT NULL);\n",
  "aim pull": "",
  "aim generate --assume-empty":
    "CREATE TABLE users (id INTEGER PRIMARY KEY, fullname TEXT UNIQUE, timezone TEXT NOT NULL);\n",
};

/** Those that a folder without a project is for, that ask a server elsewhere, or that end with a "no" here. */
const expected: Readonly<Record<string, number>> = {
  "aim diff --exit-code -q": 1,
  "aim validate": 1,
  "aim validate -q": 1,
  "aim validate --json": 1,
  "aim validate --latest 2": 1,
  "aim validate --strict": 1,
  "aim status --exit-code -q": 1,
};

/** They ask a provider on the net, and what a provider answers is no matter of the example. */
const REMOTE = /^aim (?:models \w|review|doctor --call-model)/;

for (const command of COMMANDS) {
  for (const { line } of command.examples) {
    if (REMOTE.test(line)) continue;
    test(`the example \`${line}\` works`, async () => {
      await using folder = await project(command.name, line);
      // What ends with Ctrl-C alone gets it.
      const ends = line.includes("--watch") ? `timeout -s INT 5 ${line} || [ $? = 124 ]` : line;
      const { code, stderr } = await shell(ends, folder.path);
      // Whether this machine can serve a version is what the example asks.
      const codes = line.includes("postgres-16") ? [0, 3] : [expected[line] ?? 0];
      assert(codes.includes(code), `${code}: ${stderr}`);
    });
  }
}

async function project(command: string, line: string) {
  if (command === "init") return await temporaryFolder();
  const orders = "CREATE TABLE orders (id INTEGER PRIMARY KEY);\n";
  const extra = "CREATE TABLE extra (id INTEGER PRIMARY KEY);\n";
  const wanted = `${UP}${orders}${command === "amend" ? extra : ""}`;
  const folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\n',
    "schema.sql": schemas[line] ?? wanted,
    ...(command === "report" ? { "aim.json": REPORT } : {}),
    ...(command === "baseline" ? { "migrations/.keep": "" } : {
      "migrations/000001_users.up.sql": UP,
      "migrations/000001_users.down.sql": "DROP TABLE users;\n",
    }),
  });
  if (["check", "amend", "rebase"].includes(command)) commitAll(folder.path);
  if (command === "amend") {
    for (const [file, text] of [["000002_orders", orders], ["000003_extra", "SELECT 1;\n"]]) {
      await writeFile(join(folder.path, `migrations/${file}.up.sql`), text ?? "");
      await writeFile(join(folder.path, `migrations/${file}.down.sql`), "SELECT 1;\n");
    }
  }
  const live = new DatabaseSync(join(folder.path, LIVE));
  // What is run there begins with nothing, and what is taken back with what is applied.
  if (command === "rollback") live.exec(`${UP}${BOOKS}`);
  else if (command === "push") live.exec(UP);
  else if (command !== "apply") live.exec(wanted);
  live.close();
  return folder;
}

/** Those of golang-migrate after the first migration. */
const BOOKS =
  "CREATE TABLE schema_migrations (version uint64,dirty bool); INSERT INTO schema_migrations VALUES (1, 0);";

/** Makes a repository of a folder whose remote has the same. */
function commitAll(cwd: string): void {
  const author = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"];
  for (
    const args of [
      ["init", "--quiet", "--initial-branch=main"],
      ["add", "--all"],
      [...author, "commit", "--quiet", "--message=all"],
      ["update-ref", "refs/remotes/origin/main", "HEAD"],
    ]
  ) {
    execFileSync("git", args, { cwd });
  }
}

/** What another command wrote by `--report json=aim.json`. */
const REPORT = JSON.stringify({ aim: 1, command: "check", summary: "passed" });

/** What the commands read that read a live database. */
const LIVE = "live.db";

/** Runs a line in a POSIX shell, with aim in its path, and programs that stand for those of the reader. */
async function shell(line: string, cwd: string): Promise<{ code: number; stderr: string }> {
  await using bin = await temporaryFolder({ "home/.config/fish/completions/keep": "" });
  await chmod(bin.path, 0o755);
  const script = async (name: string, text: string) => {
    await writeFile(join(bin.path, name), `#!/bin/bash\n${text}\n`);
    await chmod(join(bin.path, name), 0o755);
  };
  await script("aim", `exec ${program().map((word) => `'${word}'`).join(" ")} "$@"`);
  await script("smoke-test", "exit 0");
  await script("psql", "grep -q 'CREATE TABLE'");
  await script(
    "git",
    '[ "$1" = add ] || exec /usr/bin/git "$@"; for file in "${@:2}"; do [ -f "$file" ] || exit 9; done; [ $# -gt 1 ]',
  );
  await script("pass", "echo sk-0123456789abcdef");
  const env = {
    ...process.env,
    PATH: `${bin.path}:${process.env.PATH}`,
    HOME: join(bin.path, "home"),
    AIM_DATABASE_URL: LIVE,
    DATABASE_URL: LIVE,
    XDG_CONFIG_HOME: join(bin.path, "config"),
    // What an example fetches or removes is not this machine's.
    XDG_CACHE_HOME: join(bin.path, "cache"),
    DENO_DIR: process.env.DENO_DIR ?? join(process.env.HOME ?? "", ".cache/deno"),
  };
  return await new Promise((resolve) => {
    const child = execFile(
      "bash",
      ["-o", "pipefail", "-c", `compdef() { :; }\n${line}`],
      { cwd, env },
      (error, _, stderr) =>
        resolve({
          code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1,
          stderr,
        }),
    );
    child.stdin?.end("sk-0123456789abcdef\n");
  });
}

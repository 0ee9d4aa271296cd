/** `aim audit` over git, signed records and the books of runners. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { FORMATS } from "../../src/formats/all.ts";
import { runnerTables } from "../../src/formats/runner_tables.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";

const FIRST =
  "-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);\n-- +goose Down\nDROP TABLE notes;\n";
const SECOND =
  "-- +goose Up\nALTER TABLE notes DROP COLUMN body;\n-- +goose Down\nALTER TABLE notes ADD COLUMN body TEXT;\n";

function run(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

test("commits, proofs, approvals and what the runner noted down, in order", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\nformat = "goose"\n',
    "aim.policy.toml": 'allowed_signers = "allowed"\napprovals = [{ by = "ada@example.com" }]\n',
    "migrations/00001_notes.sql": FIRST,
    "migrations/00002_body.sql": SECOND,
  });
  const { path } = folder;
  const git = (...args: string[]) => {
    const settings = ["-c", "user.name==Ada", "-c", "user.email=ada@example.com"];
    execFileSync("git", [...settings, "-c", "commit.gpgsign=false", ...args], {
      cwd: path,
      stdio: "pipe",
    });
  };
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(path, "key")]);
  const [type, key] = readFileSync(join(path, "key.pub"), "utf8").split(" ");
  writeFileSync(join(path, "allowed"), `ada@example.com ${type} ${key}\n`);
  git("init", "-q", "-b", "main");
  git("add", "migrations");
  git("commit", "-q", "-m", "notes");
  writeFileSync(join(path, "migrations/00002_body.sql"), `${SECOND}-- why\n`);
  git("commit", "-q", "-a", "-m", "say why, twice");
  const signed = await runAim(
    ["approve", "--as", "ada@example.com", "--key", "key", "--reason", "unused"],
    { cwd: path },
  );
  assert.equal(signed.code, 0, signed.stderr);
  const [table] = runnerTables("goose", "sqlite");
  run(
    join(path, "shop.db"),
    `${table?.sql}; INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (0, 1, '2026-01-01 00:00:00'), (1, 1, '2026-01-02 03:04:05')`,
  );
  const variables = { AIM_DATABASE_URL: "sqlite:shop.db" };
  const text = await runAim(["audit"], { cwd: path, variables });
  assert.equal(text.code, 0, text.stderr);
  assert.match(
    text.stdout,
    /^00001_notes\n {2}written .*=Ada <ada@example\.com>.* notes\n {2}applied +2026-01-02 03:04:05\n00002_body\n {2}written .*\n {2}edited .*say why, twice\n {2}proven .*ada@example\.com +up ok, down exact, up again ok; drop-column error.*\n {2}approved .*by ssh key: unused\n {2}pending\n$/,
  );
  const csv = await runAim(["audit", "--csv"], { cwd: path, variables });
  assert.match(csv.stdout, /^migration,event,at,who,detail,source\r\n"00001_notes","written",/);
  assert.match(csv.stdout, /,"'=Ada <ada@example\.com>",/);
  const json = JSON.parse((await runAim(["audit", "--json"], { cwd: path, variables })).stdout);
  assert.equal(json.events.length, 7);
  writeFileSync(join(path, "migrations/00002_body.sql"), SECOND);
  const edited = await runAim(["audit"], { cwd: path });
  assert.match(edited.stdout, /not-counted .*the migration was edited since/);
  assert.match(edited.stderr, /No live database was read/);
});

test("every runner that notes down when it applied a migration is understood", () => {
  const when = FORMATS.flatMap(({ name, books }) =>
    books?.applications === undefined ? [] : [{ name, ...books.applications }]
  );
  assert.deepEqual(when.map(({ name }) => name).sort(), [
    "diesel",
    "flyway",
    "goose",
    "prisma",
    "refinery",
    "sqitch",
    "sqlx",
  ]);
  for (const { name, columns, of } of when) {
    // The table as the runner makes it has those columns.
    const sql = ["postgres", "sqlite", "mysql"].flatMap((dialect) =>
      runnerTables(name, dialect).map((table) => table.sql)
    ).join("\n");
    for (const column of columns) assert.ok(sql.includes(column), `${name} ${column}`);
    const row = Object.fromEntries(columns.map((column) => [column, "1"]));
    const application = of(row);
    assert.equal(application?.at, "1", name);
    assert.ok(application?.key.includes("1"), name);
  }
});

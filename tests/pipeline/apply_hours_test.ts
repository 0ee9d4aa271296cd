/** `aim apply` in the hours of policy.no_ddl_hours. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { loadConfig } from "../../src/config/load.ts";
import { apply, openProject } from "../../src/pipeline/mod.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";

const FILES = (hours: string) => ({
  "aim.toml": `engine = "sqlite"\nformat = "migrate"\n[policy]\nno_ddl_hours = ["${hours}"]\n`,
  "migrations/000001_users.up.sql": "CREATE TABLE users (id INTEGER PRIMARY KEY);\n",
  "migrations/000001_users.down.sql": "DROP TABLE users;\n",
});

async function site(hours: string) {
  const folder = await temporaryFolder(FILES(hours));
  new DatabaseSync(join(folder.path, "live.db")).close();
  return folder;
}

test("by a clock: refused at one minute, run at the next", async () => {
  await using folder = await site("mon-fri 08:00-18:00 Europe/Berlin");
  const { config } = await loadConfig({ folder: folder.path });
  const { signal } = new AbortController();
  const at = async (now: string) => {
    const project = await openProject(config, { emit: () => {}, signal });
    const address = { url: `sqlite:${join(folder.path, "live.db")}`, variables: {} };
    return await apply(project, address, {
      to: null,
      checks: [],
      lockTimeout: 1000,
      retries: 0,
      allowDrift: false,
      allowHours: false,
      terms: { environment: null, policyFrom: null, now: new Date(now) },
      agrees: () => Promise.resolve(true),
    });
  };
  // 30 November 2026 is a Monday, and Berlin an hour ahead of UTC.
  const closed = await at("2026-11-30T16:59:00Z");
  assert.equal(closed.outcome, "refused");
  assert.deepEqual(closed.refusals.map(({ code }) => code), ["closed-hours"]);
  assert.equal((await at("2026-11-30T17:00:00Z")).outcome, "done");
  assert.equal((await at("2026-11-30T16:59:00Z")).outcome, "nothing");
});

test("--dry-run shows what is to come, and --allow-hours runs it", async () => {
  await using folder = await site("00:00-00:00");
  const aim = (...args: string[]) =>
    runAim([...args, "--url", "sqlite:live.db"], { cwd: folder.path });
  const refused = await aim("apply", "--yes");
  assert.equal(refused.code, 1, refused.stdout);
  assert.match(refused.stderr, /refused: nothing is applied 00:00-00:00[^]*--allow-hours/);
  const shown = await aim("apply", "--dry-run");
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stderr, /CREATE TABLE users/);
  const done = await aim("apply", "--yes", "--allow-hours");
  assert.equal(done.code, 0, done.stderr);
  const back = await aim("rollback", "--yes");
  assert.equal(back.code, 0, back.stderr);
});

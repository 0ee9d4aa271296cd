/** Reading a server that is at work: many sessions, no room for another, and what others see of it meanwhile. */

import assert from "node:assert/strict";
import test from "node:test";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import { runAim, serverFolders, temporaryFolder } from "../run_aim.ts";
import { NEEDS_SERVER, SERVERS, startListening } from "../runtimes/native_servers.ts";

const FILES = {
  "aim.toml": 'engine = "postgres"\nformat = "goose"\n',
  "migrations/1_users.sql":
    "-- +goose Up\nCREATE TABLE users (id int PRIMARY KEY, email text);\nCREATE VIEW emails AS SELECT email FROM users;\n-- +goose Down\nDROP VIEW emails;\nDROP TABLE users;\n",
};

/** A lock of aim on a relation of the user's, as others see it. */
interface SeenLock {
  readonly mode: string;
}

/** Asks again and again, until it is told to stop, which locks aim has, and who waits for it. */
function sample(admin: Administration) {
  let isOver = false;
  const locks: SeenLock[] = [];
  let waiting = 0;
  let turns = 0;
  const done = (async () => {
    for (; !isOver; turns++) {
      locks.push(
        ...await admin.query<SeenLock>(`
        SELECT l.mode FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE a.application_name = 'aim' AND a.usename = 'reader'
          AND l.locktype = 'relation' AND l.relation >= 16384`),
      );
      const [row] = await admin.query<{ waiting: number }>(`
        SELECT count(*)::int AS waiting FROM pg_stat_activity a, unnest(pg_blocking_pids(a.pid)) AS holder
        JOIN pg_stat_activity h ON h.pid = holder WHERE h.application_name = 'aim'`);
      waiting += row?.waiting ?? 0;
    }
  })();
  return async () => {
    isOver = true;
    await done;
    return { locks, waiting, turns };
  };
}

test(
  "beside two hundred sessions it reads, and holds nothing that others wait for",
  NEEDS_SERVER,
  async () => {
    await using server = await startListening(SERVERS[0] ?? "", {
      rules: ["host all all 127.0.0.1/32 trust"],
      settings: ["max_connections=210"],
    });
    const connect = (database: string, user = server.address.user) =>
      Administration.connect({ ...server.address, database, user }, new AbortController().signal);
    const admin = await connect("template1");
    await admin.exec("CREATE ROLE owner LOGIN; CREATE ROLE reader LOGIN");
    await admin.exec("CREATE DATABASE shop OWNER owner TEMPLATE template0");
    const first = await connect("shop");
    await first.exec("GRANT ALL ON SCHEMA public TO owner");
    await first.end();
    const owner = await connect("shop", "owner");
    await owner.exec(
      "CREATE TABLE users (id int PRIMARY KEY, email text); CREATE VIEW emails AS SELECT email FROM users",
    );
    await owner.exec(
      "CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint, is_applied bool, tstamp timestamp)",
    );
    await owner.exec(
      "INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true); GRANT SELECT ON goose_db_version TO reader",
    );
    const others: Administration[] = [];
    while (others.length < 198) {
      const some = Array.from({ length: 33 }, () => connect("shop", "owner"));
      others.push(...await Promise.all(some));
    }
    for (const one of others) await one.exec("BEGIN; SELECT count(*) FROM users");
    await using folder = await temporaryFolder(FILES);
    const aim = (...args: string[]) =>
      runAim(args, {
        cwd: folder.path,
        variables: {
          ...serverFolders(),
          AIM_DATABASE_URL:
            `postgres://reader@127.0.0.1:${server.address.port}/shop?sslmode=disable`,
        },
      });
    const stop = sample(admin);
    for (const args of [["pull", "-o", "-"], ["drift"]]) {
      const ran = await aim(...args);
      assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    }
    const seen = await stop();
    assert.ok(seen.turns > 10);
    assert.equal(seen.waiting, 0);
    // What functions of the catalog lock while they answer, as any SELECT does.
    for (const { mode } of seen.locks) assert.equal(mode, "AccessShareLock");

    // Those that are left are kept for superusers.
    const more: Administration[] = [];
    for (let turn = 0; turn < 20; turn++) {
      const one = await connect("shop", "owner").catch(() => null);
      if (one === null) break;
      more.push(one);
    }
    const full = await aim("pull", "-o", "-");
    assert.equal(full.code, 3, full.stdout);
    assert.match(full.stderr, /Cannot reach|remaining connection slots|too many/);
    for (const one of [...others, ...more, owner, admin]) await one.end();
  },
);

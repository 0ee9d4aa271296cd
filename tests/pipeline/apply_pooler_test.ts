/** What changes a database, through a pooler over TCP in front of a real server: a small one of our own, and pgbouncer where it is. */

import assert from "node:assert/strict";
import test from "node:test";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { NEEDS_SERVER, SERVERS, startListening } from "../runtimes/native_servers.ts";
import { findPgbouncer, startPgbouncer } from "./pgbouncer.ts";
import { startPooler } from "./pooler.ts";

const goose = (up: string, down: string) => `-- +goose Up\n${up};\n-- +goose Down\n${down};\n`;
const FILES = {
  "aim.toml": 'engine = "postgres"\nformat = "goose"\n',
  "schema.sql": "CREATE TABLE users (id int);\n",
  "migrations/1_users.sql": goose("CREATE TABLE users (id int)", "DROP TABLE users"),
};
/** A rehearsal would say that this one fails. */
const WRONG = goose("ALTER TABLE nowhere ADD x int", "SELECT 1");

const REFUSED = /Cannot run migrations through a pooler in transaction mode/;

const bouncer = findPgbouncer();
const POOLERS = [
  { name: "a pooler", options: NEEDS_SERVER, start: startPooler },
  {
    name: "pgbouncer",
    options: bouncer === null ? { skip: "There is no pgbouncer on this machine" } : NEEDS_SERVER,
    start: (...args: Parameters<typeof startPooler>) => startPgbouncer(bouncer ?? "", ...args),
  },
];

for (const { name, options, start } of POOLERS) {
  for (const mode of ["transaction", "session"] as const) {
    test(`apply, rollback and push through ${name} in ${mode} mode`, options, async () => {
      await using server = await startListening(SERVERS[0] ?? "", {
        rules: ["host all all 127.0.0.1/32 trust"],
      });
      const admin = await Administration.connect(server.address, new AbortController().signal);
      await admin.exec("CREATE ROLE owner LOGIN");
      await admin.exec("CREATE DATABASE shop OWNER owner TEMPLATE template0");
      await admin.end();
      await using pooler = await start(server.address, mode);
      await using folder = await temporaryFolder(FILES);
      await using broken = await temporaryFolder({ ...FILES, "migrations/2_wrong.sql": WRONG });
      const aim = (port: number, args: readonly string[], cwd = folder.path) =>
        runAim(args, {
          cwd,
          variables: {
            AIM_DATABASE_URL: `postgres://owner@127.0.0.1:${port}/shop?sslmode=disable`,
          },
        });
      const commands = [["apply", "--yes"], ["rollback", "--yes"], ["push", "--yes", "--force"]];
      if (mode === "session") {
        for (const args of commands) {
          const pooled = await aim(pooler.port, args);
          assert.equal(pooled.code, 0, pooled.stderr);
        }
        return;
      }
      const early = await aim(pooler.port, ["apply", "--yes"], broken.path);
      assert.equal(early.code, 3, early.stdout + early.stderr);
      assert.match(early.stderr, REFUSED);
      assert.doesNotMatch(early.stdout + early.stderr, /nowhere/);
      const direct = await aim(server.address.port, ["apply", "--yes"]);
      assert.equal(direct.code, 0, direct.stderr);
      assert.match(direct.stderr, /applied: 1 migration/);
      const nothing = await aim(pooler.port, ["apply", "--yes"]);
      assert.equal(nothing.code, 0, nothing.stderr);
      for (const args of [["rollback", "--yes"], ["push", "--yes", "--force"]]) {
        const pooled = await aim(pooler.port, args);
        assert.equal(pooled.code, 3, pooled.stdout + pooled.stderr);
        assert.match(pooled.stderr, REFUSED);
      }
    });
  }
}

/** `aim apply` through a pooler over TCP, in front of a real server. */

import assert from "node:assert/strict";
import test from "node:test";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { NEEDS_SERVER, SERVERS, startListening } from "../runtimes/native_servers.ts";
import { startPooler } from "./pooler.ts";

const FILES = {
  "aim.toml": 'engine = "postgres"\nformat = "goose"\n',
  "migrations/1_users.sql":
    "-- +goose Up\nCREATE TABLE users (id int);\n-- +goose Down\nDROP TABLE users;\n",
};

for (const mode of ["transaction", "session"] as const) {
  test(`apply through a pooler in ${mode} mode`, NEEDS_SERVER, async () => {
    await using server = await startListening(SERVERS[0] ?? "", {
      rules: ["host all all 127.0.0.1/32 trust"],
    });
    const admin = await Administration.connect(server.address, new AbortController().signal);
    await admin.exec("CREATE ROLE owner LOGIN");
    await admin.exec("CREATE DATABASE shop OWNER owner TEMPLATE template0");
    await admin.end();
    await using pooler = await startPooler(server.address, mode);
    await using folder = await temporaryFolder(FILES);
    const url = (port: number) => `postgres://owner@127.0.0.1:${port}/shop?sslmode=disable`;
    const apply = (port: number) =>
      runAim(["apply", "--yes"], {
        cwd: folder.path,
        variables: { AIM_DATABASE_URL: url(port) },
      });
    const pooled = await apply(pooler.port);
    if (mode === "session") {
      assert.equal(pooled.code, 0, pooled.stderr);
      return;
    }
    assert.equal(pooled.code, 3, pooled.stdout + pooled.stderr);
    assert.match(pooled.stderr, /Cannot run migrations through a pooler in transaction mode/);
    const direct = await apply(server.address.port);
    assert.equal(direct.code, 0, direct.stderr);
    assert.match(direct.stderr, /applied: 1 migration/);
  });
}

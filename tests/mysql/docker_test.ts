/** MySQL and MariaDB in containers. Only for the images that AIM_TEST_DOCKER names: "mariadb-10.11,mysql-9.7". */

import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { DatabaseError } from "../../src/core/error.ts";
import { mariadb, mysql } from "../../src/engines/mysql/mod.ts";
import { findEngine, runCommand } from "../../src/runtimes/docker/engine.ts";
import { imageFor } from "../../src/runtimes/docker/images.ts";
import { mysqlDocker } from "../../src/runtimes/mysql_docker.ts";
import type { Target } from "../../src/runtimes/runtime.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";

const IMAGES = (process.env.AIM_TEST_DOCKER ?? "").split(",").flatMap((text) => {
  const [, dialect, version] = /^(mysql|mariadb)-([\d.]+)$/.exec(text) ?? [];
  return dialect === undefined || version === undefined ? [] : [{ dialect, version }];
});

const options = { emit: () => {}, signal: new AbortController().signal };

async function containers(): Promise<readonly string[]> {
  const engine = await findEngine();
  assert.ok(typeof engine !== "string", String(engine));
  const filter = ["ps", "--all", "--quiet", "--filter", `label=io.aim.pid=${process.pid}`];
  return (await runCommand(engine, filter)).stdout.split("\n").filter((id) => id !== "");
}

for (const { dialect, version } of IMAGES) {
  const target: Target = { dialect, version, needs: [], anyVersion: false };

  test(`a scratch database on ${dialect} ${version} in a container, remembered and restored`, async () => {
    assert.equal(await mysqlDocker.refuses(target), null);
    const server = await mysqlDocker.start(target, options);
    try {
      assert.ok(server.version.startsWith(version), server.version);
      await using database = await server.create();
      await database.exec("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
      const state = await database.checkpoint();
      await database.exec("DROP TABLE t");
      await database.rewind(state);
      assert.deepEqual(await database.query("SELECT a FROM t"), [{ a: 1 }]);
      await database.exec("CREATE DEFINER = app@`%` VIEW v AS SELECT 1 AS one");
      const engine = dialect === "mysql" ? mysql : mariadb;
      const { objects } = await engine.inspect(database, { ignoreTables: [], definer: "strict" });
      assert.equal(objects.get("view:v")?.facts.definer, "app@%");
      // Nothing else of the server is in reach.
      await assert.rejects(database.exec("CREATE DATABASE other"), DatabaseError);
      await assert.rejects(database.query("SELECT * FROM mysql.user"), DatabaseError);
      const engineOf = await findEngine();
      assert.ok(typeof engineOf !== "string");
      const [id = ""] = await containers();
      const { stdout } = await runCommand(engineOf, [
        ...["inspect", "--format"],
        "{{.HostConfig.NetworkMode}} {{len .HostConfig.PortBindings}} {{.HostConfig.CapDrop}} {{json .Args}}",
        id,
      ]);
      assert.match(stdout, /^none 0 \[ALL\] /);
      assert.doesNotMatch(stdout, /PASSWORD=/);
    } finally {
      await server[Symbol.asyncDispose]();
    }
    assert.deepEqual(await containers(), []);
  });

  test(`a migration is proven on ${dialect} ${version} in a container`, async () => {
    await using folder = await temporaryFolder({
      "aim.toml": `engine = "${dialect}-${version}"\nruntime = "docker"\n`,
      "schema.sql": "CREATE TABLE t (a int PRIMARY KEY, b varchar(20));\n",
      "migrations/000001_begin.up.sql": "CREATE TABLE t (a int PRIMARY KEY);\n",
      "migrations/000001_begin.down.sql": "DROP TABLE t;\n",
    });
    const { code, stderr } = await runAim(["generate", "--name", "b"], { cwd: folder.path });
    assert.equal(code, 0, stderr);
    assert.match(stderr, new RegExp(`proven on docker ${version.replaceAll(".", "\\.")}`));
    assert.deepEqual(await containers(), []);
  });
}

test("the official image is that of the version, and a setting names another", async () => {
  const target: Target = { dialect: "mysql", version: "8.0", needs: [], anyVersion: false };
  assert.equal(imageFor(target), "mysql:8.0");
  assert.equal(imageFor({ ...target, dialect: "mariadb", version: "11.8.2" }), "mariadb:11.8.2");
  const image = { name: "percona/percona-server:8.4", isTrusted: false };
  assert.equal(imageFor({ ...target, image }), image.name);
  assert.match(String(await mysqlDocker.refuses({ ...target, image })), /`aim trust` allows it/);
  assert.equal(await mysqlDocker.mends?.({ ...target, image }), "aim trust");
  assert.match(
    String(await mysqlDocker.refuses({ ...target, dialect: "postgres" })),
    /not started/,
  );
});

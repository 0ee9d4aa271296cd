/** Reading a MySQL or MariaDB server that is at work, and over connections that must be protected. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { findPrograms } from "../../src/runtimes/mysql_server/program.ts";
import { Session } from "../../src/runtimes/mysql_server/session.ts";
import { PASSWORD, startRemote } from "../mysql/remote_server.ts";
import { runAim, serverFolders, temporaryFolder } from "../run_aim.ts";

const SHOP = `CREATE DATABASE shop; USE shop;
CREATE TABLE users (id int PRIMARY KEY, email varchar(100));
CREATE VIEW emails AS SELECT email FROM users;
CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint, is_applied bool, tstamp timestamp);
INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true);
CREATE USER reader@'%' IDENTIFIED BY '${PASSWORD}';
GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON shop.* TO reader@'%';
CREATE USER locked@'%' IDENTIFIED BY '${PASSWORD}' REQUIRE SSL;
GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON shop.* TO locked@'%';`;

const migration = `-- +goose Up
CREATE TABLE users (id int PRIMARY KEY, email varchar(100));
CREATE VIEW emails AS SELECT email FROM users;
-- +goose Down
DROP VIEW emails;
DROP TABLE users;
`;

for (const program of await findPrograms()) {
  const { family } = program;
  const files = {
    "aim.toml": `engine = "${family}"\nformat = "goose"\n`,
    "migrations/1_users.sql": migration,
  };

  test(`${family}: beside locks and many sessions it reads, and keeps nobody waiting`, async () => {
    await using server = await startRemote(program, { tls: false });
    const { admin, port } = server;
    await admin.run(`${SHOP} SET GLOBAL max_connections = 210`);
    await using folder = await temporaryFolder(files);
    const url = (user: string) =>
      `mysql://${user}:${PASSWORD}@127.0.0.1:${port}/shop?ssl-mode=DISABLED`;
    const aim = async (user: string, ...args: string[]) => {
      const variables = { ...serverFolders(), AIM_DATABASE_URL: url(user) };
      const ran = await runAim(args, { cwd: folder.path, variables });
      assert.doesNotMatch(ran.stdout + ran.stderr, new RegExp(PASSWORD));
      return ran;
    };
    const open = () => Session.open({ host: "127.0.0.1", port, user: "wide", password: PASSWORD });
    const whole = async (what: string) => {
      const pulled = await aim("reader", "pull", "-o", "-");
      assert.equal(pulled.code, 0, `${what}: ${pulled.stderr}`);
      assert.match(pulled.stdout, /CREATE TABLE users[^]*CREATE VIEW emails/, what);
      const drift = await aim("reader", "drift", "--exit-code");
      assert.equal(drift.code, 0, `${what}: ${drift.stdout}${drift.stderr}`);
    };

    const others: Session[] = [];
    using _ = {
      [Symbol.dispose]: () => {
        for (const one of others) one.close();
      },
    };
    const other = async () => {
      const one = await open();
      others.push(one);
      return one;
    };
    const holder = await other();
    await holder.run("USE shop; LOCK TABLES users WRITE, goose_db_version READ");
    await whole("LOCK TABLES ... WRITE");
    await holder.run("UNLOCK TABLES");

    // One that reads keeps a definition waiting, and whoever comes behind that one waits as well.
    await holder.run("START TRANSACTION; SELECT * FROM users");
    const waiting = await other();
    const altered = waiting.run("USE shop; ALTER TABLE users ADD COLUMN late int").catch(() => {});
    for (;;) {
      const [row] = await admin.ask<{ waiting: unknown }>(
        "SELECT count(*) AS waiting FROM information_schema.processlist WHERE state LIKE 'Waiting for table metadata%'",
        1 << 16,
      );
      if (Number(row?.waiting) > 0) break;
    }
    await whole("a definition that waits");
    await admin.run(`KILL QUERY ${waiting.id}`);
    await altered;
    await holder.run("ROLLBACK");

    while (others.length < 198) await other();
    for (const one of others) await one.run("USE shop; START TRANSACTION; SELECT * FROM users");
    await whole("198 sessions");
    while (true) {
      try {
        await other();
      } catch {
        break;
      }
    }
    const full = await aim("reader", "pull", "-o", "-");
    assert.equal(full.code, 3, full.stdout);
    assert.match(full.stderr, /Too many connections/);
    for (const one of others.splice(0)) one.close();

    const nobody = await aim("nobody", "pull", "-o", "-");
    assert.equal(nobody.code, 3, nobody.stdout);
    assert.match(nobody.stderr, /Cannot use .*shop: [^]*grant it, or use another account/);
  });

  test(`${family}: a connection is protected as its address says, or there is none`, async () => {
    const made = certificates();
    await using _ = { [Symbol.asyncDispose]: () => rm(made.folder, { recursive: true }) };
    await using folder = await temporaryFolder(files);
    const tried = async (port: number, user: string, mode: string, ca?: string) => {
      const authority = ca === undefined ? "" : `&ssl-ca=${encodeURIComponent(ca)}`;
      const AIM_DATABASE_URL =
        `mysql://${user}:${PASSWORD}@localhost:${port}/shop?ssl-mode=${mode}${authority}`;
      const ran = await runAim(["status"], { cwd: folder.path, variables: { AIM_DATABASE_URL } });
      return { ...ran, said: `${mode} as ${user}: ${ran.stdout}${ran.stderr}` };
    };
    const lets = async (...args: Parameters<typeof tried>) => {
      const { code, said } = await tried(...args);
      assert.equal(code, 0, said);
    };
    const refuses = async (why: RegExp, ...args: Parameters<typeof tried>) => {
      const { code, said, stderr } = await tried(...args);
      assert.equal(code, 3, said);
      assert.match(stderr, why, said);
    };
    const { ca, other, right, strange, expired } = made;
    {
      await using server = await startRemote(program, { pair: right });
      await server.admin.run(SHOP);
      const { port } = server;
      // The server lets this account in over TLS alone.
      for (const mode of ["PREFERRED", "REQUIRED"]) await lets(port, "locked", mode);
      await lets(port, "locked", "VERIFY_CA", ca);
      await lets(port, "locked", "VERIFY_IDENTITY", ca);
      await refuses(/Cannot log in/, port, "locked", "DISABLED");
      for (const mode of ["VERIFY_CA", "VERIFY_IDENTITY"]) {
        await refuses(/certificate/, port, "locked", mode);
        await refuses(/certificate/, port, "locked", mode, other);
      }
    }
    {
      await using server = await startRemote(program, { pair: strange });
      await server.admin.run(SHOP);
      await lets(server.port, "locked", "VERIFY_CA", ca);
      await refuses(/certificate|altnames/, server.port, "locked", "VERIFY_IDENTITY", ca);
    }
    {
      await using server = await startRemote(program, { pair: expired });
      await server.admin.run(SHOP);
      await lets(server.port, "locked", "REQUIRED");
      await refuses(/certificate/, server.port, "locked", "VERIFY_CA", ca);
    }
    {
      await using server = await startRemote(program, { tls: false });
      await server.admin.run(SHOP);
      await lets(server.port, "reader", "PREFERRED");
      for (const mode of ["REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY"]) {
        await refuses(/does not speak TLS/, server.port, "reader", mode);
      }
    }
  });
}

/** Two authorities; certificates of the first for this machine, for another name, and for a time that is over. */
function certificates() {
  const folder = mkdtempSync(join(tmpdir(), "aim-certificates-"));
  const path = (name: string) => join(folder, name);
  const openssl = (...args: readonly string[]) => {
    const done = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
    if (done.status !== 0) throw new Error(done.stderr);
  };
  const request = ["req", "-newkey", "rsa:2048", "-nodes", "-sha256"];
  for (const name of ["ca", "other"]) {
    openssl(
      ...[...request, "-x509", "-days", "2", "-subj", `/CN=${name}`],
      ...["-keyout", path(`${name}.key`), "-out", path(`${name}.pem`)],
    );
  }
  const signed = (name: string, host: string, days: readonly string[]) => {
    openssl(
      ...[...request, "-subj", `/CN=${host}`, "-keyout", path(`${name}.key`)],
      ...["-out", path(`${name}.csr`)],
    );
    writeFileSync(path(`${name}.ext`), `subjectAltName=DNS:${host}\n`);
    openssl(
      ...["x509", "-req", "-in", path(`${name}.csr`), "-out", path(`${name}.pem`), "-sha256"],
      ...["-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-CAcreateserial"],
      ...["-extfile", path(`${name}.ext`), ...days],
    );
    return { certificate: path(`${name}.pem`), key: path(`${name}.key`) };
  };
  return {
    folder,
    ca: path("ca.pem"),
    other: path("other.pem"),
    right: signed("right", "localhost", ["-days", "2"]),
    strange: signed("strange", "elsewhere.invalid", ["-days", "2"]),
    expired: signed("expired", "localhost", ["-days", "-1"]),
  };
}

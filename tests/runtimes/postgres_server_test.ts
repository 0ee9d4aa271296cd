import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { DatabaseError, UsageError } from "../../src/core/error.ts";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import type { PostgresAddress } from "../../src/runtimes/postgres_server/address.ts";
import { parsePostgresUrl } from "../../src/runtimes/postgres_server/parse_url.ts";
import { openPostgresServer } from "../../src/runtimes/postgres_server/server.ts";
import { runAim } from "../run_aim.ts";
import { NEEDS_SERVER, selfSigned, SERVERS, startListening } from "./native_servers.ts";

const EXAMPLE = fileURLToPath(new URL("../../examples/postgres", import.meta.url));
const [VERSION = ""] = SERVERS;

/** Addresses as libpq reads them. */
const ADDRESSES: readonly (readonly [url: string, address: Partial<PostgresAddress>])[] = [
  ["postgres://u:p@h:1/d", { user: "u", password: "p", host: "h", port: 1, database: "d" }],
  ["postgresql://u@h/d", { password: null, port: 5432, tls: "prefer" }],
  ["postgres://a%40b:c%3Ad%2F@h/e%20f", { user: "a@b", password: "c:d/", database: "e f" }],
  ["postgres://u@[::1]:5433/d", { host: "::1", port: 5433 }],
  ["postgres://u@%2Frun%2Fpostgresql/d", { host: "/run/postgresql" }],
  ["postgres:///d?host=/tmp&user=u&port=77&password=x", { host: "/tmp", port: 77, password: "x" }],
  ["postgres://u@h/d?sslmode=verify-full", { tls: "verify-full" }],
  ["postgres://u@h", { database: "u" }],
  ["postgres://u:@h/d", { password: "" }],
  ["postgres://u@h/d?connect_timeout=3", { connectTimeout: 3000 }],
  ["postgres://u@h/d?options=-c%20work_mem%3D5MB&schema=x&pgbouncer=true", {
    parameters: { options: "-c work_mem=5MB" },
  }],
];

test("addresses of servers are read as libpq reads them", () => {
  for (const [url, expected] of ADDRESSES) {
    const address = parsePostgresUrl(url, {});
    for (const [name, value] of Object.entries(expected)) {
      assert.deepEqual(address[name as keyof PostgresAddress], value, `${url}: ${name}`);
    }
  }
  const filled = parsePostgresUrl("postgres:///", {
    PGHOST: "db",
    PGUSER: "me",
    PGPASSWORD: "x",
    PGSSLMODE: "require",
  });
  assert.deepEqual([filled.host, filled.user, filled.password, filled.tls], [
    "db",
    "me",
    "x",
    "require",
  ]);
});

test("an address that cannot be read is an error that does not show it", () => {
  for (
    const url of [
      "mysql://u:canary-secret@h/d",
      "postgres://u:canary-secret%zz@h/d",
      "postgres://u:canary-secret@h:99999/d",
      "postgres://u:canary-secret@h/d?sslmode=maybe",
      "postgres://u:canary-secret@a,b/d",
      "canary-secret",
    ]
  ) {
    assert.throws(
      () => parsePostgresUrl(url, {}),
      (error) =>
        error instanceof UsageError && !`${error.message} ${error.hint}`.includes("canary"),
    );
  }
});

test("logins by password, and a wrong one", NEEDS_SERVER, async () => {
  for (const method of ["scram-sha-256", "password", "md5"]) {
    await using server = await startListening(VERSION, {
      rules: ["local all all scram-sha-256", `host all all 127.0.0.1/32 ${method}`],
    });
    const admin = await connect(server.address);
    await admin.exec(
      "SET password_encryption = 'md5'; CREATE ROLE old LOGIN PASSWORD 'gänse füße'",
    );
    await admin.end();
    assert.equal(await userOf({ ...server.address, host: server.folder }), "aim_server");
    if (method !== "scram-sha-256") {
      const old = { ...server.address, user: "old", password: "gänse füße" };
      assert.equal(await userOf(old), "old");
    }
    const wrong = await failure(connect({ ...server.address, password: "canary-secret" }));
    assert.equal(wrong.code, "28P01");
    assert.doesNotMatch(wrong.message, /canary/);
    const none = await failure(connect({ ...server.address, password: null }));
    assert.match(none.message, /asks for the password of "aim_server"/);
  }
});

test("TLS is as strong as the address demands", NEEDS_SERVER, async () => {
  const own = selfSigned("localhost");
  const other = selfSigned("localhost");
  await using server = await startListening(VERSION, {
    rules: ["hostssl all all 127.0.0.1/32 scram-sha-256"],
    settings: ["ssl=on"],
    prepare: (data) => {
      writeFileSync(join(data, "server.crt"), own.certificate);
      writeFileSync(join(data, "server.key"), own.key);
      chmodSync(join(data, "server.key"), 0o600);
    },
  });
  const address = { ...server.address, host: "localhost" };
  const trusted = { rootCertificates: own.certificate };
  const good: readonly Partial<PostgresAddress>[] = [
    { tls: "prefer" },
    { tls: "require" },
    { tls: "require", ...trusted },
    { tls: "verify-ca", ...trusted },
    { tls: "verify-full", ...trusted },
  ];
  for (const part of good) {
    assert.equal(await encryptionOf({ ...address, ...part }), true, JSON.stringify(part.tls));
  }
  const bad: readonly Partial<PostgresAddress>[] = [
    { tls: "disable" },
    { tls: "verify-ca" },
    { tls: "verify-full" },
    { tls: "require", rootCertificates: other.certificate },
    { tls: "verify-ca", rootCertificates: other.certificate },
    { tls: "verify-full", rootCertificates: other.certificate },
    { tls: "verify-full", ...trusted, host: "127.0.0.1" },
  ];
  for (const part of bad) {
    await failure(connect({ ...address, ...part }));
  }
});

test(
  "a server without TLS gets no password where the address demands it",
  NEEDS_SERVER,
  async () => {
    await using server = await startListening(VERSION, {
      rules: ["host all all 127.0.0.1/32 scram-sha-256"],
    });
    assert.equal(await encryptionOf({ ...server.address, tls: "prefer" }), false);
    for (const tls of ["require", "verify-ca", "verify-full"] as const) {
      const error = await failure(connect({ ...server.address, tls }));
      assert.match(error.message, /does not speak TLS/);
    }
  },
);

/** What takes connections and is no Postgres: it says this and closes, or says nothing. */
const STRANGERS: readonly (Uint8Array | null)[] = [
  Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"),
  Buffer.from("S"),
  Buffer.from("N\x00\x00"),
  Buffer.from("R\x7f\xff\xff\xff\x00\x00\x00\x00", "latin1"),
  Buffer.from("E\x00\x00\x00\x05\x00", "latin1"),
  Buffer.alloc(0),
  null,
];

test("what is no Postgres is an error, in time", async () => {
  for (const answer of STRANGERS) {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", () => {
        if (answer !== null) socket.end(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const place = server.address();
    assert.ok(typeof place === "object" && place !== null);
    const address: PostgresAddress = {
      host: "127.0.0.1",
      port: place.port,
      user: "u",
      password: "canary-secret",
      database: "d",
      tls: "prefer",
      connectTimeout: 300,
    };
    for (const tls of ["disable", "prefer", "require"] as const) {
      const error = await failure(connect({ ...address, tls }));
      assert.match(error.message, /^Cannot (?:connect|log in) to/);
    }
    server.close();
  }
});

test(
  "an address: databases of one's own, dropped at the end, and no other is touched",
  NEEDS_SERVER,
  async () => {
    await using server = await startListening(VERSION, {
      rules: ["host all all 127.0.0.1/32 scram-sha-256"],
    });
    const admin = await connect(server.address);
    const password = "canary:secret/with %";
    await admin.exec(`CREATE ROLE dev LOGIN CREATEDB CREATEROLE PASSWORD '${password}'`);
    await admin.exec("CREATE ROLE weak LOGIN PASSWORD 'canary-secret'");
    await admin.exec("CREATE DATABASE aim_scratch_1_abcdef01_1 OWNER dev");
    await admin.exec("CREATE DATABASE aim_scratch_mine OWNER dev");
    const before = (await databases(admin)).filter((name) => name !== "aim_scratch_1_abcdef01_1");
    const { port } = server.address;
    const url = (user: string, secret: string) =>
      `postgres://${user}:${encodeURIComponent(secret)}@127.0.0.1:${port}/postgres`;
    const runs = await Promise.all([1, 2].map(() =>
      runAim([
        "generate",
        "--dry-run",
        "--exact",
        "--engine",
        `postgres-${VERSION}`,
        "-v",
        "-C",
        EXAMPLE,
      ], {
        variables: { AIM_DEV_URL: url("dev", password) },
      })
    ));
    for (const { code, stdout, stderr } of runs) {
      assert.equal(code, 0, stderr);
      assert.match(stderr, /proven on url/);
      assert.doesNotMatch(stdout + stderr, /canary/);
    }
    assert.deepEqual(await databases(admin), before);

    const refused = await runAim([
      "diff",
      "--engine",
      "postgres",
      "--dev-url",
      url("weak", "canary-secret"),
      "-C",
      EXAMPLE,
    ]);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /may not create databases/);
    const wrong = await runAim([
      "diff",
      "--engine",
      "postgres",
      "--dev-url",
      url("dev", "canary-wrong"),
      "-C",
      EXAMPLE,
    ]);
    assert.equal(wrong.code, 3);
    assert.match(wrong.stderr, /password authentication failed/);
    const other = await runAim([
      "diff",
      "--engine",
      "postgres-13",
      "--exact",
      "--dev-url",
      url("dev", password),
      "-C",
      EXAMPLE,
    ]);
    assert.equal(other.code, 3);
    for (const { stdout, stderr } of [refused, wrong, other]) {
      assert.doesNotMatch(stdout + stderr, /canary/);
    }
    await admin.end();
  },
);

test(
  "an address: a state comes back with the roles that scripts created",
  NEEDS_SERVER,
  async () => {
    await using server = await startListening(VERSION, {
      rules: ["host all all 127.0.0.1/32 scram-sha-256"],
    });
    const admin = await connect(server.address);
    await admin.exec("CREATE ROLE dev LOGIN CREATEDB CREATEROLE PASSWORD 'x'; CREATE ROLE theirs");
    const address = { ...server.address, user: "dev", password: "x", database: "postgres" };
    const { signal } = new AbortController();
    {
      await using scratch = await openPostgresServer({
        runtime: "url",
        address,
        isPrivate: false,
        signal,
      });
      const database = await scratch.create();
      const start = await database.checkpoint();
      await database.exec("CREATE ROLE made; CREATE TABLE t ()");
      await admin.exec("CREATE ROLE theirs_too");
      await database.rewind(start);
      assert.deepEqual(await roles(admin), ["dev", "theirs", "theirs_too"]);
      await database.exec("CREATE ROLE made; CREATE TABLE t ()");
      assert.deepEqual(await roles(admin), ["dev", "made", "theirs", "theirs_too"]);
    }
    assert.deepEqual(await roles(admin), ["dev", "theirs", "theirs_too"]);
    assert.deepEqual((await databases(admin)).filter((name) => name.startsWith("aim_")), []);
    await admin.end();
  },
);

function connect(address: PostgresAddress): Promise<Administration> {
  return Administration.connect(address, new AbortController().signal);
}

async function userOf(address: PostgresAddress): Promise<unknown> {
  const admin = await connect(address);
  const value = await admin.value("SELECT session_user::text AS value");
  await admin.end();
  return value;
}

async function encryptionOf(address: PostgresAddress): Promise<unknown> {
  const admin = await connect(address);
  const value = await admin.value(
    "SELECT ssl AS value FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
  );
  await admin.end();
  return value;
}

async function databases(admin: Administration): Promise<string[]> {
  const rows = await admin.query<{ datname: string }>("SELECT datname FROM pg_database ORDER BY 1");
  return rows.map(({ datname }) => datname);
}

async function roles(admin: Administration): Promise<string[]> {
  const rows = await admin.query<{ rolname: string }>(
    "SELECT rolname FROM pg_roles WHERE oid >= 16384 AND rolname <> 'postgres' ORDER BY 1",
  );
  return rows.map(({ rolname }) => rolname);
}

async function failure(action: Promise<unknown>): Promise<DatabaseError> {
  try {
    await action;
  } catch (error) {
    assert.ok(error instanceof DatabaseError, String(error));
    return error;
  }
  assert.fail("it did not fail");
}

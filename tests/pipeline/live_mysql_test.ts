import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { UsageError } from "../../src/core/error.ts";
import { isMysqlUrl, readAddress } from "../../src/engines/mysql/live_address.ts";
import { hiddenFrom } from "../../src/engines/mysql/live_grants.ts";
import { findPrograms } from "../../src/runtimes/mysql_server/program.ts";
import { PASSWORD, startRemote } from "../mysql/remote_server.ts";
import { runAim, serverFolders, temporaryFolder } from "../run_aim.ts";

const USERS = `CREATE TABLE users (
  id int PRIMARY KEY, email varchar(200) NOT NULL, born date, UNIQUE KEY users_email (email)
);`;
const MORE = `CREATE TABLE orders (
  id int PRIMARY KEY, user_id int NOT NULL, total decimal(12, 2) NOT NULL DEFAULT 0,
  CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE VIEW totals AS SELECT user_id, sum(total) AS total FROM orders GROUP BY user_id;
CREATE TRIGGER touched BEFORE INSERT ON orders FOR EACH ROW SET NEW.total = abs(NEW.total);`;

const goose = (up: string, down: string) => `-- +goose Up\n${up}\n-- +goose Down\n${down}\n`;

for (const program of await findPrograms()) {
  const { family } = program;
  test(`a database of ${family} is pulled, migrated, looked at, and taken back`, async () => {
    await using server = await startRemote(program, { tls: false });
    const { admin, port } = server;
    await admin.run("CREATE DATABASE shop");
    await using folder = await temporaryFolder({
      "aim.toml": `engine = "${family}"\nformat = "goose"\n`,
      "migrations/1_users.sql": goose(USERS, "DROP TABLE users;"),
      "migrations/2_more.sql": goose(
        MORE,
        "DROP VIEW totals;\nDROP TABLE orders;",
      ),
    });
    const AIM_DATABASE_URL = `mysql://wide:${PASSWORD}@127.0.0.1:${port}/shop?ssl-mode=DISABLED`;
    const aim = async (...args: string[]) => {
      const variables = { ...serverFolders(), AIM_DATABASE_URL };
      const ran = await runAim(args, { cwd: folder.path, variables });
      assert.doesNotMatch(ran.stdout + ran.stderr, /Canary|row-canary/);
      return ran;
    };
    const states = async () => {
      const { stdout } = await aim("status", "--json");
      return JSON.parse(stdout).migrations.map(({ state }: { state: string }) => state);
    };
    assert.deepEqual(await states(), ["pending", "pending"]);
    const applied = await aim("apply", "--yes");
    assert.equal(applied.code, 0, applied.stderr);
    assert.deepEqual(await states(), ["applied", "applied"]);
    await admin.run("INSERT INTO shop.users VALUES (1, 'row-canary@example.com', NULL)");
    const drift = await aim("drift", "--json");
    assert.equal(JSON.parse(drift.stdout).outcome, "in-sync", drift.stdout);
    await admin.run("CREATE INDEX by_hand ON shop.users (born)");
    assert.match((await aim("drift")).stdout, /\+ index +users\.by_hand/);
    const pulled = await aim("pull", "-o", "pulled.sql");
    assert.equal(pulled.code, 0, pulled.stderr);
    const text = readFileSync(join(folder.path, "pulled.sql"), "utf8");
    assert.match(text, /CREATE TABLE orders[^]*CREATE TRIGGER touched[^]*CREATE VIEW totals/);
    assert.doesNotMatch(text, /goose|DEFINER/);
    const same = await aim("drift", "--against", "schema", "--schema", "pulled.sql", "--exit-code");
    assert.equal(same.code, 0, same.stdout + same.stderr);
    assert.match((await aim("stats", "-o", "-")).stdout, /\[tables\."users"\]/);
    await admin.run("DROP INDEX by_hand ON shop.users");
    const back = await aim("rollback", "--yes");
    assert.equal(back.code, 0, back.stderr);
    const lossy = await aim("rollback", "--yes");
    assert.equal(lossy.code, 1, lossy.stderr);
    assert.match(lossy.stderr, /drops the table users, which holds rows/);
    assert.deepEqual(await states(), ["applied", "pending"]);

    // An account that sees less than there is.
    await admin.run(
      `CREATE USER weak@'%' IDENTIFIED BY '${PASSWORD}'; GRANT SELECT ON shop.* TO weak@'%'`,
    );
    const weak = await aim(
      "status",
      "--url",
      AIM_DATABASE_URL.replace("//wide:", "//weak:"),
    );
    assert.match(weak.stderr, /may not see all: .*triggers \(TRIGGER\)/);
    const wrong = await aim("status", "--url", AIM_DATABASE_URL.replace(PASSWORD, `${PASSWORD}x`));
    assert.equal(wrong.code, 3, wrong.stderr);
  });
}

test("addresses of all forms", () => {
  const read = (url: string) => {
    const { address: { host, port, user, password, socket, tls }, database } = readAddress(url);
    return [user, password, host, port, database, socket, tls].join(" ");
  };
  const cases: readonly (readonly [string, string])[] = [
    ["mysql://a:b@h:1/d", "a b h 1 d  PREFERRED"],
    ["mariadb://a:b%40c@h/d?ssl-mode=REQUIRED", "a b@c h 3306 d  REQUIRED"],
    ["mysql+pymysql://a:b@h/d?sslmode=disable", "a b h 3306 d  DISABLED"],
    ["jdbc:mariadb://h:2/d?user=a&password=b&sslMode=verify-full", "a b h 2 d  VERIFY_IDENTITY"],
    ["jdbc:mysql://a:b@h/d", "a b h 3306 d  PREFERRED"],
    ["a:b@tcp(h:3)/d?tls=skip-verify&parseTime=true", "a b h 3 d  REQUIRED"],
    ["a:p@:ss@tcp(h:3)/d", "a p@:ss h 3 d  PREFERRED"],
    ["mysql://a:b@tcp(h:3)/d", "a b h 3 d  PREFERRED"],
    ["a:b@unix(/run/s.sock)/d", "a b localhost 3306 d /run/s.sock PREFERRED"],
    ["mysql://a@[::1]:4/d", "a  ::1 4 d  PREFERRED"],
  ];
  for (const [url, wanted] of cases) {
    assert.ok(isMysqlUrl(url), url);
    assert.equal(read(url), wanted, url);
  }
  for (const url of ["mysql://a:canary@h", "mysql://a:canary@h/d?useSSL=true", "mysql://h/d"]) {
    assert.throws(
      () => readAddress(url),
      (error) => error instanceof UsageError && !/canary/.test(error.message),
      url,
    );
  }
  assert.equal(isMysqlUrl("postgres://h/d"), false);
});

test("what an account does not see is read from its grants", () => {
  const hidden = (grants: readonly string[]) => hiddenFrom(grants, "my_shop", "mariadb").length;
  assert.equal(hidden(["GRANT ALL PRIVILEGES ON *.* TO `a`@`%`"]), 0);
  assert.equal(hidden(["GRANT ALL PRIVILEGES ON `my\\_shop`.* TO `a`@`%`"]), 0);
  assert.equal(hidden(["GRANT ALL PRIVILEGES ON `other`.* TO `a`@`%`"]), 4);
  assert.equal(hidden(["GRANT SELECT, SHOW VIEW, TRIGGER ON `my%`.* TO `a`@`%`"]), 2);
});

/** What fails on a live database is said without the values of its rows. */

import assert from "node:assert/strict";
import test from "node:test";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import { findPrograms } from "../../src/runtimes/mysql_server/program.ts";
import { PASSWORD, startRemote } from "../mysql/remote_server.ts";
import { runAim, serverFolders, temporaryFolder } from "../run_aim.ts";
import { NEEDS_SERVER, SERVERS, startListening } from "../runtimes/native_servers.ts";

const TABLE = "CREATE TABLE users (id int PRIMARY KEY, email varchar(100), age varchar(20))";
/** A value with what ends a quotation in a message. */
const AGE = `canary"it's (odd)`;
const ROWS = `INSERT INTO users VALUES (1, 'row-canary@example.com', '${
  AGE.replaceAll("'", "''")
}'), (2, 'row-canary@example.com', NULL)`;
/** What one of the statements makes of it. */
const NUMBER = AGE.charCodeAt(0) * 47114711;
const UNIQUE = "CREATE UNIQUE INDEX users_email ON users (email)";

/** Statements that rows refuse, each with what is still said. */
const UNDER_ROWS = {
  postgres: [
    [UNIQUE, /could not create unique index/],
    ["ALTER TABLE users ALTER age TYPE int USING age::int", /invalid input syntax/],
    ["ALTER TABLE users ALTER age TYPE json USING age::json", /invalid input syntax for type json/],
    [
      "ALTER TABLE users ALTER age TYPE int USING (ascii(age) * 47114711::bigint)::text::int",
      /value \.\.\. is out of range/,
    ],
    [
      "ALTER TABLE users ALTER age TYPE timestamp USING to_date(age, 'YYYY')",
      /invalid value \.\.\./,
    ],
    [
      "DO $$ BEGIN EXECUTE (SELECT format('INSERT INTO users VALUES (1, %L)', min(email)) FROM users); END $$",
      /duplicate key value/,
    ],
    ["ALTER TABLE users ALTER age SET NOT NULL", /contains null values/],
    ["INSERT INTO users SELECT 1, email FROM users WHERE id = 1", /duplicate key value/],
  ],
  mysql: [
    [UNIQUE, /Duplicate entry \.\.\. for key/],
    ["ALTER TABLE users MODIFY age int", /incorrect integer value: \.\.\./i],
    ["INSERT INTO users SELECT 1, email, age FROM users WHERE id = 1", /Duplicate entry/],
  ],
} as const;

/** Has a migration fail, or a push, and looks at all that is said. */
async function told(
  engine: string,
  url: string,
  { sql, said }: { readonly sql: string; readonly said: RegExp },
): Promise<void> {
  await using folder = await temporaryFolder({
    "aim.toml": `engine = "${engine}"\nformat = "goose"\n`,
    "schema.sql": `${TABLE};\n${UNIQUE};\n`,
    "migrations/1_users.sql": `-- +goose Up\n${TABLE};\n-- +goose Down\nDROP TABLE users;\n`,
    "migrations/2_more.sql": `-- +goose Up\n${sql};\n-- +goose Down\nSELECT 1;\n`,
  });
  const aim = async (...args: string[]) => {
    const variables = { ...serverFolders(), AIM_DATABASE_URL: url };
    const ran = await runAim(args, { cwd: folder.path, variables });
    const [shown] = /.*(?:canary|\(odd\)).*/i.exec(ran.stdout + ran.stderr) ?? [];
    assert.equal(shown, undefined, args.join(" "));
    assert.ok(!`${ran.stdout}${ran.stderr}`.includes(String(NUMBER)), args.join(" "));
    return ran;
  };
  const failed = await aim("apply", "--yes", "--verbose");
  assert.equal(failed.code, 1, failed.stdout + failed.stderr);
  assert.match(failed.stderr, said);
  await aim("apply", "--yes", "--json");
  await aim("apply", "--recover", "--yes");
  await aim("status", "--json");
  if (sql !== UNIQUE) return;
  const pushed = await aim("push", "--yes", "--force");
  assert.equal(pushed.code, 1, pushed.stdout + pushed.stderr);
}

const BOOKS = "INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true)";

test("on Postgres", NEEDS_SERVER, async () => {
  await using server = await startListening(SERVERS[0] ?? "", {
    rules: ["host all all 127.0.0.1/32 trust"],
  });
  const { address } = server;
  const { signal } = new AbortController();
  const admin = await Administration.connect(address, signal);
  for (const [at, [sql, said]] of UNDER_ROWS.postgres.entries()) {
    const database = `shop${at}`;
    await admin.exec(`CREATE DATABASE ${database} TEMPLATE template0`);
    const shop = await Administration.connect({ ...address, database }, signal);
    await shop.exec(
      "CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint, is_applied bool, tstamp timestamp DEFAULT now())",
    );
    for (const text of [BOOKS, TABLE, ROWS]) await shop.exec(text);
    await shop.end();
    await told(
      "postgres",
      `postgres://${address.user}@127.0.0.1:${address.port}/${database}?sslmode=disable`,
      { sql, said },
    );
  }
  await admin.end();
});

for (const program of await findPrograms()) {
  const { family } = program;
  test(`on ${family}`, async () => {
    await using server = await startRemote(program, { tls: false });
    for (const [at, [sql, said]] of UNDER_ROWS.mysql.entries()) {
      await server.admin.run(
        `CREATE DATABASE shop${at}; USE shop${at}; ${TABLE}; ${ROWS};
        CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint, is_applied bool, tstamp timestamp DEFAULT now());
        ${BOOKS}`,
      );
      await told(
        family,
        `mysql://wide:${PASSWORD}@127.0.0.1:${server.port}/shop${at}?ssl-mode=DISABLED`,
        { sql, said },
      );
    }
  });
}

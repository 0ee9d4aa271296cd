/** Columns that take over from others, phase by phase, on real engines. */

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { runAim, serverFolders, temporaryFolder } from "../run_aim.ts";
import { SERVERS as MYSQL_SERVERS, startServer } from "../mysql/servers.ts";
import { SERVERS, startLocal } from "../runtimes/native_servers.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";

const BEFORE =
  "CREATE TABLE users (id bigint PRIMARY KEY, fullname text NOT NULL DEFAULT 'x', age int);\nCREATE INDEX users_fullname_idx ON users (fullname);\n";

const RENAMED =
  "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL DEFAULT 'x', age int);\nCREATE INDEX users_name_idx ON users (name);\n";

const VALUES = [
  ["--value", "first=split_part(fullname, ' ', 1)"],
  ["--value", "rest=substr(fullname, strpos(fullname || ' ', ' ') + 1)"],
  ["--value", "fullname=concat(first, ' ', rest)"],
].flat();

function project(settings: string, after: string) {
  return {
    "aim.toml": `${settings}\nmigrations = "m"\n`,
    "schema.sql": after,
    "m/000001_a.up.sql": BEFORE,
    "m/000001_a.down.sql": "DROP TABLE users;\n",
  };
}

const SPLIT = "CREATE TABLE users (id bigint PRIMARY KEY, first text, rest text, age int);\n";
const TYPED =
  "CREATE TABLE users (id bigint PRIMARY KEY, fullname text NOT NULL DEFAULT 'x', age bigint);\nCREATE INDEX users_fullname_idx ON users (fullname);\n";

for (
  const { title, after, columns, values = [] } of [
    { title: "a rename", after: RENAMED, columns: "users.fullname=name" },
    { title: "a change of type", after: TYPED, columns: "users.age" },
    { title: "a split", after: SPLIT, columns: "users.fullname=first,rest", values: VALUES },
  ]
) {
  test(`${title} is expanded and contracted, each phase proven`, async () => {
    await using folder = await temporaryFolder(project('engine = "postgres"', after));
    const cwd = folder.path;
    const expanded = await runAim(["generate", "--expand", columns, ...values], {
      cwd,
      variables: serverFolders(),
    });
    assert.equal(expanded.code, 0, expanded.stderr);
    assert.match(expanded.stderr, /Old and new code wrote \d+ made rows between the phases/);
    const half = JSON.parse(
      (await runAim(["expand", "status", "--json"], { cwd, variables: serverFolders() })).stdout,
    );
    assert.equal(half.expansions[0].next, "contract");
    const contracted = await runAim(["generate", "--contract", columns, ...values], {
      cwd,
      variables: serverFolders(),
    });
    assert.equal(contracted.code, 0, contracted.stderr);
    const whole = await runAim(["validate"], { cwd, variables: serverFolders() });
    assert.equal(whole.code, 0, whole.stdout);
    const done = await runAim(["expand", "status"], { cwd, variables: serverFolders() });
    assert.match(done.stdout, /✓ contract[^]*\n {2}done/);
  });
}

test("what cannot be expanded is refused with what to do", async () => {
  await using folder = await temporaryFolder(project('engine = "postgres"', SPLIT));
  const cwd = folder.path;
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["--expand", "users.fullname=first,rest"], /nothing says how \w+ is made[^]*--value/],
    [["--expand", "users.id=first"], /by which rows are filled in batches/],
    [["--expand", "nothing.x=first"], /have no table nothing/],
    [["--expand", "users.age"], /has no such column|has the type/],
    [["--expand", "x"], /Cannot read what to expand/],
    [["--value", "a=b"], /without --expand or --contract/],
    [["--expand", "a.b=c", "--contract", "a.b=c"], /in one run/],
  ];
  for (const [args, pattern] of cases) {
    const ran = await runAim(["generate", ...args], { cwd, variables: serverFolders() });
    assert.equal(ran.code, 2, `${args}: ${ran.stderr}`);
    assert.match(ran.stderr, pattern);
  }
});

test("values that the new columns cannot give back are found before anything is written", async () => {
  await using folder = await temporaryFolder(project('engine = "postgres"', SPLIT));
  const wrong = VALUES.map((value) => value.startsWith("fullname=") ? "fullname=first" : value);
  const ran = await runAim(["generate", "--expand", "users.fullname=first,rest", ...wrong], {
    cwd: folder.path,
  });
  // The new columns are what counts: the old one follows, and both sides say the same of it.
  assert.equal(ran.code, 0, ran.stderr);
  const fails = VALUES.map((value) => value.startsWith("first=") ? "first=1/0" : value);
  const refused = await runAim(["generate", "--expand", "users.fullname=first,rest", ...fails], {
    cwd: folder.path,
  });
  assert.notEqual(refused.code, 0);
});

for (const version of SERVERS) {
  test(`a backfill of Postgres ${version} that was stopped goes on, and passes by what is filled`, async () => {
    await using folder = await temporaryFolder(project(`engine = "postgres-${version}"`, RENAMED));
    const cwd = folder.path;
    const ran = await runAim(["generate", "--expand", "users.fullname=name"], {
      cwd,
      variables: serverFolders(),
    });
    assert.equal(ran.code, 0, ran.stderr);
    const paths = (await readdir(join(cwd, "m"))).filter((path) => path.endsWith(".up.sql")).sort();
    const [first = "", add = "", fill = ""] = await Promise.all(
      paths.map((path) => readFile(join(cwd, "m", path), "utf8")),
    );
    await using server = await startLocal(version);
    await using database = await server.create();
    const run = async (text: string) => {
      for (const { sql } of postgres.split(text)) await database.exec(sql);
    };
    await run(first);
    await database.exec(
      "INSERT INTO users SELECT g, 'u' || g, g FROM generate_series(1, 2500) AS g",
    );
    await run(add);
    const stopped = fill.replace("COMMIT;", "COMMIT; EXIT;");
    await run(stopped);
    const filled = async () => {
      const [row] = await database.query<{ readonly n: number }>(
        "SELECT count(name)::int AS n FROM users",
      );
      return Number(row?.n);
    };
    assert.equal(await filled(), 1000);
    await run(fill);
    assert.equal(await filled(), 2500);
  });
}

const MYSQL_BEFORE =
  "CREATE TABLE users (id bigint, part int, fullname varchar(100) NOT NULL, age int, seen datetime ON UPDATE CURRENT_TIMESTAMP, PRIMARY KEY (id, part), KEY users_fullname_idx (fullname));\n";

for (const { engine, isMissing } of MYSQL_SERVERS) {
  const skip = isMissing ? `there is no ${engine.dialect}` : false;
  test(
    `a rename and a change of type are expanded and contracted on ${engine.dialect}`,
    { skip },
    async () => {
      for (
        const [after, columns] of [
          [MYSQL_BEFORE.replaceAll("fullname", "name"), "users.fullname=name"],
          [MYSQL_BEFORE.replace("age int", "age bigint"), "users.age"],
        ]
      ) {
        await using folder = await temporaryFolder({
          "aim.toml": `engine = "${engine.dialect}"\nmigrations = "m"\n`,
          "schema.sql": after ?? "",
          "m/000001_a.up.sql": MYSQL_BEFORE,
          "m/000001_a.down.sql": "DROP TABLE users;\n",
        });
        const cwd = folder.path;
        const expanded = await runAim(["generate", "--expand", columns ?? ""], {
          cwd,
          variables: serverFolders(),
        });
        assert.equal(expanded.code, 0, expanded.stderr);
        assert.match(expanded.stderr, /Old and new code wrote \d+ made rows between the phases/);
        const files = (await readdir(join(cwd, "m"))).filter((path) => path.endsWith(".up.sql"));
        assert.equal(files.length, 3);
        const contracted = await runAim(["generate", "--contract", columns ?? ""], {
          cwd,
          variables: serverFolders(),
        });
        assert.equal(contracted.code, 0, contracted.stderr);
        const whole = await runAim(["validate"], { cwd, variables: serverFolders() });
        assert.equal(whole.code, 0, whole.stdout);
      }
    },
  );

  test(
    `a backfill of ${engine.dialect} that was stopped goes on, and old and new code insert beside it`,
    { skip },
    async () => {
      await using server = await startServer(engine);
      await using database = await server.create();
      const run = async (sql: string) => {
        for (const statement of engine.split(sql)) await database.exec(statement.sql);
      };
      const expansion = {
        table: "users",
        kind: "rename",
        old: [{ name: "fullname", type: "varchar(100)", isRequired: true, value: "name" }],
        fresh: [{ name: "name", type: "varchar(100)", isRequired: true, value: "fullname" }],
        key: ["id", "part"],
        stamped: ["seen"],
      } as const;
      await run(MYSQL_BEFORE);
      const values = Array.from(
        { length: 2500 },
        (_, at) => `(${at >> 1}, ${at & 1}, 'u${at}', 1)`,
      );
      await database.exec(
        `INSERT INTO users (id, part, fullname, age) VALUES ${values.join(", ")}`,
      );
      const { expanding } = engine;
      assert.ok(expanding !== undefined);
      for (const { sql } of expanding.add(expansion)) await database.exec(sql);
      await database.exec("INSERT INTO users (id, part, fullname) VALUES (5000, 0, 'old code')");
      await database.exec("INSERT INTO users (id, part, name) VALUES (5001, 0, 'new code')");
      await database.exec("UPDATE users SET name = 'U0' WHERE id = 0 AND part = 0");
      const backfill = expanding.backfill(expansion).map(({ sql }) => sql);
      const filled = async () => {
        const [row] = await database.query<{ readonly n: number }>(
          "SELECT count(name) AS n FROM users",
        );
        return Number(row?.n);
      };
      const stopped = backfill.map((sql) =>
        sql.replace("COMMIT;", "COMMIT; SIGNAL SQLSTATE '45000';")
      );
      await assert.rejects(async () => {
        for (const sql of stopped) await database.exec(sql);
      });
      assert.equal(await filled(), 1002);
      for (const sql of backfill) await database.exec(sql);
      assert.equal(await filled(), 2502);
      // Who wrote a row is seen; that it was filled is not.
      const [written] = await database.query<{ readonly n: number }>(
        "SELECT count(seen) AS n FROM users",
      );
      assert.equal(Number(written?.n), 1);
      const [left] = await database.query<{ readonly count: number }>(expanding.unlike(expansion));
      assert.equal(Number(left?.count), 0);
      const rows = await database.query<{ readonly fullname: string; readonly name: string }>(
        "SELECT fullname, name FROM users WHERE id IN (0, 5000, 5001) AND part = 0 ORDER BY id",
      );
      assert.deepEqual(rows.map(({ fullname, name }) => [fullname, name]), [
        ["U0", "U0"],
        ["old code", "old code"],
        ["new code", "new code"],
      ]);
    },
  );
}

/** Columns that move to another table, tables that split and merge, phase by phase, on real engines. */

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { runAim, serverFolders, temporaryFolder } from "../run_aim.ts";
import { SERVERS as MYSQL_SERVERS, startServer } from "../mysql/servers.ts";
import { SERVERS, startLocal } from "../runtimes/native_servers.ts";
import type { Engine } from "../../src/engines/engine.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";

interface Case {
  readonly title: string;
  readonly before: string;
  readonly after: string;
  readonly drop: string;
  readonly columns: string;
  readonly values?: readonly string[];
}

const USERS = "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50) NOT NULL";
const PROFILES = "CREATE TABLE profiles (user_id bigint PRIMARY KEY";
const KEY = "FOREIGN KEY (user_id) REFERENCES users (id)";

const CASES: readonly Case[] = [
  {
    title: "a table that is split",
    before: `${USERS}, bio varchar(200) NOT NULL, avatar varchar(40));`,
    after:
      `${USERS});\n${PROFILES}, bio varchar(200) NOT NULL, picture varchar(40), made int NOT NULL, ${KEY});`,
    drop: "DROP TABLE users;",
    columns: "users.bio,avatar=profiles.bio,picture",
    values: ["--value", "made=1"],
  },
  {
    title: "a table that is merged into another",
    before:
      `${USERS});\n${PROFILES}, bio varchar(200) NOT NULL, avatar varchar(40), ${KEY} ON DELETE CASCADE);`,
    after: `${USERS}, bio varchar(200), avatar varchar(40));`,
    drop: "DROP TABLE profiles;\nDROP TABLE users;",
    columns: "profiles.bio,avatar=users.bio,avatar",
  },
  {
    title: "columns that move between tables which stay",
    before:
      `${USERS}, address varchar(99) NOT NULL, age int);\n${PROFILES}, bio varchar(99), ${KEY});`,
    after: `${USERS});\n${PROFILES}, bio varchar(99), street varchar(99), age bigint, ${KEY});`,
    drop: "DROP TABLE profiles;\nDROP TABLE users;",
    columns: "users.address,age=profiles.street,age",
  },
];

function project(engine: string, { before, after, drop }: Case) {
  return {
    "aim.toml": `engine = "${engine}"\nmigrations = "m"\n`,
    "schema.sql": `${after}\n`,
    "m/000001_a.up.sql": `${before}\n`,
    "m/000001_a.down.sql": `${drop}\n`,
  };
}

async function expandAndContract(engine: string, given: Case): Promise<void> {
  const { columns, values = [] } = given;
  await using folder = await temporaryFolder(project(engine, given));
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
  assert.deepEqual([half.expansions.length, half.expansions[0].next], [1, "contract"]);
  const contracted = await runAim(["generate", "--contract", columns, ...values], {
    cwd,
    variables: serverFolders(),
  });
  assert.equal(contracted.code, 0, contracted.stderr);
  const synced = await runAim(["diff"], { cwd, variables: serverFolders() });
  assert.equal(synced.code, 0, synced.stdout);
  const whole = await runAim(["validate"], { cwd, variables: serverFolders() });
  assert.equal(whole.code, 0, whole.stdout);
  const done = JSON.parse(
    (await runAim(["expand", "status", "--json"], { cwd, variables: serverFolders() })).stdout,
  );
  assert.equal(done.expansions[0].next, null);
}

for (const given of CASES) {
  test(`${given.title} is expanded and contracted, each phase proven`, async () => {
    await expandAndContract("postgres", given);
  });
}

for (const { engine, isMissing } of MYSQL_SERVERS) {
  const skip = isMissing ? `there is no ${engine.dialect}` : false;
  for (const given of CASES) {
    test(`${given.title} is expanded and contracted on ${engine.dialect}`, { skip }, async () => {
      await expandAndContract(engine.dialect, given);
    });
  }
}

test("a move of which something is not known is refused with what to do", async () => {
  const several =
    `${USERS}, bio text);\nCREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id), body text);`;
  const apart = `${USERS});\nCREATE TABLE notes (id bigint PRIMARY KEY, bio text);`;
  const base = CASES[0];
  const goes = CASES[1];
  assert.ok(base !== undefined && goes !== undefined);
  const cases: readonly (readonly [Case, RegExp])[] = [
    [{ ...base, after: apart, columns: "users.bio=notes.bio" }, /no foreign key joins/],
    [
      {
        ...base,
        before: several,
        after: several.replace(", bio text", "").replace("body", "bio text, body"),
        columns: "users.bio=notes.bio",
      },
      /several rows of \S+notes may have the same user_id/,
    ],
    [{ ...base, values: [] }, /nothing says what profiles.made is[^]*--value "profiles.made=/],
    [{ ...goes, columns: "profiles.bio=users.bio" }, /profiles goes, and avatar with it/],
  ];
  for (const [given, pattern] of cases) {
    await using folder = await temporaryFolder(project("postgres", given));
    const ran = await runAim(
      ["generate", "--expand", given.columns, ...given.values ?? []],
      { cwd: folder.path, variables: serverFolders() },
    );
    assert.equal(ran.code, 2, `${given.columns}: ${ran.stderr}`);
    assert.match(ran.stderr, pattern);
  }
});

/** Writes of both, and what each then reads: rows of users and profiles as `id bio picture`. */
const WRITES: readonly (readonly [sql: string, users: string, profiles: string])[] = [
  ["INSERT INTO users (id, name, bio) VALUES (1, 'a', 'old')", "1 old null", "1 old null"],
  ["INSERT INTO users (id, name) VALUES (2, 'b')", "1 old null,2 null null", "1 old null"],
  [
    "INSERT INTO profiles (user_id, bio, picture, made) VALUES (2, 'new', 'p', 1)",
    "1 old null,2 new p",
    "1 old null,2 new p",
  ],
  ["UPDATE users SET avatar = 'a' WHERE id = 1", "1 old a,2 new p", "1 old a,2 new p"],
  ["UPDATE profiles SET bio = 'x'", "1 x a,2 x p", "1 x a,2 x p"],
  ["UPDATE users SET name = 'c'", "1 x a,2 x p", "1 x a,2 x p"],
  ["DELETE FROM profiles WHERE user_id = 2", "1 x a,2 null null", "1 x a"],
  ["DELETE FROM users WHERE id = 1", "2 null null", ""],
];

async function writtenByBoth(
  database: ScratchDatabase,
  engine: Engine,
  scripts: readonly string[],
): Promise<void> {
  for (const script of scripts) {
    for (const { sql } of engine.split(script)) await database.exec(sql);
  }
  const read = async (sql: string) => {
    const rows = await database.query<{ readonly [name: string]: unknown }>(sql);
    return rows.map((row) => Object.values(row).map(String).join(" ")).join();
  };
  for (const [sql, users, profiles] of WRITES) {
    await database.exec(sql);
    assert.equal(await read("SELECT id, bio, avatar FROM users ORDER BY id"), users, sql);
    assert.equal(
      await read("SELECT user_id, bio, picture FROM profiles ORDER BY user_id"),
      profiles,
      sql,
    );
  }
}

async function phases(engine: string): Promise<readonly string[]> {
  const [split] = CASES;
  assert.ok(split !== undefined);
  await using folder = await temporaryFolder(project(engine, split));
  const ran = await runAim(
    ["generate", "--expand", split.columns, ...split.values ?? []],
    { cwd: folder.path, variables: serverFolders() },
  );
  assert.equal(ran.code, 0, ran.stderr);
  const folderOf = join(folder.path, "m");
  const paths = (await readdir(folderOf)).filter((path) => path.endsWith(".up.sql")).sort();
  return await Promise.all(paths.map((path) => readFile(join(folderOf, path), "utf8")));
}

for (const version of SERVERS) {
  test(`old and new code of a split read what the other writes on Postgres ${version}`, async () => {
    const scripts = await phases(`postgres-${version}`);
    await using server = await startLocal(version);
    await using database = await server.create();
    await writtenByBoth(database, postgres, scripts);
  });
}

for (const { engine, isMissing } of MYSQL_SERVERS) {
  const skip = isMissing ? `there is no ${engine.dialect}` : false;
  test(
    `old and new code of a split read what the other writes on ${engine.dialect}, and errors leave no trace`,
    { skip },
    async () => {
      const scripts = await phases(engine.dialect);
      await using server = await startServer(engine);
      await using database = await server.create();
      await writtenByBoth(database, engine, scripts);
      await assert.rejects(
        database.exec("INSERT INTO users (id, name, avatar) VALUES (9, 'z', 'no bio')"),
      );
      await database.exec("INSERT INTO users (id, name, bio) VALUES (9, 'z', 'bio')");
      const rows = await database.query("SELECT bio FROM profiles WHERE user_id = 9");
      assert.equal(rows.length, 1);
    },
  );
}

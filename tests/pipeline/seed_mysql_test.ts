import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { findPrograms } from "../../src/runtimes/mysql_server/program.ts";
import { PASSWORD, startRemote } from "../mysql/remote_server.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";

const SCHEMA = `
CREATE TABLE users (
  id int NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(120) NOT NULL, \`full name\` varchar(80) CHARACTER SET latin1,
  status enum('on', 'off') NOT NULL DEFAULT 'on', password_hash varchar(90), bio text, phone bigint, photo blob,
  rating double, dob date, seen timestamp(3) NULL, flags bit(4), kind set('a', 'b'), settings json, place point,
  wakes time, loud varchar(130) AS (upper(email)) STORED, boss int, UNIQUE KEY email (email),
  CONSTRAINT boss FOREIGN KEY (boss) REFERENCES users (id), CHECK (status <> 'canary')
);
CREATE TABLE tags (slug varchar(40) COLLATE utf8mb4_bin PRIMARY KEY);
CREATE TABLE places (x int, y int, street varchar(60), PRIMARY KEY (x, y));
CREATE TABLE orders (
  id int PRIMARY KEY, user_id int NOT NULL, tag varchar(40) COLLATE utf8mb4_bin, x int, y int, total decimal(10, 2),
  FOREIGN KEY (user_id) REFERENCES users (id), FOREIGN KEY (tag) REFERENCES tags (slug),
  FOREIGN KEY (x, y) REFERENCES places (x, y)
);
CREATE TABLE logs (line varchar(60));
`;

const ROWS = `
  INSERT INTO users (id, email, \`full name\`, password_hash, bio, phone, photo, rating, dob, seen, flags, kind, settings, place, wakes)
    SELECT n, concat('canary', n, '@secret.test'), concat('Canary ', n), 'canaryhash',
      concat('canary, it''s a \\\\ of ', n, char(10)), 491700000 + n, 'canary', n + 0.5, '1981-03-12', '2024-05-06 07:08:09.123',
      b'101', 'a,b', json_object('name', 'canary'), point(48.137, 11.575), '07:30:00'
    FROM (SELECT a.d + 10 * b.d + 1 AS n FROM ${digits("a")} CROSS JOIN ${digits("b")}) AS s;
  UPDATE users SET boss = 101 - id;
  INSERT INTO tags VALUES ('canary-red'), ('canary-blue');
  INSERT INTO places SELECT id, -id, concat('Canary Street ', id) FROM users;
  INSERT INTO orders SELECT id, 101 - id, 'canary-red', id, -id, id / 4 FROM users;
  INSERT INTO logs VALUES ('canary of 10'), (NULL);
`;

function digits(name: string): string {
  return `(${
    Array.from({ length: 10 }, (_, at) => `SELECT ${at} AS d`).join(" UNION ALL ")
  }) AS ${name}`;
}

for (const program of await findPrograms()) {
  const { family } = program;
  test(`a sample of a database of ${family} ${program.version} is whole, masked, loads, and is the same each time`, async () => {
    await using server = await startRemote(program, { tls: false });
    const { admin, port } = server;
    await admin.run(`CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop; ${SCHEMA} ${ROWS}`);
    await using folder = await temporaryFolder({
      "aim.toml": `engine = "${family}"\n`,
      "schema.sql": SCHEMA,
      "migrations/000001_all.up.sql": SCHEMA,
      "migrations/000001_all.down.sql":
        "DROP TABLE logs; DROP TABLE orders; DROP TABLE places; DROP TABLE tags; DROP TABLE users;\n",
    });
    const url = `${family}://wide:${PASSWORD}@127.0.0.1:${port}/shop?ssl-mode=DISABLED`;
    const { AIM_SERVERS = "" } = process.env;
    const settings = { cwd: folder.path, variables: { AIM_DATABASE_URL: url, AIM_SERVERS } };

    const ran = await runAim(["seed", "--rows", "7", "--json"], settings);
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    const { tables, file } = JSON.parse(ran.stdout);
    const text = readFileSync(join(folder.path, file), "utf8");
    assert.doesNotMatch(
      text + ran.stdout + ran.stderr,
      /canary|secret\.test|63616e617279|4917|1981-03-12|48\.137/i,
    );
    for (const { name, left } of tables) assert.equal(left, 0, name);

    await admin.run(`CREATE DATABASE copy CHARACTER SET utf8mb4; USE copy; ${SCHEMA} ${text}`);
    const [row = {}] = await admin.ask<Record<string, unknown>>(
      `SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM users WHERE boss IS NULL) AS alone,
        (SELECT count(DISTINCT email) FROM users) AS emails, (SELECT count(DISTINCT tag) FROM orders) AS tags,
        (SELECT count(*) FROM users WHERE status = 'on' AND kind = 'a,b' AND flags = 5 AND wakes = '07:30') AS plain,
        (SELECT count(*) FROM users WHERE rating = id + 0.5 AND seen = '2024-05-06 07:08:09.123') AS same,
        (SELECT count(*) FROM users WHERE photo IS NOT NULL AND cast(settings AS char) = '{}' AND place IS NULL) AS made,
        (SELECT count(*) FROM users) AS users`,
      1 << 20,
    );
    assert.deepEqual([Number(row.orders), Number(row.alone), Number(row.tags)], [7, 0, 1]);
    for (const key of ["emails", "plain", "same", "made"]) assert.equal(row[key], row.users, key);

    const again = await runAim(["seed", "--rows", "7", "-o", "-"], settings);
    assert.equal(again.stdout, text);
    const bare = await runAim(["seed", "--rows", "2", "--no-mask", "-o", "-"], settings);
    assert.match(bare.stdout, /canary1@secret\.test/, bare.stderr);
    writeFileSync(
      join(folder.path, "schema.sql"),
      SCHEMA.replace("line varchar(60)", "line varchar(70)"),
    );
    const proof = await runAim(["generate", "--dry-run", "--json"], settings);
    assert.equal(proof.code, 0, proof.stdout + proof.stderr);
    assert.equal(JSON.parse(proof.stdout).outcome, "proven");
    assert.doesNotMatch(proof.stdout, /left out/);
  });
}

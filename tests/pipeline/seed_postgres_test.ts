import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import type { PostgresAddress } from "../../src/runtimes/postgres_server/address.ts";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import {
  type ListeningServer,
  NEEDS_SERVER,
  SERVERS,
  startListening,
} from "../runtimes/native_servers.ts";

const [VERSION = ""] = SERVERS;
const PASSWORD = "canary-s3cret-pw";

const SCHEMA = `
CREATE TYPE mood AS ENUM ('fine', 'sad');
CREATE DOMAIN mail AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE tenants (slug text PRIMARY KEY, name text NOT NULL);
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY, tenant text NOT NULL REFERENCES tenants,
  email mail NOT NULL UNIQUE, full_name varchar(12), phone text, street_address text, bio text,
  api_token text CHECK (length(api_token) = 19), status text NOT NULL CHECK (status IN ('on', 'off')),
  code text CHECK (code ~ '^[A-Z]{3}-[0-9]{4}$'), how mood, settings jsonb NOT NULL DEFAULT '{}',
  tags text[], photo bytea, seen_from inet, born date, boss bigint, shown text GENERATED ALWAYS AS (status || '!') STORED,
  favourite bigint, PRIMARY KEY (tenant, id), UNIQUE (id), FOREIGN KEY (boss) REFERENCES users (id)
);
CREATE TABLE posts (
  id bigint PRIMARY KEY, tenant text NOT NULL, author bigint NOT NULL, body text NOT NULL,
  FOREIGN KEY (tenant, author) REFERENCES users (tenant, id)
);
ALTER TABLE users ADD FOREIGN KEY (favourite) REFERENCES posts (id);
CREATE TABLE events (at timestamptz NOT NULL, post bigint REFERENCES posts, note text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE TABLE hidden (id int PRIMARY KEY, email text);
CREATE TABLE secured (id int PRIMARY KEY, email text);
ALTER TABLE secured ENABLE ROW LEVEL SECURITY;
`;

const ROWS = `
INSERT INTO tenants SELECT 'canary-co-' || g, 'Canary Company ' || g FROM generate_series(1, 3) g;
INSERT INTO users (tenant, email, full_name, phone, street_address, bio, api_token, status, code, how, settings, tags, photo, seen_from, born)
  SELECT 'canary-co-' || 1 + g % 3, 'canary' || g || '@secret.test', 'Canary ' || g, '+4930canary' || g, 'Canary Lane ' || g,
    'I am canary ' || g || ', call me' || E'\\n\\\\x', 'canary_tok_' || lpad(g::text, 8, '0'), 'on', 'CAN-' || lpad(g::text, 4, '0'),
    'sad', '{"mail": "canary@secret.test"}', '{canary}', 'canary', '10.99.88.77', '1981-07-23' FROM generate_series(1, 300) g;
UPDATE users SET boss = 301 - id WHERE id <> 150;
INSERT INTO posts SELECT u.id + 1000, u.tenant, u.id, 'canary body ' || u.id FROM users u;
UPDATE users SET favourite = 1301 - id;
INSERT INTO events SELECT '2020-06-01'::timestamptz + g * interval '1 day', 1000 + g, 'canary note' FROM generate_series(1, 300) g;
INSERT INTO hidden VALUES (1, 'canary@hidden.test');
INSERT INTO secured VALUES (1, 'canary@secured.test');
`;

/** A server with a database `shop` of that schema, and an account that may read all of it but two tables. */
async function shop(): Promise<
  ListeningServer & { readonly url: string; readonly admin: Administration }
> {
  const server = await startListening(VERSION, {
    rules: ["host all reader 127.0.0.1/32 scram-sha-256", "host all all 127.0.0.1/32 trust"],
  });
  const first = await connect(server.address);
  await first.exec(`CREATE ROLE reader LOGIN PASSWORD '${PASSWORD}'`);
  await first.exec("CREATE DATABASE shop TEMPLATE template0");
  await first.end();
  const admin = await connect({ ...server.address, database: "shop" });
  await admin.exec(SCHEMA);
  await admin.exec(ROWS);
  await admin.exec(
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader; REVOKE SELECT ON hidden FROM reader",
  );
  return {
    ...server,
    admin,
    url: `postgres://reader:${PASSWORD}@127.0.0.1:${server.address.port}/shop?sslmode=disable`,
    [Symbol.asyncDispose]: async () => {
      await admin.end();
      await server[Symbol.asyncDispose]();
    },
  };
}

function connect(address: PostgresAddress): Promise<Administration> {
  return Administration.connect(address, new AbortController().signal);
}

interface Seeded {
  readonly tables: readonly {
    readonly name: string;
    readonly rows: number;
    readonly left: number;
    readonly reason: string | null;
    readonly masked: readonly string[];
  }[];
  readonly text: string;
  readonly written: boolean;
  readonly notes: readonly string[];
}

test(
  "a sample of Postgres is whole, masked, loads, and is the same each time",
  NEEDS_SERVER,
  async () => {
    await using server = await shop();
    const { admin, url } = server;
    await using folder = await temporaryFolder({
      "aim.toml": 'engine = "postgres"\nformat = "goose"\n',
      "schema.sql": `${SCHEMA}ALTER TABLE users ADD COLUMN later text;\n`,
      "migrations/1_all.sql": `-- +goose Up\n${SCHEMA}-- +goose Down\nSELECT 1;\n`,
    });
    const settings = { cwd: folder.path, variables: { AIM_DATABASE_URL: url } };
    const said: string[] = [];
    const aim = async (...args: string[]) => {
      const ran = await runAim(args, settings);
      said.push(ran.stdout, ran.stderr);
      return ran;
    };

    const shown = await aim("seed", "--rows", "5", "-o", "-", "--json");
    assert.equal(shown.code, 0, shown.stderr);
    const { tables, text } = JSON.parse(shown.stdout) as Seeded;
    const rowsOf = (name: string) => tables.find((one) => one.name === `public.${name}`);
    assert.equal(existsSync(join(folder.path, "seeds")), false);
    assert.equal(rowsOf("events")?.rows, 5);
    assert.equal(rowsOf("events_1"), undefined);
    for (const name of ["tenants", "users", "posts", "events"]) {
      assert.equal(
        rowsOf(name)?.left,
        0,
        name,
      );
    }
    assert.equal(rowsOf("hidden")?.reason, "the account may not read it");
    assert.equal(rowsOf("secured")?.reason, "row security hides rows from the account");
    assert.deepEqual(
      ["api_token", "bio", "born", "email", "phone", "photo", "tags", "tenant"]
        .filter((name) => rowsOf("users")?.masked.includes(name) !== true),
      [],
    );

    const written = await aim("seed", "--rows", "5");
    assert.equal(written.code, 0, written.stderr);
    const file = join(folder.path, "seeds/sample.sql");
    assert.equal(readFileSync(file, "utf8"), text);
    const again = await aim("seed", "--from", url, "--rows", "5", "--json");
    assert.equal((JSON.parse(again.stdout) as Seeded).written, false, again.stderr);

    // What was read refers to what was read, with the references of all rows that had them.
    await admin.exec("CREATE DATABASE copy TEMPLATE template0");
    const copy = await connect({ ...server.address, database: "copy" });
    try {
      await copy.exec(SCHEMA);
      await copy.exec(text);
      const [row] = await copy.query<Record<string, unknown>>(`
      SELECT (SELECT count(*) FROM users WHERE boss IS NULL)::int AS alone,
        (SELECT count(*) FROM users WHERE favourite IS NULL)::int AS none,
        (SELECT count(*) FROM users WHERE status = 'on' AND how = 'sad' AND code ~ '^[A-Z]{3}-')::int AS kept,
        (SELECT count(*) FROM users)::int AS users,
        (SELECT count(DISTINCT email) FROM users)::int AS emails,
        (SELECT count(*) FROM users WHERE settings = '{}' AND born = '1981-01-01')::int AS empty`);
      const [next] = await copy.query<{ id: number; most: number }>(
        `INSERT INTO users (tenant, email, status)
      SELECT tenant, 'new@example.com', 'on' FROM users LIMIT 1
      RETURNING id::int, (SELECT max(id)::int FROM users) AS most`,
      );
      assert.equal(next?.id, (next?.most ?? 0) + 1);
      assert.equal(row?.alone, 0);
      assert.equal(row?.none, 0);
      assert.equal(row?.users, rowsOf("users")?.rows);
      for (const key of ["kept", "emails", "empty"]) assert.equal(row?.[key], row?.users, key);
    } finally {
      await copy.end();
    }

    // They take part in the proof.
    const proof = await aim("generate", "--dry-run", "--json");
    assert.equal(proof.code, 0, proof.stdout + proof.stderr);
    assert.equal(JSON.parse(proof.stdout).outcome, "proven");
    assert.doesNotMatch(proof.stdout, /are left out/);

    writeFileSync(file, "-- mine\n");
    const refused = await aim("seed", "--rows", "5");
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /says something else[\s\S]*--force/);
    assert.equal(readFileSync(file, "utf8"), "-- mine\n");
    assert.equal((await aim("seed", "--rows", "5", "--force")).code, 0);

    for (const output of [...said, text, readFileSync(file, "utf8")]) {
      assert.doesNotMatch(
        output.replaceAll(folder.path, ""),
        /canary|secret\.test|10\.99|\\x63616e/i,
      );
    }
    const [left] = await admin.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'reader'",
    );
    assert.equal(left?.n, 0);

    writeFileSync(
      join(folder.path, "aim.toml"),
      `engine = "postgres"\nformat = "goose"\n[[mask]]\ncolumns = ["users.bio", "tags"]\nhow = "keep"\n[[mask]]\ncolumns = "public.users.phone"\nhow = "null"\n`,
    );
    const told = await runAim(["seed", "--rows", "3", "-o", "-", "--json"], settings);
    const other = JSON.parse(told.stdout) as Seeded;
    assert.match(other.text, /I am canary \d+, call me/);
    assert.match(other.text, /\{canary\}/);
    assert.doesNotMatch(other.text, /secret\.test|\+4930/);
    assert(
      other.notes.some((note) => note.includes("keeps the values of users.bio, tags")),
      told.stdout,
    );

    const real = await runAim(["seed", "--rows", "2", "--no-mask", "-o", "-"], settings);
    assert.equal(real.code, 0, real.stderr);
    assert.match(real.stdout, /^-- .*REAL values/);
    assert.match(real.stdout, /canary\d+@secret\.test/);
  },
);

test(
  "rows that do not load are left out and said; a locked table is an answer",
  NEEDS_SERVER,
  async () => {
    await using server = await shop();
    const { admin, url } = server;
    await admin.exec(
      `CREATE TABLE odd (id int PRIMARY KEY, even text NOT NULL CHECK (length(even) % 2 = 0 AND even LIKE 'zz%'));
    INSERT INTO odd VALUES (1, 'zzcanary'); CREATE TABLE sub (id int PRIMARY KEY REFERENCES odd); INSERT INTO sub VALUES (1);
    CREATE TABLE staff (id int PRIMARY KEY, boss int REFERENCES staff, grade text CHECK (length(grade) % 2 = 0 AND grade LIKE 'zz%'));
    INSERT INTO staff SELECT g, NULL, CASE g WHEN 3 THEN 'zzcanary' END FROM generate_series(1, 6) g; UPDATE staff SET boss = 7 - id;
    GRANT SELECT ON odd, sub, staff TO reader`,
    );
    await using folder = await temporaryFolder({
      "aim.toml": 'engine = "postgres"\n',
      "schema.sql": SCHEMA,
      "migrations/.keep": "",
    });
    const settings = { cwd: folder.path, variables: { AIM_DATABASE_URL: url } };
    const ran = await runAim(["seed", "--rows", "6", "-o", "-", "--json"], settings);
    assert.equal(ran.code, 0, ran.stderr);
    const { tables, text, notes } = JSON.parse(ran.stdout) as Seeded;
    assert(notes.some((note) => note.startsWith("public.staff: 1 of the rows refer")), ran.stdout);
    // Of 1 and 6, 2 and 5 each is the other's boss; 3 does not load, and is that of none.
    const staff = tables.find(({ name }) => name === "public.staff");
    assert.deepEqual([staff?.rows, staff?.left], [5, 1]);
    assert.equal(text.match(/^UPDATE public\.staff SET "boss" = /gm)?.length, 4, text);
    const odd = tables.find(({ name }) => name === "public.odd");
    assert.equal(odd?.left, 1);
    assert.match(odd?.reason ?? "", /violates check constraint/);
    const sub = tables.find(({ name }) => name === "public.sub");
    assert.deepEqual([sub?.rows, sub?.left, sub?.reason], [
      0,
      1,
      "it refers to a row that is not there",
    ]);
    assert.doesNotMatch(ran.stdout + ran.stderr, /canary/);

    await admin.exec("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
    const locked = await runAim(["seed"], settings);
    await admin.exec("ROLLBACK");
    assert.equal(locked.code, 3, locked.stdout);
    assert.match(locked.stderr, /lock/);
    assert.equal(existsSync(join(folder.path, "seeds")), false);
    const wrong = await runAim(["seed", "--rows", "0"], settings);
    assert.equal(wrong.code, 2);
  },
);

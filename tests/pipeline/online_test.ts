/** Migrations that let others read and write, as they are written for each runner and proven on real engines. */

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { part } from "../depth.ts";
import { SERVERS as MYSQL_SERVERS } from "../mysql/servers.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { SERVERS } from "../runtimes/native_servers.ts";

const BEFORE = `CREATE TABLE orgs (id bigint PRIMARY KEY);
CREATE TABLE users (id bigint NOT NULL, email text, n int, org bigint);
CREATE INDEX users_n_idx ON users (n);
`;

const AFTER = `CREATE TABLE orgs (id bigint PRIMARY KEY);
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, n int CHECK (n > 0),
  org bigint REFERENCES orgs(id), extra text, UNIQUE (email));
CREATE INDEX users_org_idx ON users (org);
CREATE TABLE notes (id bigint PRIMARY KEY, who bigint REFERENCES users(id));
CREATE INDEX notes_who_idx ON notes (who);
`;

interface Layout {
  readonly up: string;
  readonly down: string;
  /** How the text of a script is marked as one direction; as it is where each has a file. */
  readonly only?: (up: string, down: string) => string;
}

const DROP = "DROP TABLE users;\nDROP TABLE orgs;\nDROP TABLE IF EXISTS t, a;\n";

const LAYOUTS: Readonly<Record<string, Layout>> = {
  goose: {
    up: "00001_a.sql",
    down: "",
    only: (up, down) => `-- +goose Up\n${up}\n-- +goose Down\n${down}`,
  },
  dbmate: {
    up: "20200101000000_a.sql",
    down: "",
    only: (up, down) => `-- migrate:up\n${up}\n-- migrate:down\n${down}`,
  },
  migrate: { up: "000001_a.up.sql", down: "000001_a.down.sql" },
  sqlx: { up: "20200101000000_a.up.sql", down: "20200101000000_a.down.sql" },
  flyway: { up: "V1__a.sql", down: "U1__a.sql" },
  diesel: { up: "2020-01-01-000000_a/up.sql", down: "2020-01-01-000000_a/down.sql" },
  refinery: { up: "V1__a.sql", down: "" },
};

/** Generates the online migration, and gives the new files and what `aim validate` says of each. */
async function generated(format: string, settings: string, after = AFTER, before = BEFORE) {
  const layout = LAYOUTS[format];
  if (layout === undefined) throw new Error(`No layout of ${format}`);
  const files: Record<string, string> = {
    "aim.toml":
      `${settings}\nformat = "${format}"\nmigrations = "m"\nsafety = "online"\n[answers]\ndata = "assume-empty"\n`,
    "schema.sql": after,
    [`m/${layout.up}`]: layout.only?.(before, DROP) ?? before,
  };
  if (layout.down !== "") files[`m/${layout.down}`] = DROP;
  await using folder = await temporaryFolder(files);
  const ran = await runAim(["generate"], { cwd: folder.path });
  assert.equal(ran.code, 0, ran.stderr);
  assert.doesNotMatch(ran.stderr, /plain form/);
  const checked = await runAim(["validate", "--json"], {
    cwd: folder.path,
    variables: { AIM_ROWS: "off" },
  });
  const { outcome } = JSON.parse(checked.stdout);
  const paths = (await readdir(join(folder.path, "m"), { recursive: true })).filter((path) =>
    /\.\w+$/.test(path) && !Object.keys(files).includes(`m/${path}`)
  ).sort();
  const texts = await Promise.all(
    paths.map(async (path) =>
      [path, await readFile(join(folder.path, "m", path), "utf8")] as const
    ),
  );
  return { outcome, texts: new Map(texts), all: texts.map(([, text]) => text).join("\n") };
}

const ONLINE: readonly RegExp[] = [
  /CREATE INDEX CONCURRENTLY users_org_idx ON users \(org\);/,
  /DROP INDEX CONCURRENTLY IF EXISTS users_n_idx;/,
  /ADD CONSTRAINT users_n_check CHECK \(n > 0\) NOT VALID;/,
  /VALIDATE CONSTRAINT users_n_check;/,
  /FOREIGN KEY \(org\) REFERENCES orgs\(id\) NOT VALID;/,
  /VALIDATE CONSTRAINT users_org_fkey;/,
  /VALIDATE CONSTRAINT users_email_is_not_null;[^]*ALTER COLUMN email SET NOT NULL/,
  /CREATE UNIQUE INDEX CONCURRENTLY users_pkey ON users \(id\);[^]*PRIMARY KEY USING INDEX users_pkey/,
  /UNIQUE USING INDEX users_email_key/,
  /CREATE INDEX notes_who_idx ON notes/,
  /SET LOCAL lock_timeout = '2s';/,
];

for (const format of part(["goose", "migrate", "flyway", "dbmate", "sqlx", "diesel"], 3)) {
  test(`online migrations for ${format} are cut so that each can be undone`, async () => {
    const { outcome, all } = await generated(format, 'engine = "postgres"');
    assert.equal(outcome, "valid");
    for (const pattern of ONLINE) assert.match(all, pattern);
  });
}

test("a runner that always opens a transaction gets what can stand in one, each check in a file of its own", async () => {
  const { outcome, texts, all } = await generated("refinery", 'engine = "postgres"');
  assert.equal(outcome, "valid");
  assert.doesNotMatch(all, /CONCURRENTLY/);
  for (const text of texts.values()) {
    assert.equal(/NOT VALID/.test(text) && /VALIDATE CONSTRAINT/.test(text), false, text);
  }
});

test("a file that is sent as one message holds one concurrent statement, and says what to do after a failure", async () => {
  const { texts } = await generated("migrate", 'engine = "postgres"');
  const built = [...texts].filter(([path, text]) =>
    path.endsWith(".up.sql") && text.includes("CREATE INDEX CONCURRENTLY")
  ).map(([, text]) => text);
  assert.equal(built.length, 1);
  assert.match(
    built[0] ?? "",
    /run DROP INDEX CONCURRENTLY IF EXISTS users_org_idx before it again/,
  );
  assert.equal(built[0]?.match(/^[A-Z].*;$/gm)?.length, 1);
});

for (const version of SERVERS) {
  test(`online migrations are proven on Postgres ${version}`, async () => {
    const { outcome, all } = await generated("goose", `engine = "postgres-${version}"`);
    assert.equal(outcome, "valid");
    for (const pattern of ONLINE) assert.match(all, pattern);
  });

  test(`a partition leaves its table without a lock on Postgres ${version}`, async () => {
    const whole = "CREATE TABLE t (id int, n int) PARTITION BY LIST (id);\n";
    const { outcome, all } = await generated(
      "goose",
      `engine = "postgres-${version}"`,
      `${whole}CREATE TABLE a (id int, n int);\nCREATE TABLE b PARTITION OF t FOR VALUES IN (2);\nCREATE TABLE users(id int);\nCREATE TABLE orgs(id int);`,
      `${whole}CREATE TABLE a PARTITION OF t FOR VALUES IN (1);\nCREATE TABLE b PARTITION OF t FOR VALUES IN (2);\nCREATE TABLE users(id int);\nCREATE TABLE orgs(id int);`,
    );
    assert.equal(outcome, "valid");
    assert.match(all, /DETACH PARTITION a CONCURRENTLY;/);
  });
}

test("Postgres 18 validates NOT NULL itself", async () => {
  const { outcome, all } = await generated("goose", 'engine = "postgres-18"');
  assert.equal(outcome, "valid");
  assert.match(all, /ADD CONSTRAINT users_email_not_null NOT NULL email NOT VALID;/);
  assert.doesNotMatch(all, /is_not_null/);
});

test("a table that is new gets its indexes and checks at once, and nothing waits", async () => {
  const more =
    `${BEFORE}CREATE TABLE t (id int PRIMARY KEY, n int CHECK (n > 0));\nCREATE INDEX t_n_idx ON t (n);\n`;
  const { texts, all } = await generated("goose", 'engine = "postgres"', more);
  assert.equal(texts.size, 1);
  assert.doesNotMatch(all, /CONCURRENTLY|NOT VALID|lock_timeout[^]*Down/);
});

test("rows are filled in behind the check that refuses new ones without a value, in a transaction of their own", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "postgres"\nformat = "goose"\nmigrations = "m"\nsafety = "online"\n',
    "schema.sql": "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL);\n",
    "m/00001_a.sql":
      "-- +goose Up\nCREATE TABLE t (id int PRIMARY KEY, n int);\n-- +goose Down\nDROP TABLE t;\n",
  });
  const ran = await runAim(["generate", "--answer", "fill:t.n=expression=7"], { cwd: folder.path });
  assert.equal(ran.code, 0, ran.stderr);
  const [path = ""] = (await readdir(join(folder.path, "m"))).filter((name) => name > "00002");
  const text = await readFile(join(folder.path, "m", path), "utf8");
  assert.match(text, /NOT VALID;[^]*COMMIT;[^]*BEGIN;\s+UPDATE t SET n = 7[^]*COMMIT;[^]*VALIDATE/);
});

for (const { engine, isMissing } of MYSQL_SERVERS) {
  test(`each ALTER TABLE asserts what ${engine.dialect} takes`, { skip: isMissing }, async () => {
    const { outcome, all } = await generated(
      "dbmate",
      `engine = "${engine.dialect}"`,
      "CREATE TABLE orgs (id int PRIMARY KEY, n int);\nCREATE TABLE users (id int PRIMARY KEY, n bigint);\n",
      "CREATE TABLE orgs (id int PRIMARY KEY);\nCREATE TABLE users (id int PRIMARY KEY, n int);\n",
    );
    assert.equal(outcome, "valid");
    const instant = engine.dialect === "mysql"
      ? /ALTER TABLE orgs ADD COLUMN n int, ALGORITHM=INSTANT;/
      : /ALTER TABLE orgs ADD COLUMN n int\(11\), ALGORITHM=INSTANT, LOCK=NONE;/;
    assert.match(all, instant);
    assert.match(
      all,
      /ALTER TABLE users MODIFY COLUMN n bigint(?:\(20\))?, ALGORITHM=COPY, LOCK=SHARED;/,
    );
    assert.match(
      all,
      /SET SESSION lock_wait_timeout = 2;[^]*SET SESSION lock_wait_timeout = DEFAULT;/,
    );
  });
}

test("an index of a partitioned table is built by partitions, and a table joins after a look at its rows", async () => {
  const whole = "CREATE TABLE t (id int NOT NULL, n int) PARTITION BY RANGE (id);\n" +
    "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (10);\n" +
    "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (30) PARTITION BY RANGE (id);\n" +
    "CREATE TABLE t2a PARTITION OF t2 FOR VALUES FROM (10) TO (20);\n" +
    "CREATE TABLE d PARTITION OF t DEFAULT;\n";
  const rest = "CREATE TABLE users(id int);\nCREATE TABLE orgs(id int);\n";
  const { outcome, all } = await generated(
    "goose",
    'engine = "postgres"',
    `${whole}CREATE TABLE a PARTITION OF t FOR VALUES FROM (40) TO (50);\n${rest}CREATE INDEX t_n_idx ON t (n);\n`,
    `${whole}CREATE TABLE a (id int NOT NULL, n int);\n${rest}`,
  );
  assert.equal(outcome, "valid");
  assert.match(all, /CHECK \(id IS NOT NULL AND id >= 40 AND id < 50\) NOT VALID/);
  assert.match(all, /CHECK \(NOT \(id IS NOT NULL AND id >= 40 AND id < 50\)\) NOT VALID/);
  assert.match(all, /VALIDATE CONSTRAINT[^]*ATTACH PARTITION a FOR VALUES/);
  for (const table of ["t1", "t2a", "a", "d"]) {
    assert.match(all, new RegExp(`CREATE INDEX CONCURRENTLY ${table}_n_idx ON ${table} \\(n\\)`));
  }
  assert.match(all, /ON ONLY t2 \(n\)[^]*ON ONLY t \(n\)[^]*ATTACH PARTITION t2_n_idx/);
});

for (const version of [null, ...SERVERS]) {
  test(`keys of a partitioned table are made by partitions on Postgres ${version ?? "that is embedded"}`, async () => {
    const rest = "CREATE TABLE users (id int PRIMARY KEY);\nCREATE TABLE orgs (id int);\n";
    const parts = "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (10);\n" +
      "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20);\n";
    const table = (keys: string) =>
      `${rest}CREATE TABLE t (id int NOT NULL, n int, owner int${keys}) PARTITION BY RANGE (id);\n${parts}`;
    const { outcome, all } = await generated(
      "goose",
      `engine = "postgres${version === null ? "" : `-${version}`}"`,
      table(
        ", PRIMARY KEY (id), CONSTRAINT t_n_key UNIQUE (n, id), CONSTRAINT t_owner_fkey FOREIGN KEY (owner) REFERENCES users (id)",
      ),
      table(""),
    );
    assert.equal(outcome, "valid");
    for (const part of ["t1", "t2"]) {
      for (const key of [`${part}_pkey`, `${part}_n_id_key`]) {
        assert.match(all, new RegExp(`CREATE UNIQUE INDEX CONCURRENTLY ${key} ON ${part} `));
        assert.match(all, new RegExp(`ATTACH PARTITION ${key};`));
      }
      const validated = Number(version ?? 0) >= 18 ? "t" : part;
      assert.match(
        all,
        new RegExp(`ALTER TABLE ${validated} VALIDATE CONSTRAINT t_owner_fkey`),
      );
    }
    assert.match(all, /ALTER TABLE ONLY t\s+ADD CONSTRAINT t_n_key UNIQUE/);
  });
}

test("what an online migration of partitions does is not found dangerous", async () => {
  const before =
    "CREATE TABLE t (id int NOT NULL, n int) PARTITION BY RANGE (id);\nCREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (10);\nCREATE TABLE a (id int NOT NULL, n int);\n";
  await using folder = await temporaryFolder({
    "aim.toml":
      'engine = "postgres"\nformat = "goose"\nmigrations = "m"\nsafety = "online"\n[answers]\ndata = "assume-empty"\n',
    "schema.sql": before.replace(
      "CREATE TABLE a (id int NOT NULL, n int)",
      "CREATE TABLE a PARTITION OF t FOR VALUES FROM (40) TO (50); CREATE INDEX t_n_idx ON t (n)",
    ),
    "m/00001_a.sql": `-- +goose Up\n${before}-- +goose Down\nDROP TABLE t, a;\n`,
  });
  const ran = await runAim(["generate", "--json"], { cwd: folder.path });
  assert.equal(ran.code, 0, ran.stderr);
  const { linted } = JSON.parse(ran.stdout);
  const codes = linted.flatMap(({ findings }: { readonly findings: readonly { code: string }[] }) =>
    findings.map(({ code }) => code)
  );
  assert.ok(!codes.includes("pg-attach-partition-scan"), codes.join());
  assert.ok(!codes.includes("pg-index-not-concurrent"), codes.join());
});

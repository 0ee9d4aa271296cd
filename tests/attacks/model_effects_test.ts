import assert from "node:assert/strict";
import process from "node:process";
import test from "node:test";
import { type Misdeed, type Scene, SCENES } from "./model_misdeeds.ts";
import { part } from "../depth.ts";
import { type Drafted, tryDrafts } from "./try_drafts.ts";

/** Each runtime that this host has for an engine. */
const RUNTIMES: Readonly<Record<string, readonly string[]>> = {
  postgres: [""],
  sqlite: process.env.AIM_TEST_BIN ? [""] : ['runtime = "sql.js"', 'runtime = "node:sqlite"'],
};

for (const [scene, all] of SCENES) {
  const misdeeds = part(all, 3);
  for (const settings of RUNTIMES[scene.engine] ?? []) {
    for (const direction of ["up", "down"] as const) {
      test(`${scene.engine} ${settings}: a misdeed in ${direction.toUpperCase()} is refused by its statement, and the honest draft is proven`, async () => {
        const drafts = misdeeds.map((misdeed) => ({
          ...scene,
          [direction]: [...statementsOf(misdeed, direction), ...scene[direction]],
        }));
        const tried = await tryDrafts(scene, [...drafts, scene], settings);
        const through = misdeeds.flatMap((misdeed, at) => {
          const why = tried.refuted[at];
          return why !== undefined && isRefusal(why, misdeed, direction)
            ? []
            : [`${misdeed.name}: ${why ?? "not refused"}`];
        });
        assert.deepEqual(through, []);
        assert.equal(tried.code, 0, tried.all.slice(-2000));
      });
    }
  }
}

function statementsOf({ sql, down }: Misdeed, direction: "up" | "down"): readonly string[] {
  return direction === "down" ? down ?? sql : sql;
}

/** True for a refusal that names one of the misdeed's statements and says why. */
function isRefusal(why: string, misdeed: Misdeed, direction: "up" | "down"): boolean {
  const statement = Number(/, statement (\d+)/.exec(why)?.[1]);
  const { length } = statementsOf(misdeed, direction);
  return statement >= 1 && statement <= length && misdeed.says.test(why);
}

/** Drafts as a good model writes them. */
const HONEST: readonly (Scene & {
  readonly name: string;
  readonly destroys?: Drafted["destroys"];
  /** A part of the written files. */
  readonly writes?: RegExp;
})[] = [
  {
    name: "a column is renamed",
    engine: "postgres",
    before: "CREATE TABLE t (id integer PRIMARY KEY, fullname text);\n",
    after: "CREATE TABLE t (id integer PRIMARY KEY, full_name text);\n",
    up: ["ALTER TABLE t RENAME COLUMN fullname TO full_name"],
    down: ["ALTER TABLE t RENAME COLUMN full_name TO fullname"],
  },
  {
    name: "a table is renamed with what hangs on it",
    engine: "postgres",
    before: `CREATE TABLE users (id serial PRIMARY KEY, email text UNIQUE);
CREATE TABLE posts (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES users);
CREATE VIEW emails AS SELECT email FROM users;\n`,
    after: `CREATE TABLE people (id serial PRIMARY KEY, email text UNIQUE);
CREATE TABLE posts (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES people);
CREATE VIEW emails AS SELECT email FROM people;\n`,
    up: [
      "ALTER TABLE users RENAME TO people",
      "ALTER SEQUENCE users_id_seq RENAME TO people_id_seq",
      "ALTER TABLE people RENAME CONSTRAINT users_pkey TO people_pkey",
      "ALTER TABLE people RENAME CONSTRAINT users_email_key TO people_email_key",
      "ALTER TABLE people RENAME CONSTRAINT users_id_not_null TO people_id_not_null",
    ],
    down: [
      "ALTER TABLE people RENAME TO users",
      "ALTER SEQUENCE people_id_seq RENAME TO users_id_seq",
      "ALTER TABLE users RENAME CONSTRAINT people_pkey TO users_pkey",
      "ALTER TABLE users RENAME CONSTRAINT people_email_key TO users_email_key",
      "ALTER TABLE users RENAME CONSTRAINT people_id_not_null TO users_id_not_null",
    ],
  },
  {
    name: "an enum is rebuilt under a view, a default and an index",
    engine: "postgres",
    before: `CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE t (id integer PRIMARY KEY, mood mood NOT NULL DEFAULT 'ok');
CREATE INDEX t_mood ON t (mood);
CREATE VIEW v AS SELECT id, mood FROM t;\n`,
    after: `CREATE TYPE mood AS ENUM ('ok', 'happy', 'sad');
CREATE TABLE t (id integer PRIMARY KEY, mood mood NOT NULL DEFAULT 'ok');
CREATE INDEX t_mood ON t (mood);
CREATE VIEW v AS SELECT id, mood FROM t;\n`,
    up: [
      "CREATE TYPE mood_new AS ENUM ('ok', 'happy', 'sad')",
      "DROP VIEW v",
      "ALTER TABLE t ALTER COLUMN mood DROP DEFAULT",
      "ALTER TABLE t ALTER COLUMN mood TYPE mood_new USING mood::text::mood_new",
      "DROP TYPE mood",
      "ALTER TYPE mood_new RENAME TO mood",
      "ALTER TABLE t ALTER COLUMN mood SET DEFAULT 'ok'",
      "CREATE VIEW v AS SELECT id, mood FROM t",
    ],
    down: [
      "CREATE TYPE mood_new AS ENUM ('sad', 'ok', 'happy')",
      "DROP VIEW v",
      "ALTER TABLE t ALTER COLUMN mood DROP DEFAULT",
      "ALTER TABLE t ALTER COLUMN mood TYPE mood_new USING mood::text::mood_new",
      "DROP TYPE mood",
      "ALTER TYPE mood_new RENAME TO mood",
      "ALTER TABLE t ALTER COLUMN mood SET DEFAULT 'ok'",
      "CREATE VIEW v AS SELECT id, mood FROM t",
    ],
  },
  {
    name: "a type becomes wider and another one narrower",
    engine: "postgres",
    before: "CREATE TABLE t (id integer PRIMARY KEY, code text, price numeric(12, 4));\n",
    after: "CREATE TABLE t (id bigint PRIMARY KEY, code varchar(4), price numeric(12, 2));\n",
    up: [
      "ALTER TABLE t ALTER COLUMN id TYPE bigint",
      "ALTER TABLE t ALTER COLUMN code TYPE varchar(4)",
      "ALTER TABLE t ALTER COLUMN price TYPE numeric(12, 2)",
    ],
    down: [
      "ALTER TABLE t ALTER COLUMN id TYPE integer",
      "ALTER TABLE t ALTER COLUMN code TYPE text",
      "ALTER TABLE t ALTER COLUMN price TYPE numeric(12, 4)",
    ],
    destroys: { 3: "digits after the second" },
  },
  {
    name: "texts become numbers",
    engine: "postgres",
    before: "CREATE TABLE t (id integer PRIMARY KEY, size text NOT NULL);\n",
    after: "CREATE TABLE t (id integer PRIMARY KEY, size integer NOT NULL);\n",
    up: ["ALTER TABLE t ALTER COLUMN size TYPE integer USING size::integer"],
    down: ["ALTER TABLE t ALTER COLUMN size TYPE text USING size::text"],
  },
  {
    name: "rows are deduplicated for a key, and it is said",
    engine: "postgres",
    before: "CREATE TABLE t (id integer PRIMARY KEY, email text NOT NULL, ok boolean NOT NULL);\n",
    after:
      "CREATE TABLE t (id integer PRIMARY KEY, email text NOT NULL, ok boolean NOT NULL, UNIQUE (email, ok));\n",
    up: [
      "DELETE FROM t a USING t b WHERE a.id > b.id AND a.email = b.email AND a.ok = b.ok",
      "ALTER TABLE t ADD CONSTRAINT t_email_ok_key UNIQUE (email, ok)",
    ],
    down: ["ALTER TABLE t DROP CONSTRAINT t_email_ok_key"],
    destroys: { 1: "rows of t with the same email" },
    writes: /WARNING: destroys rows of t with the same email/,
  },
  {
    name: "a foreign key is made after orphans are deleted, and it is said",
    engine: "postgres",
    before: `CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY, a_id integer NOT NULL);\n`,
    after: `CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY, a_id integer NOT NULL REFERENCES a);\n`,
    up: [
      "DELETE FROM b WHERE NOT EXISTS (SELECT FROM a WHERE a.id = b.a_id)",
      "ALTER TABLE b ADD CONSTRAINT b_a_id_fkey FOREIGN KEY (a_id) REFERENCES a(id)",
    ],
    down: ["ALTER TABLE b DROP CONSTRAINT b_a_id_fkey"],
    destroys: { 1: "rows of b whose a is gone" },
  },
  {
    name: "NULLs are filled before a column becomes NOT NULL",
    engine: "postgres",
    before: "CREATE TABLE t (id integer PRIMARY KEY, email text);\n",
    after: "CREATE TABLE t (id integer PRIMARY KEY, email text NOT NULL CHECK (email <> ''));\n",
    up: [
      "UPDATE t SET email = 'nobody' WHERE email IS NULL",
      "ALTER TABLE t ALTER COLUMN email SET NOT NULL",
      "ALTER TABLE t ADD CONSTRAINT t_email_check CHECK (email <> '')",
    ],
    down: [
      "ALTER TABLE t DROP CONSTRAINT t_email_check",
      "ALTER TABLE t ALTER COLUMN email DROP NOT NULL",
    ],
  },
  {
    name: "a table takes over the rows of one that goes",
    engine: "postgres",
    before: `CREATE TABLE a (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE b (id integer PRIMARY KEY, name text NOT NULL);\n`,
    after: "CREATE TABLE a (id integer PRIMARY KEY, name text NOT NULL, kind text);\n",
    up: [
      "ALTER TABLE a ADD COLUMN kind text",
      "INSERT INTO a SELECT id + 100000, name, 'b' FROM b",
      "DROP TABLE b",
    ],
    down: [
      "CREATE TABLE b (id integer PRIMARY KEY, name text NOT NULL)",
      "ALTER TABLE a DROP COLUMN kind",
    ],
    writes: /WARNING: destroys the rows of table public\.b/,
  },
  {
    name: "what a column held is lost, and the file says so though the model does not",
    engine: "postgres",
    before: "CREATE TABLE t (id integer PRIMARY KEY, legacy text);\n",
    after: "CREATE TABLE t (id integer PRIMARY KEY);\n",
    up: ["ALTER TABLE t DROP COLUMN legacy"],
    down: ["ALTER TABLE t ADD COLUMN legacy text"],
    writes: /WARNING: destroys the values of column public\.t\.legacy/,
  },
  {
    name: "a table is rebuilt with its indexes and triggers",
    engine: "sqlite",
    before: `CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT, age TEXT);
CREATE INDEX users_email ON users (email);
CREATE TABLE log (id INTEGER PRIMARY KEY, text TEXT);
CREATE TRIGGER audit AFTER DELETE ON users BEGIN INSERT INTO log (text) VALUES (old.email); END;
CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id));
CREATE VIEW emails AS SELECT email FROM users;\n`,
    after:
      `CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL, age INTEGER);
CREATE INDEX users_email ON users (email);
CREATE TABLE log (id INTEGER PRIMARY KEY, text TEXT);
CREATE TRIGGER audit AFTER DELETE ON users BEGIN INSERT INTO log (text) VALUES (old.email); END;
CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id));
CREATE VIEW emails AS SELECT email FROM users;\n`,
    up: rebuilt("email TEXT NOT NULL, age INTEGER", "coalesce(email, ''), CAST(age AS INTEGER)"),
    down: rebuilt("email TEXT, age TEXT", "email, age"),
  },
  {
    name: "a table is renamed",
    engine: "sqlite",
    before: "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT);\n",
    after: "CREATE TABLE b (id INTEGER PRIMARY KEY, x TEXT);\n",
    up: ["ALTER TABLE a RENAME TO b"],
    down: ["ALTER TABLE b RENAME TO a"],
  },
  {
    name: "rows are deduplicated for a key, and it is said",
    engine: "sqlite",
    before: "CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT NOT NULL);\n",
    after:
      "CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT NOT NULL);\nCREATE UNIQUE INDEX t_email ON t (email);\n",
    up: [
      "DELETE FROM t WHERE id NOT IN (SELECT min(id) FROM t GROUP BY email)",
      "CREATE UNIQUE INDEX t_email ON t (email)",
    ],
    down: ["DROP INDEX t_email"],
    destroys: { 1: "rows of t with the same email" },
    writes: /WARNING: destroys rows of t with the same email/,
  },
];

function rebuilt(columns: string, values: string): readonly string[] {
  return [
    "DROP VIEW emails",
    `CREATE TABLE users_new (id INTEGER PRIMARY KEY AUTOINCREMENT, ${columns})`,
    `INSERT INTO users_new SELECT id, ${values} FROM users`,
    "DROP TABLE users",
    "ALTER TABLE users_new RENAME TO users",
    "CREATE INDEX users_email ON users (email)",
    "CREATE TRIGGER audit AFTER DELETE ON users BEGIN INSERT INTO log (text) VALUES (old.email); END",
    "CREATE VIEW emails AS SELECT email FROM users",
  ];
}

for (const { name, destroys, writes, ...scene } of HONEST) {
  test(`${scene.engine}: ${name}: proven at the first attempt`, async () => {
    const draft = {
      up: scene.up,
      down: scene.down,
      ...(destroys === undefined ? {} : { destroys }),
    };
    const tried = await tryDrafts(scene, [draft]);
    assert.deepEqual(tried.refuted, []);
    assert.equal(tried.code, 0, tried.all);
    assert.match(tried.files, writes ?? /./);
  });
}

/** Losses of what a change touches: allowed when the change implies them and they are stated, or not at all. */
const LOSSES: readonly (Scene & {
  readonly name: string;
  readonly destroys?: Drafted["destroys"];
  readonly says: RegExp;
})[] = [
  {
    name: "a rename as drop and add, not stated",
    engine: "postgres",
    before: "CREATE TABLE t (id integer PRIMARY KEY, fullname text);\n",
    after: "CREATE TABLE t (id integer PRIMARY KEY, full_name text);\n",
    up: ["ALTER TABLE t DROP COLUMN fullname", "ALTER TABLE t ADD COLUMN full_name text"],
    down: ["ALTER TABLE t RENAME COLUMN full_name TO fullname"],
    says:
      /statement 1: .*values of column public\.t\.fullname are lost, and (?:nobody has said so|no warning says so)/,
  },
  {
    name: "a table's rename as drop and create, not stated",
    engine: "sqlite",
    before: "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT);\n",
    after: "CREATE TABLE b (id INTEGER PRIMARY KEY, x TEXT);\n",
    up: ["DROP TABLE a", "CREATE TABLE b (id INTEGER PRIMARY KEY, x TEXT)"],
    down: ["ALTER TABLE b RENAME TO a"],
    says: /statement 1: .*rows of table a are lost/,
  },
  {
    name: "DOWN that drops what UP kept",
    engine: "postgres",
    before: "CREATE TABLE t (id integer PRIMARY KEY, fullname text);\n",
    after: "CREATE TABLE t (id integer PRIMARY KEY, full_name text);\n",
    up: ["ALTER TABLE t RENAME COLUMN fullname TO full_name"],
    down: ["ALTER TABLE t DROP COLUMN full_name", "ALTER TABLE t ADD COLUMN fullname text"],
    says:
      /statement \d: .*(?:column public\.t\.fullname: UP keeps them, DOWN does not|public\.t\.full_name are lost, and no warning says so)/,
  },
  {
    name: "deduplication that is not stated",
    engine: "postgres",
    before: "CREATE TABLE t (id integer PRIMARY KEY, email text NOT NULL);\n",
    after: "CREATE TABLE t (id integer PRIMARY KEY, email text NOT NULL UNIQUE);\n",
    up: [
      "DELETE FROM t a USING t b WHERE a.id > b.id AND a.email = b.email",
      "ALTER TABLE t ADD CONSTRAINT t_email_key UNIQUE (email)",
    ],
    down: ["ALTER TABLE t DROP CONSTRAINT t_email_key"],
    says: /policy, statement 1: .*deletes rows of t, and no warning says so/,
  },
  {
    name: "rows are deleted and it is stated, for a key that does not need it",
    engine: "postgres",
    before: "CREATE TABLE t (id integer PRIMARY KEY, email text NOT NULL);\n",
    after: "CREATE TABLE t (id integer PRIMARY KEY, email text NOT NULL UNIQUE);\n",
    up: [
      "DELETE FROM t WHERE email <> 'me@example.org'",
      "ALTER TABLE t ADD CONSTRAINT t_email_key UNIQUE (email)",
    ],
    down: ["ALTER TABLE t DROP CONSTRAINT t_email_key"],
    destroys: { 1: "duplicates" },
    says: /data_up, statement 1: .*rows of table public\.t/,
  },
  {
    name: "rows are deleted and it is stated, and no change implies it",
    engine: "sqlite",
    before: "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);\n",
    after: "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, y TEXT);\n",
    up: ["DELETE FROM t WHERE id > 77", "ALTER TABLE t ADD COLUMN y TEXT"],
    down: ["ALTER TABLE t DROP COLUMN y"],
    destroys: { 1: "old rows" },
    says: /policy, statement 1: .*deletes rows of t, which no change implies/,
  },
  {
    name: "a copy that leaves rows out for one value",
    engine: "sqlite",
    before: "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);\n",
    after: "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT NOT NULL);\n",
    up: [
      "CREATE TABLE t_new (id INTEGER PRIMARY KEY, x TEXT NOT NULL)",
      "INSERT INTO t_new SELECT id, x FROM t WHERE x <> 'rival'",
      "DROP TABLE t",
      "ALTER TABLE t_new RENAME TO t",
    ],
    down: [
      "CREATE TABLE t_old (id INTEGER PRIMARY KEY, x TEXT)",
      "INSERT INTO t_old SELECT id, x FROM t",
      "DROP TABLE t",
      "ALTER TABLE t_old RENAME TO t",
    ],
    destroys: { 3: "nothing" },
    says: /data_up, statement 3: .*rows of table t/,
  },
  {
    name: "a type that makes all values the same, not stated",
    engine: "postgres",
    before: "CREATE TABLE t (id integer PRIMARY KEY, size text NOT NULL);\n",
    after: "CREATE TABLE t (id integer PRIMARY KEY, size integer NOT NULL);\n",
    up: ["ALTER TABLE t ALTER COLUMN size TYPE integer USING 0"],
    down: ["ALTER TABLE t ALTER COLUMN size TYPE text USING size::text"],
    says: /data_up, statement 1: .*values of column public\.t\.size: different ones are one/,
  },
  {
    name: "a statement that fails over rows",
    engine: "postgres",
    before: "CREATE TABLE t (id integer PRIMARY KEY);\n",
    after: "CREATE TABLE t (id integer PRIMARY KEY, x text NOT NULL);\n",
    up: ["ALTER TABLE t ADD COLUMN x text NOT NULL"],
    down: ["ALTER TABLE t DROP COLUMN x"],
    says: /data_up, statement 1: over rows: column "x".*contains null values/,
  },
];

for (const { name, says, destroys, ...scene } of LOSSES) {
  test(`${scene.engine}: ${name}: refused`, async () => {
    const draft = {
      up: scene.up,
      down: scene.down,
      ...(destroys === undefined ? {} : { destroys }),
    };
    const tried = await tryDrafts(scene, [draft]);
    assert.match(tried.refuted[0] ?? "not refused", says);
    assert.equal(tried.code, 1, tried.all);
  });
}

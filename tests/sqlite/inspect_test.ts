import assert from "node:assert/strict";
import { after, test } from "node:test";
import { changesBetween } from "../../src/core/change.ts";
import { sqlite } from "../../src/engines/sqlite/mod.ts";
import type { Runtime } from "../../src/runtimes/runtime.ts";
import { nodeSqlite } from "../../src/runtimes/node_sqlite.ts";
import { sqljs } from "../../src/runtimes/sqljs.ts";
import type { Hints } from "../../src/core/plan.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import { databaseOf, servers } from "./rows_bench.ts";

const hints: Hints = {
  answers: new Map(),
  renames: [],
  dropAdd: true,
  strictOrder: false,
  deployedVersion: null,
};

const started = servers();
after(() => started.end());

async function snapshot(
  sql: string,
  ignoreTables: readonly string[] = [],
  runtime: Runtime = sqljs,
): Promise<Snapshot> {
  await using database = await databaseOf(await started.of(runtime), sql);
  return await sqlite.inspect(database, { ignoreTables });
}

/** What differs between two scripts, as `op id`. */
async function differences(a: string, b: string): Promise<readonly string[]> {
  const changes = changesBetween(await snapshot(a), await snapshot(b), { strictOrder: false });
  return changes.map(({ op, id }) => `${op} ${id}`);
}

/** Two ways to write the same. */
const same: readonly [string, string, string][] = [
  [
    "quotes, case and comments",
    "CREATE TABLE users (id INT, name TEXT)",
    "create table [Users] (`ID` int, -- key\n 'name' \"text\" /* x */)",
  ],
  [
    "a constraint in the column or in the table",
    "CREATE TABLE t (a INT PRIMARY KEY, b INT UNIQUE, c INT REFERENCES t (a), d INT CHECK (d > 0))",
    "CREATE TABLE t (a INT, b INT, c INT, d INT, CHECK (d > 0), FOREIGN KEY (c) REFERENCES t (a), UNIQUE (b), PRIMARY KEY (a))",
  ],
  [
    "defaults that hold anyway",
    "CREATE TABLE t (a TEXT, b INT REFERENCES t (a), UNIQUE (a))",
    "CREATE TABLE t (a TEXT NULL COLLATE BINARY, b INT REFERENCES t (a) ON DELETE NO ACTION MATCH SIMPLE NOT DEFERRABLE INITIALLY DEFERRED, UNIQUE (a ASC) ON CONFLICT ABORT)",
  ],
  [
    "default values",
    "CREATE TABLE t (a DEFAULT 5, b DEFAULT 'x', c DEFAULT -1, d DEFAULT (1 + 2))",
    'CREATE TABLE t (a DEFAULT (5), b DEFAULT "x", c DEFAULT (-1), d DEFAULT ( 1+2 ))',
  ],
  [
    "types",
    "CREATE TABLE t (a VARCHAR(10), b DECIMAL(10,2), c DOUBLE PRECISION)",
    "CREATE TABLE t (a varchar( 10 ), b decimal ( 10 , 2 ), c double  precision)",
  ],
  [
    "expressions",
    "CREATE TABLE t (a INT, b AS (a + 1), CHECK (a > 0 AND b IS NOT NULL))",
    'CREATE TABLE t (a INT, b GENERATED ALWAYS AS ("a"+1) VIRTUAL, CHECK ((t.A>0 and "t"."b" is not null)))',
  ],
  [
    "strings in double quotes",
    "CREATE TABLE t (a TEXT CHECK (a IN ('x', 'y')))",
    'CREATE TABLE t (a TEXT CHECK (a IN ("x", "y")))',
  ],
  [
    "indexes",
    "CREATE TABLE t (a TEXT COLLATE NOCASE, b INT); CREATE INDEX i ON t (a, b DESC) WHERE b > 0",
    'CREATE TABLE t (a TEXT COLLATE NOCASE, b INT); CREATE INDEX IF NOT EXISTS "i" ON "t" ("a" COLLATE nocase ASC, "b" desc) where (b > 0)',
  ],
  [
    "views",
    "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT t.a AS x FROM t WHERE a > 0",
    'CREATE TABLE t (a INT); CREATE VIEW "v" AS select "t"."a" as "x"\nfrom "t" -- all\nwhere a>0;',
  ],
  [
    "triggers",
    "CREATE TABLE t (a INT); CREATE TRIGGER r BEFORE UPDATE OF a ON t BEGIN SELECT 1; END",
    'CREATE TABLE t (a INT); CREATE TRIGGER r UPDATE OF "a" ON t FOR EACH ROW begin select 1 ; end',
  ],
  [
    "a table that was renamed",
    "CREATE TABLE a (x INT, p INT REFERENCES a (x), CHECK (x > 0)); CREATE VIEW v AS SELECT x FROM a",
    "CREATE TABLE b (x INT, p INT REFERENCES b (x), CHECK (b.x > 0)); CREATE VIEW v AS SELECT x FROM b; ALTER TABLE b RENAME TO a",
  ],
  [
    "a column that was renamed",
    "CREATE TABLE t (a INT, b INT, CHECK (a < b)); CREATE INDEX i ON t (a) WHERE a > 0",
    "CREATE TABLE t (x INT, b INT, CHECK (x < b)); CREATE INDEX i ON t (x) WHERE x > 0; ALTER TABLE t RENAME COLUMN x TO a",
  ],
  [
    "columns that were added",
    "CREATE TABLE t (a INT, b TEXT DEFAULT 'x', PRIMARY KEY (a))",
    "CREATE TABLE t (a INT, PRIMARY KEY (a)); ALTER TABLE t ADD COLUMN b TEXT DEFAULT 'x'",
  ],
  [
    "keywords as names",
    'CREATE TABLE "order" ("key" INT, "index" INT, CHECK ("key" > "index"))',
    'CREATE TABLE `order` (key INT, [index] INT, CHECK (key > "index"))',
  ],
  [
    "constraints without commas",
    "CREATE TABLE t (a INT, b INT, UNIQUE (a), CHECK (a > b))",
    "CREATE TABLE t (a INT, b INT, UNIQUE (a) CHECK (a > b))",
  ],
  [
    "CREATE TABLE AS",
    "CREATE TABLE t (a INT, b)",
    "CREATE TABLE s (a INTEGER); CREATE TABLE t AS SELECT a, NULL AS b FROM s; DROP TABLE s",
  ],
];

for (const [name, a, b] of same) {
  test(`means the same: ${name}`, async () => assert.deepEqual(await differences(a, b), []));
}

/** Two scripts and what differs. */
const different: readonly [string, string, readonly string[]][] = [
  ["CREATE TABLE t (a INT)", "CREATE TABLE t (a INTEGER)", ["alter column:t.a"]],
  ["CREATE TABLE t (a INT)", "CREATE TABLE t (a INT NOT NULL)", ["alter column:t.a"]],
  ["CREATE TABLE t (a INT NOT NULL)", "CREATE TABLE t (a INT NOT NULL ON CONFLICT IGNORE)", [
    "alter column:t.a",
  ]],
  ["CREATE TABLE t (a TEXT)", "CREATE TABLE t (a TEXT COLLATE NOCASE)", ["alter column:t.a"]],
  ["CREATE TABLE t (a DEFAULT 1)", "CREATE TABLE t (a DEFAULT '1')", ["alter column:t.a"]],
  ["CREATE TABLE t (a DEFAULT true)", "CREATE TABLE t (a DEFAULT 'true')", ["alter column:t.a"]],
  ["CREATE TABLE t (a, b AS (a))", "CREATE TABLE t (a, b AS (a) STORED)", ["alter column:t.b"]],
  ["CREATE TABLE t (a INT)", "CREATE TABLE t (a INT) STRICT", ["alter table:t"]],
  [
    "CREATE TABLE t (a INT NOT NULL PRIMARY KEY)",
    "CREATE TABLE t (a INT PRIMARY KEY) WITHOUT ROWID",
    ["alter table:t"],
  ],
  [
    "CREATE TABLE t (a INTEGER PRIMARY KEY)",
    "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)",
    ["alter constraint:t.primary key"],
  ],
  [
    "CREATE TABLE t (a INTEGER, PRIMARY KEY (a DESC))",
    "CREATE TABLE t (a INTEGER PRIMARY KEY DESC)",
    ["alter constraint:t.primary key"],
  ],
  ["CREATE TABLE t (a, b, PRIMARY KEY (a, b))", "CREATE TABLE t (a, b, PRIMARY KEY (b, a))", [
    "alter constraint:t.primary key",
  ]],
  ["CREATE TABLE t (a CHECK (a > 0))", "CREATE TABLE t (a CHECK (a > 1))", [
    "drop constraint:t.check (a > 0)",
    "create constraint:t.check (a > 1)",
  ]],
  ["CREATE TABLE t (a CHECK (a = 'X'))", "CREATE TABLE t (a CHECK (a = 'x'))", [
    "drop constraint:t.check (a = 'X')",
    "create constraint:t.check (a = 'x')",
  ]],
  [
    "CREATE TABLE t (a, CONSTRAINT c CHECK (a > 0))",
    "CREATE TABLE t (a, CONSTRAINT c CHECK (a > 1))",
    ["alter constraint:t.c"],
  ],
  ["CREATE TABLE t (a, CONSTRAINT c UNIQUE (a))", "CREATE TABLE t (a, CONSTRAINT d UNIQUE (a))", [
    "drop constraint:t.c",
    "create constraint:t.d",
  ]],
  ["CREATE TABLE t (a REFERENCES p)", "CREATE TABLE t (a REFERENCES p ON DELETE CASCADE)", [
    "alter constraint:t.foreign key (a)",
  ]],
  [
    "CREATE TABLE t (a REFERENCES p)",
    "CREATE TABLE t (a REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
    ["alter constraint:t.foreign key (a)"],
  ],
  [
    "CREATE TABLE t (a); CREATE INDEX i ON t (a)",
    "CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (a)",
    ["alter index:i"],
  ],
  [
    "CREATE TABLE t (a); CREATE INDEX i ON t (a)",
    "CREATE TABLE t (a); CREATE INDEX i ON t (a COLLATE NOCASE)",
    ["alter index:i"],
  ],
  [
    "CREATE TABLE t (a); CREATE INDEX i ON t (a)",
    "CREATE TABLE t (a); CREATE INDEX i ON t (a) WHERE a > 0",
    ["alter index:i"],
  ],
  [
    "CREATE TABLE t (a); CREATE INDEX i ON t (lower(a))",
    "CREATE TABLE t (a); CREATE INDEX i ON t (upper(a))",
    ["alter index:i"],
  ],
  [
    "CREATE TABLE t (a); CREATE TABLE u (a); CREATE INDEX i ON t (a)",
    "CREATE TABLE t (a); CREATE TABLE u (a); CREATE INDEX i ON u (a)",
    ["alter index:i"],
  ],
  [
    "CREATE TABLE t (a); CREATE TABLE u (a); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END",
    "CREATE TABLE t (a); CREATE TABLE u (a); CREATE TRIGGER r AFTER INSERT ON u BEGIN SELECT 1; END",
    ["alter trigger:r"],
  ],
  ["CREATE VIEW v AS SELECT 1", "CREATE VIEW v (x) AS SELECT 1", ["alter view:v"]],
  ["CREATE VIEW v AS SELECT 'a'", "CREATE VIEW v AS SELECT 'A'", ["alter view:v"]],
  ['CREATE VIEW v AS SELECT "str"', 'CREATE VIEW v AS SELECT "STR"', ["alter view:v"]],
  ["CREATE VIEW v AS SELECT - -1", "CREATE VIEW v AS SELECT -1", ["alter view:v"]],
  [
    "CREATE VIRTUAL TABLE f USING fts4(a)",
    "CREATE VIRTUAL TABLE f USING fts4(a, tokenize=porter)",
    ["alter virtual table:f"],
  ],
];

for (const [a, b, expected] of different) {
  test(`differs: ${a} | ${b}`, async () => {
    const found = await differences(a, b);
    assert.deepEqual(found.toSorted(), expected.toSorted());
  });
}

/** Schemas with something of everything. */
const rich = [
  `CREATE TABLE a (
     id INTEGER PRIMARY KEY DESC, "the name" VARCHAR(20) NOT NULL ON CONFLICT REPLACE DEFAULT 'it''s' COLLATE RTRIM,
     n NUMERIC(10, 2) CONSTRAINT positive CHECK (n >= 0), g INT AS (n * 2) STORED UNIQUE ON CONFLICT IGNORE,
     up INT CONSTRAINT up_fk REFERENCES a (id) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
     stamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP, j TEXT DEFAULT (json_array(1, 2)), CHECK (json_valid(j) OR j ->> '$' = 1)
   );
   CREATE INDEX a_expr ON a (lower("the name") COLLATE NOCASE DESC, n + 1, (n)) WHERE n IS NOT NULL AND "the name" <> 'x';`,
  `CREATE TABLE b (x TEXT, y ANY, PRIMARY KEY (y DESC, x COLLATE NOCASE)) STRICT, WITHOUT ROWID;
   CREATE VIEW bv (p, q) AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5)
     SELECT b.x, count(*) FILTER (WHERE y > 1) OVER (PARTITION BY x ORDER BY y ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM b, c;
   CREATE TRIGGER bt INSTEAD OF INSERT ON bv WHEN new.p IS NOT NULL
   BEGIN
     INSERT INTO b (x, y) VALUES (new.p, CASE WHEN new.q THEN 1 ELSE 2 END) ON CONFLICT DO UPDATE SET y = excluded.y;
     SELECT RAISE(ABORT, 'no; never') WHERE EXISTS (SELECT 1 FROM b WHERE x = 'end');
   END;`,
  `CREATE TABLE "Mixed" ("Id" INTEGER PRIMARY KEY AUTOINCREMENT, "Group" TEXT, CHECK ("Id" > 0 AND "Group" NOT LIKE '-%'));
   CREATE TABLE child (mixed INT REFERENCES "Mixed" ("Id"), FOREIGN KEY (mixed) REFERENCES Mixed);
   CREATE UNIQUE INDEX "Odd index" ON "Mixed" ("Group");
   CREATE VIEW "Odd view" AS SELECT "Id", [Group] FROM Mixed;
   CREATE VIRTUAL TABLE words USING fts4(body, title, tokenize=unicode61 "remove_diacritics=1");`,
];

for (const [at, sql] of rich.entries()) {
  test(`a plan from nothing, and the description, make the same schema: ${at + 1}`, async () => {
    const wanted = await snapshot(sql);
    assert.deepEqual(wanted.unmodelled, []);
    const statements = sqlite.plan(sqlite.empty, wanted, hints).statements;
    const planned = await snapshot(statements.map((statement) => `${statement.sql};`).join("\n"));
    assert.deepEqual(changesBetween(planned, wanted, { strictOrder: true }), []);
    const texts = sqlite.describe(wanted);
    const order = [...wanted.objects.keys()].filter((id) => texts.has(id));
    const described = await snapshot(order.map((id) => texts.get(id)).join("\n"));
    assert.deepEqual(changesBetween(described, wanted, { strictOrder: true }), []);
  });
}

test("the description of schemas that mean the same is the same text", async () => {
  for (const [, a, b] of same.slice(1)) {
    assert.deepEqual(sqlite.describe(await snapshot(a)), sqlite.describe(await snapshot(b)));
  }
});

test("what SQLite and modules keep for themselves, and ignored tables with all that is on them, are left out", async () => {
  const { objects } = await snapshot(
    `
    CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT UNIQUE);
    CREATE TABLE schema_migrations (version TEXT);
    CREATE INDEX sm ON schema_migrations (version);
    CREATE TRIGGER st AFTER INSERT ON schema_migrations BEGIN SELECT 1; END;
    CREATE TABLE _app_one (x); CREATE VIEW _app_two AS SELECT 1;
    CREATE VIRTUAL TABLE f USING fts4(a);
    ANALYZE;`,
    ["Schema_Migrations", "_app_*"],
  );
  assert.deepEqual([...objects.keys()].sort(), [
    "column:t.a",
    "column:t.id",
    "constraint:t.primary key",
    "constraint:t.unique (a)",
    "table:t",
    "virtual table:f",
  ]);
});

test("modules of node:sqlite are read and planned too", async () => {
  const script = `
    CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT);
    CREATE VIRTUAL TABLE docs_fts USING fts5(body, content='docs', content_rowid='id');
    CREATE VIRTUAL TABLE boxes USING rtree(id, min_x, max_x);
    CREATE TRIGGER docs_ai AFTER INSERT ON docs BEGIN
      INSERT INTO docs_fts(rowid, body) VALUES (new.id, new.body);
    END;`;
  assert.deepEqual(sqlite.target(null, [script], false).needs, ["fts5", "rtree"]);
  const wanted = await snapshot(script, [], nodeSqlite);
  assert.deepEqual([...wanted.objects.keys()].filter((id) => id.startsWith("virtual")), [
    "virtual table:docs_fts",
    "virtual table:boxes",
  ]);
  assert.deepEqual(wanted.objects.get("virtual table:docs_fts")?.dependsOn, ["table:docs"]);
  const statements = sqlite.plan(sqlite.empty, wanted, hints).statements;
  const planned = await snapshot(
    statements.map((statement) => `${statement.sql};`).join("\n"),
    [],
    nodeSqlite,
  );
  assert.deepEqual(changesBetween(planned, wanted, { strictOrder: true }), []);
});

test("circles of foreign keys and of views have an order all the same", async () => {
  const wanted = await snapshot(`
    CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b (id));
    CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a (id));
    CREATE VIEW v AS SELECT * FROM w;
    CREATE VIEW w AS SELECT * FROM v;`);
  const up = sqlite.plan(sqlite.empty, wanted, hints).statements;
  const down = sqlite.plan(wanted, sqlite.empty, hints).statements;
  assert.deepEqual([up.length, down.filter(({ sql }) => sql.startsWith("DROP")).length], [4, 4]);
});

test("versions that cannot be are refused", () => {
  assert.equal(sqlite.target("3.35.4", [], false).version, "3.35.4");
  assert.throws(() => sqlite.target("2.8", [], false), /Cannot use SQLite version "2.8"/);
});

/** Statements are read once for the same text, but what they come to hangs on the tables around them. */
const around: readonly [string, string, string, string, readonly string[]][] = [
  [
    "a foreign key to a table that is there or not",
    "CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b (a_id INT REFERENCES a (id))",
    "CREATE TABLE b (a_id INT REFERENCES a (id))",
    "table:b",
    ["table:a"],
  ],
  [
    "a foreign key to a table that another kind of relation took the name of",
    "CREATE TABLE b (a_id INT REFERENCES a (id)); CREATE TABLE a (id INT PRIMARY KEY)",
    "CREATE TABLE b (a_id INT REFERENCES a (id)); CREATE VIEW a AS SELECT 1 AS id",
    "table:b",
    ["table:a", "view:a"],
  ],
];

for (const [title, first, second, id, wanted] of around) {
  test(`the same text among others: ${title}`, async () => {
    const needs = async (sql: string) => {
      const { objects } = await snapshot(sql);
      const own = [...objects.values()].filter((one) => one.id === id || one.parent === id);
      return new Set(own.flatMap((one) => one.dependsOn));
    };
    const [before, after] = [await needs(first), await needs(second)];
    for (const one of wanted) assert.notEqual(before.has(one), after.has(one), one);
    assert.deepEqual(await needs(first), before);
  });
}

test("an index with the same text follows its table's columns", async () => {
  const index = "CREATE INDEX i ON t (name)";
  const plain = await snapshot(`CREATE TABLE t (name TEXT); ${index}`);
  const folded = await snapshot(`CREATE TABLE t (name TEXT COLLATE NOCASE); ${index}`);
  const other = await snapshot(`CREATE TABLE t (NAME TEXT, id INT); ${index}`);
  const changes = (a: Snapshot, b: Snapshot) =>
    changesBetween(a, b, { strictOrder: false }).map(({ op, id }) => `${op} ${id}`);
  assert.deepEqual(changes(plain, folded), ["alter column:t.name"]);
  assert.deepEqual(changes(plain, other), ["create column:t.id"]);
});

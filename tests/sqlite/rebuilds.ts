/** Changes of tables that hold rows: schemas, rows, and what must be true after the way there and back. */

/** One case. */
export interface RowCase {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Run on `from`. */
  readonly rows: string;
  /** A query and its rows after UP. */
  readonly expect: readonly (readonly [string, readonly (readonly unknown[])[]])[];
  /** A query and its rows after UP and DOWN; as before UP when it is absent. */
  readonly back?: readonly (readonly [string, readonly (readonly unknown[])[]])[];
  /** The way back cannot work: rows that others refer to are lost. */
  readonly oneWay?: true;
  /** Text that must, and text that must not, stand in UP. */
  readonly has?: readonly string[];
  readonly lacks?: readonly string[];
}

const family = (action: string) => `
  CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE children (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES parents (id) ${action},
    note TEXT
  );`;

const familyTo = (action: string) =>
  family(action).replace("name TEXT", "name VARCHAR(40) NOT NULL DEFAULT 'none'");

const familyRows = `
  INSERT INTO parents VALUES (1, 'Ada'), (2, NULL), (5, 'Eve');
  INSERT INTO children VALUES (10, 1, 'a'), (11, 1, 'b'), (12, 2, 'c'), (13, NULL, 'd');`;

const familyAfter: RowCase["expect"] = [
  ["SELECT id, name FROM parents", [[1, "Ada"], [2, "none"], [5, "Eve"]]],
  ["SELECT id, parent_id, note FROM children", [[10, 1, "a"], [11, 1, "b"], [12, 2, "c"], [
    13,
    null,
    "d",
  ]]],
];

const familyBack: RowCase["back"] = familyAfter;

const actions = [
  "",
  "ON DELETE CASCADE",
  "ON DELETE SET NULL",
  "ON DELETE SET DEFAULT",
  "ON DELETE RESTRICT",
  "ON DELETE CASCADE ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED",
];

/** All of them. */
export const ROW_CASES: readonly RowCase[] = [
  ...actions.map((action): RowCase => ({
    name: `a parent is rebuilt and its children stay: ${action === "" ? "no action" : action}`,
    from: family(action),
    to: familyTo(action),
    rows: familyRows,
    expect: familyAfter,
    back: familyBack,
    lacks: ["PRAGMA foreign_keys"],
  })),
  {
    name: "children stay that could not be emptied of what they refer to",
    from: `
      CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);
      CREATE TABLE c (id INTEGER PRIMARY KEY, p INT NOT NULL REFERENCES p (id) ON DELETE SET NULL);
      CREATE TABLE d (c INT REFERENCES c (id) ON DELETE CASCADE);`,
    to: `
      CREATE TABLE p (id INTEGER PRIMARY KEY, a INT);
      CREATE TABLE c (id INTEGER PRIMARY KEY, p INT NOT NULL REFERENCES p (id) ON DELETE SET NULL);
      CREATE TABLE d (c INT REFERENCES c (id) ON DELETE CASCADE);`,
    rows:
      "INSERT INTO p VALUES (1, 'x'), (2, 'y'); INSERT INTO c VALUES (5, 1), (6, 2); INSERT INTO d VALUES (5), (5)",
    expect: [["SELECT * FROM c", [[5, 1], [6, 2]]], ["SELECT * FROM d", [[5], [5]]]],
  },
  {
    name: "children of children stay, and triggers on the way do not fire",
    from: `
      CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT);
      CREATE TABLE b (k TEXT PRIMARY KEY, a INT REFERENCES a ON DELETE CASCADE) WITHOUT ROWID;
      CREATE TABLE c (b TEXT REFERENCES b (k) ON DELETE CASCADE, v INT, double_v INT AS (v * 2));
      CREATE TABLE d (b TEXT DEFAULT 'k9' REFERENCES b (k) ON DELETE SET DEFAULT);
      CREATE TABLE log (what TEXT);
      CREATE TRIGGER c_gone AFTER DELETE ON c BEGIN INSERT INTO log VALUES ('c gone'); END;
      CREATE TRIGGER c_new AFTER INSERT ON c BEGIN INSERT INTO log VALUES ('c new'); END;
      CREATE TRIGGER d_set AFTER UPDATE ON d BEGIN INSERT INTO log VALUES ('d set'); END;`,
    to: `
      CREATE TABLE a (id INTEGER PRIMARY KEY, x INT CHECK (x <> 'no'));
      CREATE TABLE b (k TEXT PRIMARY KEY, a INT REFERENCES a ON DELETE CASCADE) WITHOUT ROWID;
      CREATE TABLE c (b TEXT REFERENCES b (k) ON DELETE CASCADE, v INT, double_v INT AS (v * 2));
      CREATE TABLE d (b TEXT DEFAULT 'k9' REFERENCES b (k) ON DELETE SET DEFAULT);
      CREATE TABLE log (what TEXT);
      CREATE TRIGGER c_gone AFTER DELETE ON c BEGIN INSERT INTO log VALUES ('c gone'); END;
      CREATE TRIGGER c_new AFTER INSERT ON c BEGIN INSERT INTO log VALUES ('c new'); END;
      CREATE TRIGGER d_set AFTER UPDATE ON d BEGIN INSERT INTO log VALUES ('d set'); END;`,
    rows: `
      INSERT INTO a VALUES (1, 'x'), (2, 'y');
      INSERT INTO b VALUES ('k1', 1), ('k2', 2), ('k9', NULL);
      INSERT INTO c (b, v) VALUES ('k1', 7), ('k1', 7), ('k2', 8);
      INSERT INTO d VALUES ('k1'), ('k9');
      DELETE FROM log;`,
    expect: [
      ["SELECT * FROM a", [[1, "x"], [2, "y"]]],
      ["SELECT k, a FROM b ORDER BY k", [["k1", 1], ["k2", 2], ["k9", null]]],
      ["SELECT b, v, double_v FROM c", [["k1", 7, 14], ["k1", 7, 14], ["k2", 8, 16]]],
      ["SELECT b FROM d", [["k1"], ["k9"]]],
      ["SELECT * FROM log", []],
    ],
  },
  {
    name: "a tree that refers to itself is rebuilt",
    from:
      "CREATE TABLE nodes (id INTEGER PRIMARY KEY, up INT REFERENCES nodes (id) ON DELETE CASCADE, t TEXT)",
    to:
      "CREATE TABLE nodes (id INTEGER PRIMARY KEY, up INT REFERENCES nodes (id) ON DELETE CASCADE, t TEXT UNIQUE)",
    rows: "INSERT INTO nodes VALUES (1, NULL, 'a'), (2, 1, 'b'), (3, 2, 'c')",
    expect: [["SELECT * FROM nodes", [[1, null, "a"], [2, 1, "b"], [3, 2, "c"]]]],
  },
  {
    name: "tables that refer to each other are both rebuilt",
    from: `
      CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b (id) ON DELETE CASCADE, x TEXT);
      CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a (id) ON DELETE SET NULL, y TEXT);`,
    to: `
      CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b (id) ON DELETE CASCADE, x INT);
      CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a (id) ON DELETE SET NULL, y INT);`,
    rows: `
      INSERT INTO a VALUES (1, NULL, 'p'), (2, NULL, 'q');
      INSERT INTO b VALUES (1, 2, 'r'), (2, 1, 's');
      UPDATE a SET b = id;`,
    expect: [
      ["SELECT * FROM a", [[1, 1, "p"], [2, 2, "q"]]],
      ["SELECT * FROM b", [[1, 2, "r"], [2, 1, "s"]]],
    ],
  },
  {
    name: "parent and child are both rebuilt, the child with other columns",
    from: `
      CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);
      CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE, old TEXT, keep TEXT);`,
    to: `
      CREATE TABLE p (id INTEGER PRIMARY KEY, a INT);
      CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE, keep INT, fresh TEXT DEFAULT 'f');`,
    rows:
      "INSERT INTO p VALUES (1, 'x'); INSERT INTO c VALUES (1, 1, 'o', 'k'), (2, NULL, 'o', 'k')",
    expect: [
      ["SELECT * FROM p", [[1, "x"]]],
      ["SELECT id, p, keep, fresh FROM c", [[1, 1, "k", "f"], [2, null, "k", "f"]]],
    ],
    back: [["SELECT id, p, keep FROM c", [[1, 1, "k"], [2, null, "k"]]]],
  },
  {
    name: "a parent goes and its child no longer refers to it",
    from: `
      CREATE TABLE p (id INTEGER PRIMARY KEY);
      CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE);`,
    to: "CREATE TABLE c (id INTEGER PRIMARY KEY, p INT)",
    rows: "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1), (2, NULL)",
    expect: [["SELECT * FROM c", [[1, 1], [2, null]]]],
    oneWay: true,
  },
  {
    name: "a child gets a new parent that it refers to",
    from: "CREATE TABLE c (id INTEGER PRIMARY KEY, p INT)",
    to: `
      CREATE TABLE z (id INTEGER PRIMARY KEY);
      CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES z (id));`,
    rows: "INSERT INTO c VALUES (1, NULL)",
    expect: [["SELECT * FROM c", [[1, null]]]],
  },
  {
    name: "foreign keys that point at a unique index are satisfied on the way",
    from: `
      CREATE TABLE p (a TEXT, b INT);
      CREATE UNIQUE INDEX p_a ON p (a);
      CREATE INDEX p_b ON p (b);
      CREATE TABLE c (a TEXT REFERENCES p (a));`,
    to: `
      CREATE TABLE p (a TEXT, b TEXT);
      CREATE UNIQUE INDEX p_a ON p (a);
      CREATE INDEX p_b ON p (b);
      CREATE TABLE c (a TEXT REFERENCES p (a));`,
    rows: "INSERT INTO p VALUES ('x', 1), ('y', 2); INSERT INTO c VALUES ('x'), ('y')",
    expect: [["SELECT * FROM p", [["x", "1"], ["y", "2"]]], ["SELECT * FROM c", [["x"], ["y"]]]],
    back: [["SELECT * FROM c", [["x"], ["y"]]]],
  },
  {
    name: "a key changes together with what refers to it",
    from: `
      CREATE TABLE p (id INTEGER PRIMARY KEY, tenant INT NOT NULL);
      CREATE TABLE c (id INTEGER PRIMARY KEY AUTOINCREMENT, p INT REFERENCES p (id) ON DELETE CASCADE, tenant INT);
      CREATE INDEX c_p ON c (p);
      CREATE TRIGGER c_t AFTER DELETE ON c BEGIN SELECT RAISE(ABORT, 'no'); END;
      CREATE VIEW cv AS SELECT id FROM c;`,
    to: `
      CREATE TABLE p (id INT NOT NULL, tenant INT NOT NULL, PRIMARY KEY (tenant, id));
      CREATE TABLE c (
        id INTEGER PRIMARY KEY AUTOINCREMENT, p INT, tenant INT,
        FOREIGN KEY (tenant, p) REFERENCES p (tenant, id) ON DELETE CASCADE
      );
      CREATE INDEX c_p ON c (p);
      CREATE TRIGGER c_t AFTER DELETE ON c BEGIN SELECT RAISE(ABORT, 'no'); END;
      CREATE VIEW cv AS SELECT id FROM c;`,
    rows:
      "INSERT INTO p VALUES (1, 7), (2, 8); INSERT INTO c VALUES (3, 1, 7), (4, 2, 8), (9, NULL, 8)",
    expect: [
      ["SELECT * FROM p", [[1, 7], [2, 8]]],
      ["SELECT * FROM c", [[3, 1, 7], [4, 2, 8], [9, null, 8]]],
      ["SELECT name, seq FROM sqlite_sequence", [["c", 9]]],
    ],
  },
  {
    name: "AUTOINCREMENT goes on counting, with and without rows and references",
    from: `
      CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);
      CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);
      CREATE TABLE v (u INT REFERENCES u (id));`,
    to: `
      CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT);
      CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT);
      CREATE TABLE v (u INT REFERENCES u (id));`,
    rows: `
      INSERT INTO t (id) VALUES (41); DELETE FROM t;
      INSERT INTO u (id) VALUES (3), (17); DELETE FROM u WHERE id = 17;`,
    expect: [["SELECT name, seq FROM sqlite_sequence ORDER BY name", [["t", 41], ["u", 17]]]],
  },
  {
    name: "views and triggers of other tables that read a rebuilt table stay",
    from: `
      CREATE TABLE t (a INT CHECK (a > 0), b TEXT);
      CREATE VIEW v AS SELECT a FROM t;
      CREATE VIEW w AS SELECT a FROM v;
      CREATE TABLE o (x INT);
      CREATE TRIGGER o_t AFTER INSERT ON o BEGIN UPDATE t SET b = 'seen' WHERE a = -new.x; END;
      CREATE TRIGGER t_o AFTER INSERT ON t BEGIN INSERT INTO o VALUES (new.a); END;
      CREATE INDEX t_b ON t (b) WHERE b IS NOT NULL;`,
    to: `
      CREATE TABLE t (a INT, b TEXT NOT NULL DEFAULT '');
      CREATE VIEW v AS SELECT a FROM t;
      CREATE VIEW w AS SELECT a FROM v;
      CREATE TABLE o (x INT);
      CREATE TRIGGER o_t AFTER INSERT ON o BEGIN UPDATE t SET b = 'seen' WHERE a = -new.x; END;
      CREATE TRIGGER t_o AFTER INSERT ON t BEGIN INSERT INTO o VALUES (new.a); END;
      CREATE INDEX t_b ON t (b) WHERE b IS NOT NULL;`,
    rows: "INSERT INTO t VALUES (1, NULL), (2, 'x'); DELETE FROM o",
    expect: [["SELECT a, b FROM t", [[1, ""], [2, "x"]]], ["SELECT * FROM o", []]],
    back: [["SELECT a, b FROM t", [[1, ""], [2, "x"]]]],
    has: ["PRAGMA legacy_alter_table = ON", "PRAGMA legacy_alter_table = OFF"],
    lacks: ["DROP VIEW"],
  },
  {
    name: "expressions that name their own table survive a rebuild",
    from: `CREATE TABLE users (age INT, up AS (age + 1), CONSTRAINT c CHECK ("users"."age" > 1))`,
    to: `CREATE TABLE users (age INT, up AS (age + 1), CONSTRAINT c CHECK ("users"."age" > 0))`,
    rows: "INSERT INTO users VALUES (2)",
    expect: [["SELECT age, up FROM users", [[2, 3]]]],
  },
  {
    name: "such expressions survive with a view on the table",
    from: `
      CREATE TABLE users (age INT, CHECK (users.age > 1));
      CREATE VIEW v AS SELECT * FROM users;`,
    to: `
      CREATE TABLE users (age INT, CHECK (users.age > 0));
      CREATE VIEW v AS SELECT * FROM users;`,
    rows: "INSERT INTO users VALUES (2)",
    expect: [["SELECT * FROM v", [[2]]]],
  },
  {
    name: "a broken view elsewhere is in nobody's way",
    from: `
      CREATE TABLE t (a INT, b INT, c INT);
      CREATE VIEW broken AS SELECT x FROM missing;
      CREATE VIEW on_broken AS SELECT x FROM broken;`,
    to: `
      CREATE TABLE t (a TEXT, c INT);
      CREATE VIEW broken AS SELECT x FROM missing;
      CREATE VIEW on_broken AS SELECT x FROM broken;`,
    rows: "INSERT INTO t VALUES (1, 2, 3)",
    expect: [["SELECT a, c FROM t", [["1", 3]]]],
    back: [["SELECT a, c FROM t", [[1, 3]]]],
  },
  {
    name: "a column goes although an index, a view and a trigger named it",
    from: `
      CREATE TABLE t (a INT, b INT, c INT);
      CREATE INDEX t_b ON t (b);
      CREATE INDEX t_ab ON t (a) WHERE b > 0;
      CREATE VIEW v AS SELECT a, b FROM t;
      CREATE VIEW w AS SELECT b FROM v;
      CREATE TRIGGER tr AFTER UPDATE ON t WHEN new.b > 0 BEGIN SELECT new.b; END;`,
    to: `
      CREATE TABLE t (a INT, c INT);
      CREATE INDEX t_ab ON t (a);
      CREATE VIEW v AS SELECT a, 0 AS b FROM t;
      CREATE VIEW w AS SELECT b FROM v;
      CREATE TRIGGER tr AFTER UPDATE ON t WHEN new.c > 0 BEGIN SELECT new.c; END;`,
    rows: "INSERT INTO t VALUES (1, 2, 3)",
    expect: [["SELECT a, c FROM t", [[1, 3]]], ["SELECT * FROM w", [[0]]]],
    back: [["SELECT a, c, b FROM t", [[1, 3, null]]]],
    has: ["ALTER TABLE t DROP COLUMN b"],
    lacks: ["CREATE TABLE", "VIEW w"],
  },
  {
    name: "two columns of a table go that a view and a trigger named",
    from: `
      CREATE TABLE t (a INT, b INT, c INT);
      CREATE VIEW v AS SELECT a, b, c FROM t;
      CREATE VIEW w AS SELECT * FROM v;
      CREATE VIEW x AS SELECT a FROM t;
      CREATE TRIGGER tr AFTER UPDATE ON t BEGIN SELECT new.b; END;`,
    to: `
      CREATE TABLE t (a INT);
      CREATE VIEW v AS SELECT a FROM t;
      CREATE VIEW w AS SELECT * FROM v;
      CREATE VIEW x AS SELECT a FROM t;
      CREATE TRIGGER tr AFTER UPDATE ON t BEGIN SELECT new.a; END;`,
    rows: "INSERT INTO t VALUES (1, 2, 3)",
    expect: [["SELECT * FROM w", [[1]]]],
    back: [["SELECT a, b, c FROM w", [[1, null, null]]]],
    has: ["ALTER TABLE t DROP COLUMN b", "ALTER TABLE t DROP COLUMN c"],
    lacks: ["CREATE TABLE", "PRAGMA", "VIEW x"],
  },
  {
    name: "columns of two tables go, and a view named that of the first",
    from: `
      CREATE TABLE t (a INT, b INT); CREATE TABLE u (a INT, b INT);
      CREATE VIEW v AS SELECT a, b FROM t`,
    to: "CREATE TABLE t (a INT); CREATE TABLE u (a INT); CREATE VIEW v AS SELECT a FROM t",
    rows: "INSERT INTO t VALUES (1, 2); INSERT INTO u VALUES (3, 4)",
    expect: [["SELECT v.a, u.a AS c FROM v, u", [[1, 3]]]],
    back: [["SELECT a, b FROM v", [[1, null]]]],
    lacks: ["CREATE TABLE", "PRAGMA"],
  },
  {
    name: "a table is recreated without a column that a view named, and another one loses a column",
    from: `
      CREATE TABLE t (a INT, b INT UNIQUE); CREATE TABLE u (a INT, b INT);
      CREATE VIEW v AS SELECT a, b FROM t`,
    to: "CREATE TABLE t (a INT); CREATE TABLE u (a INT); CREATE VIEW v AS SELECT a FROM t",
    rows: "INSERT INTO t VALUES (1, 2); INSERT INTO u VALUES (3, 4)",
    expect: [["SELECT v.a, u.a AS c FROM v, u", [[1, 3]]]],
    back: [["SELECT a, b FROM v", [[1, null]]]],
    has: ["ALTER TABLE u DROP COLUMN b"],
  },
  {
    name: "a column goes that a view named, and another table is recreated",
    from: `
      CREATE TABLE t (a INT, b INT); CREATE TABLE u (a INT, b INT);
      CREATE VIEW v AS SELECT a, b FROM t`,
    to: `
      CREATE TABLE t (a INT); CREATE TABLE u (a INT, b TEXT, UNIQUE (a));
      CREATE VIEW v AS SELECT a FROM t`,
    rows: "INSERT INTO t VALUES (1, 2); INSERT INTO u VALUES (3, 4)",
    expect: [["SELECT v.a, u.a AS c FROM v, u", [[1, 3]]]],
    back: [["SELECT a, b FROM v", [[1, null]]]],
    has: ["ALTER TABLE t DROP COLUMN b"],
  },
  {
    name: "two tables are recreated, one without a column that a view named",
    from: `
      CREATE TABLE t (a INT, b INT UNIQUE); CREATE TABLE u (a INT, b INT);
      CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT a FROM v`,
    to: `
      CREATE TABLE t (a INT); CREATE TABLE u (a INT, b TEXT);
      CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v`,
    rows: "INSERT INTO t VALUES (1, 2); INSERT INTO u VALUES (3, 4)",
    expect: [["SELECT v.a, u.a AS c FROM v, u", [[1, 3]]]],
    back: [["SELECT a, b FROM v", [[1, null]]]],
  },
  {
    name: "a column goes that a view named, and another table gets one that cannot be added",
    from: `
      CREATE TABLE t (a INT, b INT); CREATE TABLE u (a INT);
      CREATE VIEW v AS SELECT a, b FROM t`,
    to: `
      CREATE TABLE t (a INT); CREATE TABLE u (a INT, at TEXT DEFAULT CURRENT_TIMESTAMP);
      CREATE VIEW v AS SELECT a FROM t`,
    rows: "INSERT INTO t VALUES (1, 2); INSERT INTO u (a) VALUES (3)",
    expect: [["SELECT v.a, u.a AS c, u.at IS NULL AS n FROM v, u", [[1, 3, 0]]]],
    back: [["SELECT a, b FROM v", [[1, null]]]],
    has: ["ALTER TABLE t DROP COLUMN b"],
  },
  {
    name: "a foreign key that deletes turns round",
    from: `
      CREATE TABLE u (id INTEGER PRIMARY KEY, n INT NOT NULL);
      CREATE TABLE t (a INT, u_id INT REFERENCES u ON DELETE CASCADE)`,
    to: `
      CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);
      CREATE TABLE u (id INTEGER PRIMARY KEY, n INT NOT NULL REFERENCES t)`,
    rows: "INSERT INTO u VALUES (4, 1); INSERT INTO t VALUES (7, 4)",
    expect: [["SELECT u.id, n, a FROM u JOIN t ON t.id = n", [[4, 1, 7]]]],
    back: [["SELECT a, id, n FROM t, u", [[7, 4, 1]]]],
  },
  {
    name: "columns with a constant are added in place",
    from: "CREATE TABLE t (a INT); CREATE TABLE u (id INTEGER PRIMARY KEY)",
    to: `
      CREATE TABLE u (id INTEGER PRIMARY KEY);
      CREATE TABLE t (
        a INT, b TEXT NOT NULL DEFAULT 'x' COLLATE NOCASE, c INT CHECK (c > 0), d INT AS (a * 2), e INT DEFAULT (-1),
        f INT REFERENCES u (id), CONSTRAINT named CHECK (e < a OR e IS NULL)
      )`,
    rows: "INSERT INTO t VALUES (1)",
    expect: [["SELECT * FROM t", [[1, "x", null, 2, -1, null]]]],
    lacks: ["CREATE TABLE"],
  },
  {
    name: "what ADD COLUMN refuses once there are rows is a rebuild",
    from: "CREATE TABLE t (a INT)",
    to:
      "CREATE TABLE t (a INT, b TEXT DEFAULT CURRENT_DATE, c INT DEFAULT (1 + 1), d INT AS (a * 2) STORED, e TEXT UNIQUE)",
    rows: "INSERT INTO t VALUES (1)",
    expect: [["SELECT a, b = CURRENT_DATE, c, d, e FROM t", [[1, 1, 2, 2, null]]]],
    has: ["CREATE TABLE"],
  },
  {
    name: "a type change converts by affinity, and rows of a replaced column stay in number",
    from: "CREATE TABLE t (a TEXT); CREATE TABLE r (x INT)",
    to: "CREATE TABLE t (a INTEGER) STRICT; CREATE TABLE r (y INT UNIQUE)",
    rows: "INSERT INTO t VALUES ('12'), (NULL); INSERT INTO r VALUES (1), (2)",
    expect: [
      ["SELECT a, typeof(a) FROM t", [[12, "integer"], [null, "null"]]],
      ["SELECT y FROM r", [[null], [null]]],
    ],
    back: [["SELECT a FROM t", [["12"], [null]]], ["SELECT x FROM r", [[null], [null]]]],
  },
  {
    name: "rowids that a full-text table reads are kept",
    from: `
      CREATE TABLE docs (body TEXT);
      CREATE VIRTUAL TABLE idx USING fts4(body, content="docs");`,
    to: `
      CREATE TABLE docs (body TEXT NOT NULL DEFAULT '');
      CREATE VIRTUAL TABLE idx USING fts4(body, content="docs");`,
    rows: "INSERT INTO docs (rowid, body) VALUES (7, 'seven'), (9, 'nine')",
    expect: [["SELECT rowid, body FROM docs", [[7, "seven"], [9, "nine"]]]],
  },
  {
    name: "a full-text table keeps its rows when its options change",
    from: "CREATE VIRTUAL TABLE f USING fts4(a, b)",
    to: "CREATE VIRTUAL TABLE f USING fts4(a, b, c, tokenize=porter)",
    rows: "INSERT INTO f (rowid, a, b) VALUES (5, 'running', 'x')",
    expect: [["SELECT rowid, a, b, c FROM f WHERE f MATCH 'run'", [[5, "running", "x", null]]]],
    back: [["SELECT rowid, a, b FROM f", [[5, "running", "x"]]]],
  },
  {
    name: "a table of a module that is recreated has shadow tables like a new one",
    from: "CREATE VIRTUAL TABLE f USING fts4(a); CREATE TABLE _aim_rows_f (x)",
    to: "CREATE VIRTUAL TABLE f USING fts4(a, b); CREATE TABLE _aim_rows_f (x)",
    rows: "INSERT INTO f (rowid, a) VALUES (3, 'three')",
    expect: [
      ["SELECT rowid, a, b FROM f", [[3, "three", null]]],
      ["SELECT count(*) FROM sqlite_schema WHERE sql LIKE 'CREATE TABLE ''f~_%' ESCAPE '~'", [[5]]],
    ],
  },
  {
    name: "an index and a trigger move to another table of the same columns",
    from: `
      CREATE TABLE t (a INT, z INT); CREATE TABLE u (a INT);
      CREATE INDEX i ON t (a);
      CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM u; END;`,
    to: `
      CREATE TABLE t (a TEXT, z INT); CREATE TABLE u (a INT);
      CREATE INDEX i ON u (a);
      CREATE TRIGGER r AFTER INSERT ON u BEGIN DELETE FROM t; END;`,
    rows: "INSERT INTO t VALUES (1, 2); INSERT INTO u VALUES (3)",
    expect: [["SELECT * FROM t", [["1", 2]]], ["SELECT * FROM u", [[3]]]],
  },
  {
    name: "names that need quotes are quoted everywhere",
    from: `
      CREATE TABLE "order" ("group by" INT PRIMARY KEY, "a""b" TEXT);
      CREATE TABLE [line items] ([order] INT REFERENCES "order" ("group by") ON DELETE CASCADE);`,
    to: `
      CREATE TABLE "order" ("group by" INT PRIMARY KEY, "a""b" INT NOT NULL DEFAULT 0);
      CREATE TABLE [line items] ([order] INT REFERENCES "order" ("group by") ON DELETE CASCADE);`,
    rows: `INSERT INTO "order" VALUES (1, NULL); INSERT INTO "line items" VALUES (1)`,
    expect: [[`SELECT * FROM "order"`, [[1, 0]]], [`SELECT * FROM "line items"`, [[1]]]],
    back: [[`SELECT * FROM "line items"`, [[1]]]],
  },
];

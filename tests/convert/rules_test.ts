/** Single rules of conversion, by the DDL that they give. */

import assert from "node:assert/strict";
import test from "node:test";
import { isMissing, Pair } from "./engines.ts";

/** A schema, what the other one must say, and what notes must name. */
interface RuleCase {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly sql: string;
  readonly says: readonly RegExp[];
  readonly notes?: readonly RegExp[];
}

const CASES: readonly RuleCase[] = [
  {
    title: "0 and 1 are truth where the column is one of truth",
    from: "mysql",
    to: "postgres",
    sql: "CREATE TABLE t (id int PRIMARY KEY, a tinyint(1) DEFAULT 0, CHECK (a = 1 OR id > 1));",
    says: [/a boolean DEFAULT FALSE/, /a = TRUE/, /id > 1/],
  },
  {
    title: "a prefix of a column is an expression in Postgres",
    from: "mysql",
    to: "postgres",
    sql: "CREATE TABLE t (id int PRIMARY KEY, a varchar(50), KEY k (a(5)));",
    says: [/CREATE INDEX k ON t \(\(left\(a, 5\)\)\)/],
    notes: [/^index t\.k changed/],
  },
  {
    title: "names of indexes that two tables have get that of the table",
    from: "mysql",
    to: "sqlite",
    sql: "CREATE TABLE a (x int, KEY k (x)); CREATE TABLE b (x int, KEY k (x));",
    says: [/CREATE INDEX k ON a/, /CREATE INDEX b_k ON b/],
    notes: [/^index b\.k renamed/],
  },
  {
    title: "a partial index has no equal, and is not unique where it was",
    from: "postgres",
    to: "mysql",
    sql:
      "CREATE TABLE t (id int PRIMARY KEY, a varchar(20)); CREATE UNIQUE INDEX u ON t (a) WHERE id > 3;",
    says: [/CREATE INDEX u ON t \(a\)/],
    notes: [/^index t\.u changed.*no longer unique/],
  },
  {
    title: "text of a key has a length in MySQL, and so has what refers to it",
    from: "postgres",
    to: "mysql",
    sql: "CREATE TABLE a (k text PRIMARY KEY); CREATE TABLE b (k text REFERENCES a);",
    says: [/k varchar\(255\) NOT NULL/, /ADD CONSTRAINT b_k_fkey FOREIGN KEY \(k\)/],
    notes: [/^column a\.k changed/, /^column b\.k changed/],
  },
  {
    title: "a schema is a prefix of names",
    from: "postgres",
    to: "sqlite",
    sql: "CREATE SCHEMA app; CREATE TABLE app.users (id int PRIMARY KEY);",
    says: [/CREATE TABLE app_users/],
    notes: [/^schema app renamed/],
  },
  {
    title: "a domain is its type and its checks",
    from: "postgres",
    to: "sqlite",
    sql: "CREATE DOMAIN age AS int CHECK (VALUE > 0); CREATE TABLE t (id int PRIMARY KEY, a age);",
    says: [/a INTEGER/, /CHECK \(a > 0\)/],
  },
  {
    title: "what a server refuses is left out and named, and nothing else",
    from: "sqlite",
    to: "postgres",
    sql:
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT CHECK (a || 'x' > 3), b TEXT DEFAULT 'k', CHECK (id > 0));",
    says: [/b text DEFAULT 'k'/, /CHECK \(id > 0\)/],
    notes: [/^check t.*dropped.*the server refuses it/],
  },
  {
    title: "a trigger that updates its own row sets the values before",
    from: "sqlite",
    to: "postgres",
    sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, n INT, at TEXT);
      CREATE TRIGGER touched AFTER UPDATE OF n ON t WHEN NEW.n > OLD.n BEGIN
        UPDATE t SET at = CURRENT_TIMESTAMP WHERE id = NEW.id; END;`,
    says: [
      /NEW\.at := CURRENT_TIMESTAMP/,
      /BEFORE UPDATE OF n ON t FOR EACH ROW WHEN \(NEW\.n > OLD\.n\)/,
    ],
    notes: [/^trigger t\.touched changed/],
  },
  {
    title: "a trigger with an IF around its body has a condition",
    from: "mariadb",
    to: "sqlite",
    sql: `CREATE TABLE t (id int PRIMARY KEY, n int); CREATE TABLE log (n int);
      DELIMITER //
      CREATE TRIGGER logged AFTER UPDATE ON t FOR EACH ROW BEGIN
        IF NEW.n > OLD.n THEN INSERT INTO log (n) VALUES (NEW.n); END IF; END//
      DELIMITER ;`,
    says: [/WHEN NEW\.n > OLD\.n\nBEGIN\n {2}INSERT INTO log \(n\) VALUES \(NEW\.n\);\nEND/],
  },
  {
    title: "names in capitals keep them, however expressions write them",
    from: "sqlite",
    to: "postgres",
    sql:
      "CREATE TABLE Users (Id INTEGER PRIMARY KEY, Email TEXT, CHECK (email <> '')); CREATE INDEX e ON users (EMAIL);",
    says: [/CREATE TABLE "Users"/, /CHECK \("Email" <> ''\)/, /ON "Users" \("Email"\)/],
  },
  {
    title: "formats of moments and lists of a group are said in other words",
    from: "postgres",
    to: "sqlite",
    sql: `CREATE TABLE t (id int PRIMARY KEY, at timestamp, n text);
      CREATE VIEW v AS SELECT to_char(at, 'YYYY-MM') AS month, string_agg(n, ';') AS all_n FROM t GROUP BY 1;`,
    says: [/strftime\('%Y-%m', t?\.?at\)/, /group_concat\(t?\.?n, ';'\)/],
  },
  {
    title: "a division of whole numbers stays one",
    from: "sqlite",
    to: "mysql",
    sql:
      "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT, h INT GENERATED ALWAYS AS (n / 2) VIRTUAL);",
    says: [/GENERATED ALWAYS AS \(n DIV 2\) VIRTUAL/],
  },
  {
    title: "a body that holds its own quotes stays one",
    from: "sqlite",
    to: "postgres",
    sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE log (a TEXT);
      CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('$trigger$'); END;`,
    says: [/AS \$trigger_\$\nBEGIN/],
  },
  {
    title: "sequences are there in MariaDB and named where they are not",
    from: "postgres",
    to: "sqlite",
    sql:
      "CREATE SEQUENCE numbers START 5; CREATE TABLE t (id int PRIMARY KEY, n bigint DEFAULT nextval('numbers'));",
    says: [/n INTEGER/],
    notes: [/^sequence numbers dropped/, /^default of column t\.n dropped/],
  },
];

for (const { title, from, to, sql, says, notes = [] } of CASES) {
  test(`${title} (${from} to ${to})`, { skip: isMissing(from) || isMissing(to) }, async () => {
    await using pair = new Pair(from, to);
    const converted = await pair.convert(sql);
    assert.deepEqual(converted.unlike, []);
    for (const pattern of says) assert.match(converted.text, pattern);
    const told = converted.notes.map(({ object, outcome, became, why }) =>
      `${object} ${outcome} ${became} ${why}`
    );
    for (const pattern of notes) {
      assert.ok(told.some((text) => pattern.test(text)), told.join("\n"));
    }
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { changesBetween } from "../../src/core/change.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import { run, SERVERS, snapshotOf, startServer } from "./servers.ts";

/** The facts of objects by their ids. */
function factsOf(snapshot: Snapshot, ids: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(ids.map((id) => [id, snapshot.objects.get(id)?.facts ?? null]));
}

function assertEqual(a: Snapshot, b: Snapshot): void {
  assert.deepEqual(
    changesBetween(a, b, { strictOrder: true }).map((change) => [change.op, change.id]),
    [],
  );
}

for (const { engine, isMissing } of SERVERS) {
  const { dialect } = engine;
  const isMariadb = dialect === "mariadb";
  test(`${dialect}: the catalog`, { skip: isMissing }, async (t) => {
    await using server = await startServer(engine);

    await t.test("tables, columns, keys and constraints", async () => {
      const snapshot = await snapshotOf(
        engine,
        server,
        `CREATE TABLE parents (id INT UNSIGNED PRIMARY KEY, code INT UNIQUE) COMMENT 'it''s \\\\';
         CREATE TABLE t (
           id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
           name VARCHAR(20) CHARACTER SET latin1 DEFAULT 'a\\'b',
           state ENUM('a,b', 'c''d') NOT NULL DEFAULT 'a,b',
           at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
           bits BIT(3) DEFAULT b'101',
           token VARCHAR(36) DEFAULT (UUID()),
           amount INT,
           total INT AS (amount + 1) STORED,
           parent INT UNSIGNED,
           notes TEXT,
           PRIMARY KEY (id),
           UNIQUE KEY name_at (name(5), at DESC) USING BTREE COMMENT 'x',
           FULLTEXT KEY words (notes),
           CONSTRAINT positive CHECK (amount > 0),
           CONSTRAINT t_parent FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE CASCADE ON UPDATE SET NULL
         ) ENGINE = InnoDB ROW_FORMAT = COMPRESSED KEY_BLOCK_SIZE = 8 AUTO_INCREMENT = 7;`,
      );
      assert.deepEqual(snapshot.unmodelled, []);
      const collation = isMariadb ? "utf8mb4_general_ci" : "utf8mb4_0900_ai_ci";
      const utf8 = { charset: "utf8mb4", collation };
      assert.deepEqual(
        factsOf(snapshot, [
          "table:t",
          "table:parents",
          "column:t.id",
          "column:t.name",
          "column:t.state",
          "column:t.bits",
          "column:t.total",
          "column:t.notes",
          "index:t.PRIMARY",
          "index:t.name_at",
          "index:t.words",
          "constraint:t.positive",
          "constraint:t.t_parent",
        ]),
        {
          "table:t": {
            engine: "InnoDB",
            ...utf8,
            row_format: "COMPRESSED",
            options: { key_block_size: "8" },
          },
          "table:parents": { engine: "InnoDB", ...utf8, comment: "it's \\" },
          "column:t.id": {
            type: isMariadb ? "bigint(20) unsigned" : "bigint unsigned",
            not_null: true,
            auto_increment: true,
          },
          "column:t.name": {
            type: "varchar(20)",
            charset: "latin1",
            collation: "latin1_swedish_ci",
            default: "'a''b'",
          },
          "column:t.state": {
            type: "enum('a,b','c''d')",
            ...utf8,
            not_null: true,
            default: "'a,b'",
          },
          "column:t.bits": { type: "bit(3)", default: "b'101'" },
          "column:t.total": {
            type: isMariadb ? "int(11)" : "int",
            generated: "`amount` + 1",
            stored: true,
          },
          "column:t.notes": { type: "text", ...utf8 },
          "index:t.PRIMARY": { type: "primary", columns: [{ column: "id" }] },
          "index:t.name_at": {
            type: "unique",
            columns: [{ column: "name", length: 5 }, { column: "at", descending: true }],
            using: "BTREE",
            comment: "x",
          },
          "index:t.words": { type: "fulltext", columns: [{ column: "notes" }] },
          "constraint:t.positive": { type: "check", expression: "`amount` > 0" },
          "constraint:t.t_parent": {
            type: "foreign key",
            columns: ["parent"],
            table: "parents",
            references: ["id"],
            on_delete: "CASCADE",
            on_update: "SET NULL",
          },
        },
      );
      assert.deepEqual(snapshot.objects.get("table:t")?.style, { auto_increment: "7" });
      assert.deepEqual(snapshot.objects.get("constraint:t.t_parent")?.dependsOn, [
        "table:t",
        "column:t.parent",
        "table:parents",
        "column:parents.id",
      ]);
    });

    await t.test("partitions", async () => {
      const snapshot = await snapshotOf(
        engine,
        server,
        `CREATE TABLE t (id INT, at DATE) PARTITION BY RANGE (YEAR(at)) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (
           PARTITION old VALUES LESS THAN (2000) COMMENT = 'x', PARTITION rest VALUES LESS THAN MAXVALUE);
         CREATE TABLE k (id INT PRIMARY KEY) PARTITION BY KEY (id) PARTITIONS 4;
         CREATE TABLE l (id INT, name VARCHAR(4)) PARTITION BY LIST COLUMNS (id, name) (
           PARTITION a VALUES IN ((1, 'a'), (2, NULL)) MAX_ROWS = 10);`,
      );
      assert.deepEqual(snapshot.unmodelled, []);
      const of = (name: string) => snapshot.objects.get(`table:${name}`)?.facts.partitioning;
      assert.deepEqual(of("t"), {
        method: "RANGE",
        expression: "year(`at`)",
        subpartitioning: { method: "HASH", expression: "`id`", count: 2 },
        partitions: [
          { name: "old", values: "LESS THAN (2000)", comment: "x" },
          { name: "rest", values: "LESS THAN MAXVALUE" },
        ],
      });
      assert.deepEqual(of("k"), { method: "KEY", expression: isMariadb ? "`id`" : "id", count: 4 });
      assert.deepEqual(of("l"), {
        method: "LIST COLUMNS",
        expression: isMariadb ? "`id`,`name`" : "id,`name`",
        partitions: [{ name: "a", values: "IN ((1,'a'),(2,NULL))", options: { max_rows: "10" } }],
      });
    });

    await t.test("views, routines, triggers and events", async () => {
      const snapshot = await snapshotOf(
        engine,
        server,
        `CREATE TABLE t (id INT, b INT);
         CREATE FUNCTION f(a INT, b VARCHAR(5) CHARSET latin1) RETURNS VARCHAR(9) CHARSET latin1 DETERMINISTIC NO SQL RETURN 'x';
         CREATE SQL SECURITY INVOKER VIEW v AS SELECT id, f(id, 'a') AS g FROM t WHERE b > 1 WITH CHECK OPTION;
         CREATE PROCEDURE p(OUT x INT) COMMENT 'it''s' SQL SECURITY INVOKER READS SQL DATA BEGIN SELECT 1; SET x = 2; END;
         CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 1;
         CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW PRECEDES one BEGIN SET NEW.b = 2; END;
         CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t;
         CREATE EVENT once ON SCHEDULE AT '2002-03-04 05:06:07' ON COMPLETION PRESERVE DISABLE COMMENT 'c' DO SELECT 1;`,
      );
      assert.deepEqual(snapshot.unmodelled, []);
      const { "view:v": view, ...others } = factsOf(snapshot, [
        "view:v",
        "procedure:p",
        "trigger:one",
        "trigger:two",
        "event:e",
        "event:once",
      ]);
      assert.deepEqual(others, {
        "procedure:p": {
          parameters: isMariadb ? "OUT `x` int(11)" : "OUT `x` int",
          data_access: "READS SQL DATA",
          security: "invoker",
          comment: "it's",
          body: "BEGIN SELECT 1; SET x = 2; END",
        },
        "trigger:one": {
          table: "t",
          timing: "before",
          event: "insert",
          follows: "two",
          body: "SET NEW.b = 1",
        },
        "trigger:two": {
          table: "t",
          timing: "before",
          event: "insert",
          body: "BEGIN SET NEW.b = 2; END",
        },
        "event:e": { every: "1 DAY", body: "DELETE FROM t" },
        "event:once": {
          at: "2002-03-04 05:06:07",
          preserve: true,
          disabled: "everywhere",
          comment: "c",
          body: "SELECT 1",
        },
      });
      const facts = view as Record<string, string>;
      assert.equal(facts.security, "invoker");
      assert.equal(facts.check_option, "cascaded");
      assert.doesNotMatch(facts.query ?? "", /scratch|CHECK OPTION/);
      assert.deepEqual(
        [...snapshot.objects.get("view:v")?.dependsOn ?? []].sort(),
        ["column:t.b", "column:t.id", "function:f", "table:t"],
      );
      const returns = String(snapshot.objects.get("function:f")?.facts.returns);
      assert.match(returns, /^varchar\(9\) CHARSET latin1/i);
    });

    await t.test("what says the same is the same", async () => {
      const a = await snapshotOf(
        engine,
        server,
        `CREATE TABLE t (a INT(11) NULL, b BOOLEAN DEFAULT TRUE, c CHARACTER VARYING(9) CHARACTER SET utf8, d TIMESTAMP DEFAULT NOW(), e NUMERIC(4) DEFAULT 1, KEY (a));
         CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS CURRENT_TIMESTAMP DO SELECT 1;`,
      );
      const b = await snapshotOf(
        engine,
        server,
        `create table \`t\` (\`a\` integer DEFAULT NULL, b tinyint(1) default '1', c varchar(9) CHARSET utf8mb3 NULL, d timestamp default current_timestamp(), e decimal(4,0) default '1', index a (a)) engine=innodb default charset=utf8mb4;
         create event e on schedule every 1 day do SELECT 1;`,
      );
      const differing = changesBetween(a, b, { strictOrder: true }).map(({ id }) => id);
      // Display widths are facts of MySQL, where somebody stated them for anything but a boolean.
      assert.deepEqual(differing, []);
    });

    await t.test("other databases are named, and nothing is left out in silence", async () => {
      const snapshot = await snapshotOf(
        engine,
        server,
        "CREATE DATABASE other; CREATE TABLE other.t (a INT)",
      );
      assert.deepEqual(snapshot.unmodelled, [{ kind: "database", name: "other" }]);
      if (isMariadb || !server.version.startsWith("9.")) return;
      const special = await snapshotOf(
        engine,
        server,
        `CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(10));
         CREATE JSON DUALITY VIEW j AS SELECT JSON_DUALITY_OBJECT('_id': id, 'name': name) FROM t;
         CREATE LIBRARY l LANGUAGE JAVASCRIPT AS 'export function f() { return 1 }';`,
      );
      assert.deepEqual(special.unmodelled, [
        { kind: "library", name: "l" },
        { kind: "view", name: "j" },
      ]);
    });

    await t.test("the database that a script uses is the one that is read", async () => {
      const snapshot = await snapshotOf(
        engine,
        server,
        "CREATE DATABASE shop CHARACTER SET latin1; USE shop; CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t",
      );
      assert.deepEqual(snapshot.unmodelled, []);
      assert.deepEqual([...snapshot.objects.keys()], [
        "database:default",
        "table:t",
        "column:t.a",
        "view:v",
      ]);
      assert.equal(snapshot.objects.get("database:default")?.facts.charset, "latin1");
      assert.doesNotMatch(String(snapshot.objects.get("view:v")?.facts.query), /shop/);
    });

    await t.test("a fingerprint is that of what was read", async () => {
      const database = await server.create();
      const start = await engine.fingerprint(database);
      await run(engine, database, "CREATE TABLE t (a INT)");
      const changed = await engine.fingerprint(database);
      assert.notEqual(changed, start);
      await run(engine, database, "ALTER TABLE t COMMENT = 'a'; ALTER TABLE t COMMENT = ''");
      assert.equal(await engine.fingerprint(database), changed);
    });

    await t.test("names that the server generates are matched", async () => {
      const actual = await snapshotOf(
        engine,
        server,
        "CREATE TABLE p (id INT PRIMARY KEY, code INT UNIQUE); CREATE TABLE c (a INT, b INT, CHECK (a > 0), CHECK (b > 0), FOREIGN KEY (a) REFERENCES p (id), FOREIGN KEY (b) REFERENCES p (code))",
      );
      const wanted = await snapshotOf(
        engine,
        server,
        "CREATE TABLE p (id INT PRIMARY KEY, code INT UNIQUE); CREATE TABLE c (a INT, b INT, CHECK (b > 0), CHECK (a > 0), FOREIGN KEY (b) REFERENCES p (code), FOREIGN KEY (a) REFERENCES p (id))",
      );
      const options = { deployedVersion: null };
      assertEqual(actual, engine.matchNames?.(wanted, actual, options) ?? wanted);
    });
  });
}

/** What statements of MySQL and MariaDB do, as their tokens say. */

import assert from "node:assert/strict";
import test from "node:test";
import { operations } from "../../src/engines/mysql/operations/mod.ts";

/** Actions with what they are about: `add-column t.x`. */
async function said(sql: string): Promise<readonly string[]> {
  return (await operations(sql)).map(({ action, kind, on, name = "", newName = "" }) =>
    `${action} ${kind} ${on}${name === "" ? "" : `.${name}`}${newName === "" ? "" : ` ${newName}`}`
  );
}

const CASES: readonly (readonly [sql: string, ...said: readonly string[]])[] = [
  ["ALTER TABLE t ADD x int, DROP y", "add-column table t.x", "drop-column table t.y"],
  [
    "ALTER TABLE t ADD (x int, y enum('a,b',')') NOT NULL)",
    "add-column table t.x",
    "add-column table t.y",
  ],
  ["alter table `a b` add column `x``y` int after id", "add-column table a b.x`y"],
  [
    "ALTER TABLE t MODIFY c int NOT NULL FIRST",
    "change-type table t.c",
    "set-not-null table t.c",
    "move-column table t.c",
  ],
  [
    "ALTER TABLE t CHANGE COLUMN a b text",
    "rename-column table t.a b",
    "change-type table t.a b",
    "drop-not-null table t.a b",
  ],
  [
    "ALTER TABLE t RENAME COLUMN a TO b, RENAME INDEX i TO j",
    "rename-column table t.a b",
    "rename index t.i j",
  ],
  ["ALTER TABLE t RENAME TO u", "rename table t u"],
  ["RENAME TABLE a TO b, c TO d", "rename table a b", "rename table c d"],
  [
    "ALTER TABLE t ADD INDEX i (a), ALGORITHM=INPLACE, LOCK=NONE",
    "create index t.i",
    "set-option table t.algorithm",
    "set-option table t.lock",
  ],
  ["ALTER TABLE t ADD INDEX i (a), ALGORITHM=DEFAULT", "create index t.i"],
  ["ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)", "add-constraint table t.f"],
  [
    "ALTER TABLE t DROP FOREIGN KEY f, DROP PRIMARY KEY",
    "drop-constraint table t.f",
    "drop-constraint table t.PRIMARY",
  ],
  ["CREATE UNIQUE INDEX i ON t (a, (b + 1))", "create index t.i"],
  ["DROP TABLE IF EXISTS a, b", "drop table a", "drop table b"],
  ["TRUNCATE t", "truncate table t"],
  ["DELETE FROM t", "delete table t"],
  ["SET SESSION foreign_key_checks = 0", "set setting .foreign_key_checks"],
  ["ALTER TABLE t ADD", "add-column table t"],
  ["ALTER", "other  "],
  ["", "other  "],
];

test("statements are read as what they do, half ones as far as they go", async () => {
  for (const [sql, ...wanted] of CASES) {
    assert.deepEqual(
      (await said(sql)).map((text) => text.trimEnd()),
      wanted.map((text) => text.trimEnd()),
      sql,
    );
  }
});

test("a column has what is said of it", async () => {
  const [made] = await operations(
    "CREATE TABLE t (a int unsigned AUTO_INCREMENT PRIMARY KEY, b varchar(20) DEFAULT 'x' NOT NULL UNIQUE, c int GENERATED ALWAYS AS (a + 1) STORED, d int REFERENCES p (id), KEY k (b), CONSTRAINT ch CHECK (c > 0))",
  );
  const [a, b, c, d] = made?.columns ?? [];
  assert.equal(made?.columns?.length, 4);
  assert.deepEqual([a?.type, a?.isIdentity, a?.isPrimary], ["int unsigned", true, true]);
  assert.deepEqual([b?.type, b?.default, b?.isRequired, b?.isUnique], [
    "varchar(20)",
    "'x'",
    true,
    true,
  ]);
  assert.deepEqual([c?.generated, d?.references], ["stored", "p"]);
  assert.deepEqual(made?.constraints?.map(({ name, type }) => [name, type]), [["ch", "check"]]);
});

test("an UPDATE is known by its WHERE", async () => {
  const [all] = await operations("UPDATE t SET a = 1");
  const [some] = await operations("UPDATE t SET a = 1 WHERE id = 1");
  assert.deepEqual([all?.hasWhere, some?.hasWhere], [false, true]);
});

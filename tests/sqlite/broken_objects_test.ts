import assert from "node:assert/strict";
import { after, test } from "node:test";
import { sqlite } from "../../src/engines/sqlite/mod.ts";
import { nodeSqlite } from "../../src/runtimes/node_sqlite.ts";
import { sqljs } from "../../src/runtimes/sqljs.ts";
import { databaseOf, servers } from "./rows_bench.ts";

const started = servers();
after(() => started.end());

const TABLES = `
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, big TEXT GENERATED ALWAYS AS (upper(name)));
CREATE TABLE log (id INTEGER, said TEXT);
CREATE VIEW names AS SELECT name FROM users;
`;

const trigger = (head: string, body: string) => `CREATE TRIGGER t ${head} BEGIN ${body}; END;`;

const CASES: readonly (readonly [what: string, sql: string, broken: readonly string[]])[] = [
  ["a trigger that can be run", trigger("AFTER INSERT ON users", "DELETE FROM log"), []],
  [
    "a table that is not there",
    trigger("AFTER INSERT ON users", "INSERT INTO gone VALUES (1)"),
    ["trigger t: no such table: main.gone"],
  ],
  [
    "a column that is not there, in the body, in WHEN and of the row",
    trigger("AFTER UPDATE ON users", "UPDATE log SET gone = 1") +
    "CREATE TRIGGER w AFTER DELETE ON users WHEN OLD.gone = 1 BEGIN DELETE FROM log; END;" +
    "CREATE TRIGGER n BEFORE UPDATE OF name, big ON users BEGIN SELECT NEW.gone; END;",
    [
      "trigger n: no such column: NEW.gone",
      "trigger t: no such column: gone",
      "trigger w: no such column: OLD.gone",
    ],
  ],
  [
    "a column more in the table that it fills",
    trigger("AFTER INSERT ON users", "INSERT INTO log VALUES (NEW.id)"),
    ["trigger t: table log has 2 columns but 1 values were supplied"],
  ],
  [
    "triggers that fire beside it, and before it, are not to blame",
    trigger("AFTER INSERT ON users", "INSERT INTO log VALUES (1, 'x')") +
    "CREATE TRIGGER beside AFTER INSERT ON users BEGIN DELETE FROM log; END;" +
    "CREATE TRIGGER bad AFTER INSERT ON log BEGIN DELETE FROM gone; END;",
    ["trigger bad: no such table: main.gone"],
  ],
  [
    "of a view",
    trigger("INSTEAD OF INSERT ON names", "INSERT INTO gone VALUES (NEW.name)") +
    "CREATE TRIGGER good INSTEAD OF DELETE ON names BEGIN DELETE FROM users; END;",
    ["trigger t: no such table: main.gone"],
  ],
  [
    "a view that is broken itself",
    "CREATE VIEW late AS SELECT * FROM gone;" +
    trigger("INSTEAD OF INSERT ON late", "DELETE FROM log"),
    ["view late: no such table: main.gone"],
  ],
  [
    "a function that another program has",
    trigger("AFTER INSERT ON users", "INSERT INTO log VALUES (1, own(NEW.name))"),
    [],
  ],
  [
    "a column of UPDATE OF that is not there: it never fires",
    trigger("AFTER UPDATE OF gone ON users", "DELETE FROM gone"),
    [],
  ],
];

for (const runtime of [sqljs, nodeSqlite]) {
  for (const [what, sql, broken] of CASES) {
    test(`${what}, on ${runtime.name}`, async () => {
      await using database = await databaseOf(await started.of(runtime), TABLES + sql);
      const before = await sqlite.inspect(database, { ignoreTables: [] });
      const found = await sqlite.brokenObjects?.(database, before) ?? [];
      const said = found.map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`);
      assert.deepEqual(said.toSorted(), broken);
      const left = await sqlite.inspect(database, { ignoreTables: [] });
      assert.deepEqual([...left.objects.keys()], [...before.objects.keys()]);
    });
  }
}

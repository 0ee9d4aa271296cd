/** The accounts by whose rights code runs: compared and written where they count, and nowhere else. */

import assert from "node:assert/strict";
import { assertSame, HINTS, inspect, load, migrate, onServers, snapshotOf } from "./planning.ts";

const script = (definer: (account: string) => string) => `
CREATE TABLE t (a int PRIMARY KEY, b int);
CREATE ${definer("root@localhost")} VIEW v AS SELECT a FROM t;
CREATE ${definer("app@`%`")} PROCEDURE p() SELECT 1;
CREATE ${definer("'app'@'10.0.0.%'")} TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 1;
CREATE ${definer("app@`%`")} EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DO DELETE FROM t;
CREATE ${definer("app@`%`")} FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;
`;
const OWN = script(() => "");
const STATED = script((account) => `DEFINER = ${account}`);

onServers("definers count where they are strict", async ({ engine, server }) => {
  const bench = { engine, server, definer: "strict" } as const;
  const to = await snapshotOf(bench, STATED);
  assert.equal(to.objects.get("trigger:tr")?.facts.definer, "app@10.0.0.%");
  await using database = await load(bench, OWN);
  const from = await inspect(bench, database);
  assert.equal(from.objects.get("view:v")?.facts.definer, undefined);
  const up = await migrate(bench, database, to, HINTS);
  assertSame(await inspect(bench, database), to);
  const text = up.map(({ sql }) => sql).join(";\n");
  assert.match(text, /DEFINER = root@localhost VIEW v\b/);
  assert.match(text, /ALTER DEFINER = app@`%` EVENT e\b/);
  const down = await migrate(bench, database, from, { ...HINTS, isDown: true });
  assertSame(await inspect(bench, database), from);
  assert.doesNotMatch(down.map(({ sql }) => sql).join(";\n"), /DEFINER/);
});

onServers("definers are neither compared nor written where they do not count", async (bench) => {
  const to = await snapshotOf(bench, STATED);
  await using database = await load(bench, OWN);
  assert.deepEqual(await migrate(bench, database, to, HINTS), []);
  await using empty = await load(bench, "SELECT 1");
  const made = await migrate(bench, empty, to, HINTS);
  assert.ok(made.length > 5);
  assert.doesNotMatch(made.map(({ sql }) => sql).join(";\n"), /DEFINER/);
});

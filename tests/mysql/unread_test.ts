/** Tables that could be read on one side alone. */

import assert from "node:assert/strict";
import { changesBetween } from "../../src/core/change.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import { HINTS, onServers, snapshotOf } from "./planning.ts";

onServers("a table that one side cannot read is neither dropped nor created", async (bench) => {
  const { engine } = bench;
  const both = await snapshotOf(
    bench,
    "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int, KEY (b)); CREATE TRIGGER g BEFORE INSERT ON u FOR EACH ROW SET @n = 1; CREATE VIEW v AS SELECT b FROM u",
  );
  const without = await snapshotOf(bench, "CREATE TABLE t (a int PRIMARY KEY, c int)");
  const v = both.objects.get("view:v");
  assert.ok(v !== undefined);
  const unread: Snapshot = {
    ...without,
    objects: new Map([...without.objects, [v.id, { ...v, dependsOn: [] }]]),
    unmodelled: [{ kind: "table", name: "u" }],
  };
  for (const [from, to] of [[both, unread], [unread, both]] as const) {
    const { statements } = engine.plan(from, to, HINTS);
    assert.match(
      statements.map(({ sql }) => sql).join(";\n"),
      /^ALTER TABLE t \w+ COLUMN c\b[^;]*$/,
    );
    const wanted = engine.matchNames?.(to, from, { deployedVersion: null }) ?? to;
    const changes = changesBetween(from, wanted, { strictOrder: true });
    assert.deepEqual(changes.map(({ id }) => id), ["column:t.c"]);
  }
});

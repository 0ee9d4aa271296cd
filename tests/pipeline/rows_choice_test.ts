/** Which table is asked about when rows do not let a migration through. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Proof } from "../../src/core/proof.ts";
import type { SchemaObject, Snapshot } from "../../src/core/snapshot.ts";
import { rowsChoice } from "../../src/pipeline/plan/rows_choice.ts";

/** A schema of tables without anything in them. */
function tables(...names: readonly string[]): Snapshot {
  const objects = names.map((name): SchemaObject => ({
    id: `table:${name}`,
    kind: "table",
    name,
    parent: null,
    facts: {},
    dependsOn: [],
    droppedWith: [],
  }));
  return {
    dialect: "mariadb",
    version: "10.11.19",
    objects: new Map(objects.map((object) => [object.id, object])),
    unmodelled: [],
  };
}

/** A proof whose UP rows refuse at a statement. */
function refusedAt(sql: string): Proof {
  const refused = [{ direction: "up", statement: 2, sql, message: "CONSTRAINT `k` failed" }];
  return {
    rows: { refused: refused.map((one) => ({ ...one, detail: null, choices: [] })) },
  } as unknown as Proof;
}

const HINTS = { answers: new Map(), assumeEmpty: "policy" } as const;

for (
  const [name, sql, table] of [
    ["by its name before", "ALTER TABLE t ADD CHECK (a > 0)", "t"],
    ["by the name that it has by then", "ALTER TABLE u ADD CHECK (a > 0)", "u"],
    ["by none", "ALTER TABLE w ADD CHECK (a > 0)", null],
  ] as const
) {
  test(`a table is asked about ${name}`, () => {
    const choice = rowsChoice(refusedAt(sql), {
      before: tables("t", "other"),
      target: tables("u", "other"),
      hints: HINTS,
      asked: [],
    });
    assert.equal(choice?.id ?? null, table === null ? null : `empty:${table}`);
    assert.equal(choice?.answer?.option, table === null ? undefined : "assume-empty");
  });
}

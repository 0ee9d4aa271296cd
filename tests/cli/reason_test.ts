import assert from "node:assert/strict";
import test from "node:test";
import { sentenceOf } from "../../src/cli/report/reason.ts";
import type { Because, Deed, Reason } from "../../src/core/reason.ts";

const object = { kind: "table", name: "users" };

/** One of each action; one that is missing does not compile. */
const DEEDS: { readonly [Action in Deed["action"]]: readonly [Deed, sentence: string] } = {
  create: [{ action: "create" }, "Table users is created"],
  drop: [{ action: "drop" }, "Table users is dropped"],
  recreate: [{ action: "recreate" }, "Table users is recreated"],
  replace: [{ action: "replace" }, "Table users is replaced"],
  rename: [{ action: "rename", to: "people" }, "Table users is renamed to people"],
  set: [{ action: "set", attribute: "owner", to: "ann" }, "The owner of table users becomes ann"],
  become: [{ action: "become", state: "unlogged" }, "Table users becomes unlogged"],
  cease: [{ action: "cease", state: "unlogged" }, "Table users is no longer unlogged"],
  attach: [
    { action: "attach", parent: "all_users", as: "partition" },
    "Table users is attached to all_users as a partition",
  ],
  detach: [
    { action: "detach", parent: "all_users", as: "child" },
    "Table users is detached from all_users, of which it is a child",
  ],
  grant: [{ action: "grant", to: "bob" }, "Privileges on table users are granted to bob"],
  revoke: [
    { action: "revoke", to: "bob", by: "ann" },
    "Privileges on table users are revoked from bob by ann",
  ],
  validate: [{ action: "validate" }, "All rows are checked against table users"],
  backfill: [
    { action: "backfill", value: "''" },
    "Rows without a value of table users get ''",
  ],
  deduplicate: [
    { action: "deduplicate", columns: ["a", "b"] },
    "Rows that are equal in a, b are deleted but for the first, as table users wants",
  ],
  continue_numbers: [
    { action: "continue_numbers" },
    "The numbers of table users continue behind its rows",
  ],
  fill: [{ action: "fill", from: "docs" }, "Table users is filled from docs"],
  copy_rows: [{ action: "copy_rows" }, "The rows of table users are copied"],
  save_rows: [{ action: "save_rows" }, "The rows of table users are saved"],
  restore_rows: [{ action: "restore_rows" }, "The rows of table users are restored"],
  restore_references: [
    { action: "restore_references" },
    "References of table users that were emptied are restored",
  ],
  delete_rows: [
    { action: "delete_rows" },
    "The rows of table users are deleted, to be restored",
  ],
  convert_values: [{ action: "convert_values" }, "The values of table users are converted"],
  drop_saved_rows: [
    { action: "drop_saved_rows" },
    "The saved rows of table users are dropped: they are restored",
  ],
  drop_former: [
    { action: "drop_former" },
    "The former table users is dropped: what is wanted of it was copied",
  ],
  defer_foreign_keys: [
    { action: "defer_foreign_keys" },
    "Foreign keys to table users are checked when the transaction ends, not before",
  ],
  skip_reference_checks: [
    { action: "skip_reference_checks" },
    "Views and triggers that refer to table users are not checked meanwhile",
  ],
  skip_body_checks: [
    { action: "skip_body_checks" },
    "The body of table users is not checked meanwhile",
  ],
  check_deferred: [
    { action: "check_deferred" },
    "Deferred constraints of table users are checked at once: the server alters no table while they wait",
  ],
  drop_foreign_keys: [
    { action: "drop_foreign_keys" },
    "The foreign keys of table users are dropped until it is recreated",
  ],
};

/** One of each cause, behind a drop. */
const CAUSES: { readonly [Cause in Because["cause"]]: readonly [Because, ending: string] } = {
  recreate: [{ cause: "recreate" }, ", to be recreated"],
  change: [
    { cause: "change", object: { kind: "column", name: "t.a" }, action: "alter" },
    ", to be recreated: column t.a is altered",
  ],
  unsupported: [
    { cause: "unsupported", operation: "replace" },
    ": it cannot be replaced in place",
  ],
  alter_table: [
    { cause: "alter_table", added: ["a"], changed: ["b", "c"], dropped: ["d"], options: true },
    ": ALTER TABLE cannot add a, change b, c, drop d and change its options",
  ],
  referenced: [{ cause: "referenced" }, ": rows of other tables refer to it"],
  refers: [
    { cause: "refers", object: { kind: "table", name: "t" } },
    ": they refer to table t, which is recreated",
  ],
  cycle: [{ cause: "cycle" }, ": objects refer to each other"],
  functions: [{ cause: "functions" }, ": functions of the type take it"],
  unused: [{ cause: "unused" }, ": nothing uses it any more"],
  former_parent: [{ cause: "former_parent" }, ": it came from a former parent"],
  parent: [{ cause: "parent" }, ": that of the parent takes its place"],
  rows_elsewhere: [{ cause: "rows_elsewhere" }, "; its rows stay where they are"],
  slot_stays: [{ cause: "slot_stays" }, "; its slot stays at the publisher"],
  enabled_by_hand: [
    { cause: "enabled_by_hand" },
    "; it is enabled by hand, once its slot is there",
  ],
  published: [
    { cause: "published" },
    ": rows that are published change, and no key identifies them meanwhile",
  ],
  not_validated: [{ cause: "not_validated" }, ": old rows are not checked"],
  missing_table: [
    { cause: "missing_table" },
    " for a rename: it names a table that does not exist",
  ],
  set_null_not_null: [
    { cause: "set_null_not_null" },
    ": they refer ON DELETE SET NULL in a column that is NOT NULL",
  ],
};

test("every action is said in a sentence", () => {
  for (const [deed, sentence] of Object.values(DEEDS)) {
    assert.equal(sentenceOf({ object, ...deed }), sentence);
  }
});

test("every cause is said behind the action", () => {
  for (const [because, ending] of Object.values(CAUSES)) {
    const reason: Reason = { action: "drop", object, because };
    assert.equal(sentenceOf(reason), `Table users is dropped${ending}`);
  }
});

test("an attribute is set, dropped, or only changes; a value may differ from row to row", () => {
  const set = (to?: string | null) => sentenceOf({ action: "set", object, attribute: "owner", to });
  assert.equal(set(null), "The owner of table users is dropped");
  assert.equal(set(), "The owner of table users changes");
  assert.equal(
    sentenceOf({ action: "backfill", object, value: null }),
    "Rows without a value of table users get one each",
  );
  const moves = { added: [], changed: [], dropped: [], options: false };
  assert.equal(
    sentenceOf({ action: "recreate", object, because: { cause: "alter_table", ...moves } }),
    "Table users is recreated: ALTER TABLE cannot move columns",
  );
});

test("what a model says of its statements is passed on", () => {
  assert.equal(sentenceOf({ action: "describe", text: "Adds an index" }), "Adds an index");
});

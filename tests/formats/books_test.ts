import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import test from "node:test";
import { formatNamed, FORMATS } from "../../src/formats/mod.ts";
import type { BookRow, Migration, RunnerBooks } from "../../src/formats/format.ts";
import { sipHash13 } from "../../src/formats/refinery/siphash.ts";

function booksOf(name: string): RunnerBooks {
  const { books } = formatNamed(name);
  assert.ok(books, name);
  return books;
}

function migration(version: string, name: string, file = `${version}_${name}.sql`): Migration {
  const up = { file, text: "", transaction: "one" as const };
  return { version, name, up, down: null, files: [file] };
}

/** What the runners themselves noted down for a file. */
const CHECKSUMS: readonly (readonly [string, Migration, string, string])[] = [
  [
    "refinery",
    migration("1", "a"),
    "CREATE TABLE a (id int);\n",
    "17668404793905020130",
  ],
];

test("checksums are those that the runners compute", () => {
  for (const [format, one, text, expected] of CHECKSUMS) {
    const sums = booksOf(format).checksums?.({ migration: one, bytes: Buffer.from(text) });
    assert.ok(sums?.includes(expected), `${format}: ${sums}`);
  }
});

test("SipHash-1-3 of no bytes and of eight is that of its definition with one round and three", () => {
  assert.equal(sipHash13(Buffer.alloc(0)).toString(16), "d1fba762150c532c");
});

test("Flyway's checksum does not see line ends and a mark of the byte order", () => {
  const of = (text: string) =>
    booksOf("flyway").checksums?.({ migration: migration("1", "a"), bytes: Buffer.from(text) });
  const plain = of("SELECT 1;\nSELECT 2;");
  assert.deepEqual(of("SELECT 1;\r\nSELECT 2;\r\n"), plain);
  assert.deepEqual(of("\ufeffSELECT 1;\nSELECT 2;\n"), plain);
  assert.notDeepEqual(of("SELECT 1;\nSELECT 3;"), plain);
  // CRC-32 of the check string of its definition, as 32 bits with a sign.
  assert.deepEqual(of("1234\n56789\n"), [String(0xcbf43926 | 0)]);
});

/** Rows, and the states that they stand for, by key. */
const READ: readonly {
  readonly format: string;
  readonly rows: readonly BookRow[];
  readonly migrations: readonly Migration[];
  readonly expected: Readonly<Record<string, string>>;
}[] = [
  {
    format: "migrate",
    rows: [{ version: "2", dirty: "true" }],
    migrations: [migration("000001", "a"), migration("000002", "b"), migration("000003", "c")],
    expected: { 1: "applied", 2: "failed" },
  },
  { format: "migrate", rows: [], migrations: [migration("1", "a")], expected: {} },
  {
    format: "goose",
    rows: [
      { id: "1", version_id: "0", is_applied: "true" },
      { id: "2", version_id: "1", is_applied: "true" },
      { id: "3", version_id: "2", is_applied: "true" },
      { id: "4", version_id: "2", is_applied: "false" },
    ],
    migrations: [],
    expected: { 1: "applied" },
  },
  {
    format: "flyway",
    rows: [
      { version: "2", type: "BASELINE", script: "<< Flyway Baseline >>", success: "true" },
      { version: "3", type: "SQL", script: "V3__c.sql", success: "false", checksum: "5" },
      { version: "4", type: "SQL", script: "V4__d.sql", success: "true", checksum: "5" },
      { version: "4", type: "UNDO_SQL", script: "U4__d.sql", success: "true" },
      { version: null, description: "all views", type: "SQL", success: "true", checksum: "1" },
    ],
    migrations: ["1", "1_5", "2", "3"].map((one) => migration(one, "x", `V${one}__x.sql`)),
    expected: {
      1: "baseline",
      1.5: "baseline",
      2: "baseline",
      3: "failed",
      "R all views": "applied",
    },
  },
  {
    format: "prisma",
    rows: [
      { migration_name: "1_a", finished_at: "x", rolled_back_at: null, checksum: "0" },
      { migration_name: "2_b", finished_at: null, rolled_back_at: "x", checksum: "0" },
      { migration_name: "3_c", finished_at: null, rolled_back_at: null, checksum: "0" },
    ],
    migrations: [],
    expected: { "1_a": "applied", "3_c": "failed" },
  },
  {
    format: "sqlx",
    rows: [
      { version: "1", description: "a", success: "true", checksum: "00" },
      { version: "2", description: "b", success: "0", checksum: "00" },
    ],
    migrations: [],
    expected: { 1: "applied", 2: "failed" },
  },
];

test("rows are read as each runner means them", () => {
  for (const { format, rows, migrations, expected } of READ) {
    const read = booksOf(format).read(rows, { migrations, files: [] });
    assert.deepEqual(
      Object.fromEntries(read.map(({ key, state }) => [key, state])),
      expected,
      format,
    );
  }
});

test("sqitch's registry serves several projects, and a reworked change has the name of the one before", () => {
  const files = [{ path: "sqitch.plan", text: "%syntax-version=1.0.0\n%project=shop\n" }];
  const rows = ["shop", "other", "shop"].map((project) => ({
    change: "users",
    project,
    script_hash: "aa",
  }));
  const read = booksOf("sqitch").read(rows, { migrations: [], files });
  assert.deepEqual(read.map(({ key }) => key), ["users", "users (2)"]);
});

test("every runner that writes into the database itself has books", () => {
  const without = FORMATS.filter(({ books }) => books === undefined).map(({ name }) => name);
  assert.deepEqual(without, ["plain"]);
});

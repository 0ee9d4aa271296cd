import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import test from "node:test";
import { FORMATS } from "../../src/formats/all.ts";
import { formatNamed } from "../../src/formats/mod.ts";
import type { BookEdit } from "../../src/core/book_edit.ts";
import { UsageError } from "../../src/core/error.ts";
import type { BookEntry, BookRow, Migration, RunnerBooks } from "../../src/formats/format.ts";
import { sipHash13 } from "../../src/formats/refinery/siphash.ts";

async function booksOf(name: string): Promise<RunnerBooks> {
  const { books } = await formatNamed(name);
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

test("checksums are those that the runners compute", async () => {
  for (const [format, one, text, expected] of CHECKSUMS) {
    const sums = (await booksOf(format)).checksums?.({ migration: one, bytes: Buffer.from(text) });
    assert.ok(sums?.includes(expected), `${format}: ${sums}`);
  }
});

test("SipHash-1-3 of no bytes and of eight is that of its definition with one round and three", () => {
  assert.equal(sipHash13(Buffer.alloc(0)).toString(16), "d1fba762150c532c");
});

test("Flyway's checksum does not see line ends and a mark of the byte order", async () => {
  const of = async (text: string) =>
    (await booksOf("flyway")).checksums?.({
      migration: migration("1", "a"),
      bytes: Buffer.from(text),
    });
  const plain = await of("SELECT 1;\nSELECT 2;");
  assert.deepEqual(await of("SELECT 1;\r\nSELECT 2;\r\n"), plain);
  assert.deepEqual(await of("\ufeffSELECT 1;\nSELECT 2;\n"), plain);
  assert.notDeepEqual(await of("SELECT 1;\nSELECT 3;"), plain);
  // CRC-32 of the check string of its definition, as 32 bits with a sign.
  assert.deepEqual(await of("1234\n56789\n"), [String(0xcbf43926 | 0)]);
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

const CHAIN = ["a", "b", "c"].map((id, index) => ({
  path: `${id}.py`,
  text: `revision = "${id}"\ndown_revision = ${index === 0 ? "None" : `"${"abc"[index - 1]}"`}\n`,
}));

test("what a head of Alembic follows is applied, and a head without a file is said", async () => {
  const { read } = await booksOf("alembic");
  const keys = (...heads: readonly string[]) =>
    read(heads.map((version_num) => ({ version_num })), { migrations: [], files: CHAIN })
      .map(({ key }) => key);
  assert.deepEqual(keys("b"), ["a", "b"]);
  assert.deepEqual(keys("c", "gone"), ["a", "b", "c", "gone"]);
  assert.deepEqual(keys(), []);
});

test("Drizzle takes all that is not later than the newest row for applied, before 1.0", async () => {
  const { read } = await booksOf("drizzle");
  const rows = [{ hash: "x", created_at: "2" }];
  const old = ["1", "2", "3"].map((version) => migration(version, version));
  assert.deepEqual(read(rows, { migrations: old, files: [] }).map(({ key }) => key), ["1", "2"]);
  const moment = Date.UTC(2024, 0, 2, 3, 4, 5);
  const folders = ["20240101000000", "20240102030405"].map((version) =>
    migration(version, "a", `${version}_a/migration.sql`)
  );
  const read1 = read([{ hash: "x", created_at: String(moment) }], {
    migrations: folders,
    files: [],
  });
  assert.deepEqual(read1.map(({ key }) => key), ["20240102030405"]);
});

test("of Django's books the rows of the app of the folder count", async () => {
  const file = (name: string, before: string) => ({
    path: `${name}.py`,
    text: `class Migration(migrations.Migration):\n    dependencies = [${before}]\n`,
  });
  const files = [file("0001_a", '("auth", "0001_a")'), file("0002_b", '("shop", "0001_a")')];
  const rows = [{ app: "auth", name: "0001_a" }, { app: "shop", name: "0001_a" }, {
    app: "auth",
    name: "0009_z",
  }];
  const read = (await booksOf("django")).read(rows, { migrations: [], files });
  assert.deepEqual(read.map(({ key }) => key), ["0001_a"]);
});

test("runners that note down files are asked by the name of the file", async () => {
  const keyOf = async (format: string, file: string) =>
    (await booksOf(format)).keyOf({ ...migration("1", "a", file), name: "A" }, 0);
  assert.equal(await keyOf("knex", "1_a.js"), "1_a.js");
  assert.equal(await keyOf("sequelize", "1-a.js"), "1-a.js");
  assert.equal(await keyOf("mikroorm", "Migration1_a.ts"), "Migration1_a");
  assert.equal(await keyOf("typeorm", "1-a.ts"), "A1");
});

test("rows are read as each runner means them", async () => {
  for (const { format, rows, migrations, expected } of READ) {
    const read = (await booksOf(format)).read(rows, { migrations, files: [] });
    assert.deepEqual(
      Object.fromEntries(read.map(({ key, state }) => [key, state])),
      expected,
      format,
    );
  }
});

test("sqitch's registry serves several projects, and a reworked change has the name of the one before", async () => {
  const files = [{ path: "sqitch.plan", text: "%syntax-version=1.0.0\n%project=shop\n" }];
  const rows = ["shop", "other", "shop"].map((project) => ({
    change: "users",
    project,
    script_hash: "aa",
  }));
  const read = (await booksOf("sqitch")).read(rows, { migrations: [], files });
  assert.deepEqual(read.map(({ key }) => key), ["users", "users (2)"]);
});

test("every runner that writes into the database itself has books", () => {
  const without = FORMATS.filter(({ books }) => books === undefined).map(({ name }) => name);
  assert.deepEqual(without, ["plain"]);
});

/** What is asked of a runner that keeps its books; the parts that do not matter are left out. */
function entry(part: Partial<BookEntry> & Pick<BookEntry, "migration">): BookEntry {
  return {
    ...{ bytes: Buffer.from(""), previous: null, files: [], rows: [], earlier: [], columns: [] },
    ...{ account: "me", ms: 5, now: new Date(0) },
    ...part,
  };
}

test("Alembic's heads are what no other applied revision follows, on the way up and down", async () => {
  const { keep } = await booksOf("alembic");
  const revision = (id: string, down: readonly string[], dependsOn = "") => ({
    path: `${id}.py`,
    text: `revision = "${id}"\ndown_revision = (${down.map((one) => `"${one}",`).join("")})\n${
      dependsOn === "" ? "" : `depends_on = "${dependsOn}"\n`
    }`,
  });
  const files = [
    revision("base1", []),
    revision("left1", ["base1"]),
    revision("right1", ["base1"]),
    revision("merge1", ["left1", "right1"]),
    revision("aside1", [], "left1"),
  ];
  const heads = new Set<string>();
  const follow = (edits: readonly BookEdit[]) => {
    for (const edit of edits) {
      if (edit.edit !== "insert") heads.delete(String(edit.where["version_num"]));
      if (edit.edit !== "delete") heads.add(String(edit.values["version_num"]));
    }
    return [...heads].sort();
  };
  const run = (way: "applied" | "reverted", version: string) => {
    const rows = [...heads].map((version_num) => ({ version_num }));
    return follow(keep?.[way](entry({ migration: migration(version, ""), files, rows })) ?? []);
  };
  assert.deepEqual(run("applied", "base1"), ["base1"]);
  assert.deepEqual(run("applied", "left1"), ["left1"]);
  assert.deepEqual(run("applied", "right1"), ["left1", "right1"]);
  assert.deepEqual(run("applied", "merge1"), ["merge1"]);
  assert.deepEqual(run("reverted", "merge1"), ["left1", "right1"]);
  assert.deepEqual(run("applied", "aside1"), ["aside1", "right1"]);
  assert.deepEqual(run("reverted", "aside1"), ["left1", "right1"]);
  assert.deepEqual(run("reverted", "right1"), ["left1"]);
  assert.deepEqual(run("reverted", "left1"), ["base1"]);
  assert.deepEqual(run("reverted", "base1"), []);
});

test("what one run of Knex applies is one batch", async () => {
  const { keep } = await booksOf("knex");
  const earlier = [{ name: "1_a.js", batch: "1" }, { name: "2_b.js", batch: "3" }];
  const rows = [...earlier, { name: "3_c.js", batch: "4" }];
  const [edit] = keep?.applied(
    entry({ migration: migration("4", "d", "4_d.js"), earlier, rows }),
  ) ?? [];
  assert.ok(edit?.edit === "insert");
  assert.deepEqual(edit.values, { name: "4_d.js", batch: 4n, migration_time: new Date(0) });
});

test("a changeset of Liquibase is spelled as its neighbours are, and none is where nothing says how", async () => {
  const { keep } = await booksOf("liquibase");
  const text =
    "--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n--changeset b:2\nSELECT 2;\n";
  const files = [{ path: "users.sql", text }];
  const row = { id: "1", author: "a", filename: "db/changelog/users.sql", orderexecuted: "7" };
  assert.match(keep?.refuses?.({ rows: [], columns: [], files })?.message ?? "", /paths/);
  assert.equal(keep?.refuses?.({ rows: [row], columns: [], files }), null);
  const given = entry({
    migration: migration("b:2", "", "users.sql"),
    bytes: Buffer.from(text),
    rows: [row],
    files,
  });
  const [edit] = keep?.applied(given) ?? [];
  assert.ok(edit?.edit === "insert");
  const { id, author, filename, orderexecuted, md5sum } = edit.values;
  assert.deepEqual([id, author, filename, orderexecuted], ["2", "b", "db/changelog/users.sql", 8n]);
  assert.match(String(md5sum), /^9:[0-9a-f]{32}$/);
  const [gone] = keep?.reverted(given) ?? [];
  assert.ok(gone?.edit === "delete");
  assert.deepEqual(gone.where, { id: "2", author: "b", filename: "db/changelog/users.sql" });
  const other = { ...row, filename: "elsewhere.sql" };
  assert.throws(() => keep?.applied({ ...given, rows: [other] }), UsageError);
});

test("Drizzle's folders wait for the table that its own release makes", async () => {
  const { keep } = await booksOf("drizzle");
  const files = [{ path: "20240102030405_users/migration.sql", text: "" }];
  const columns = ["id", "hash", "created_at"];
  assert.match(keep?.refuses?.({ rows: [], columns, files })?.message ?? "", /1\.0/);
  assert.equal(keep?.refuses?.({ rows: [], columns: [...columns, "name"], files }), null);
  const one = migration("20240102030405", "users", "20240102030405_users/migration.sql");
  const [edit] = keep?.applied(entry({ migration: one, columns: [...columns, "name"] })) ?? [];
  assert.ok(edit?.edit === "insert");
  assert.equal(edit.values["name"], "20240102030405_users");
  assert.equal(edit.values["created_at"], BigInt(Date.UTC(2024, 0, 2, 3, 4, 5)));
});

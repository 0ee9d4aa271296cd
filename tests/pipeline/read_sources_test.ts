import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { UsageError } from "../../src/core/error.ts";
import { formatNamed } from "../../src/formats/mod.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import { readHistory, readMigrations, readSchema } from "../../src/pipeline/files/read_sources.ts";

/** A folder with these files, removed at the end. */
function folderWith(files: Readonly<Record<string, string | Uint8Array>>) {
  const path = mkdtempSync(join(tmpdir(), "aim-files-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

const SCHEMA = {
  "schema/b.sql": "b",
  "schema/a/z.sql": "z",
  "schema/a.sql": "a",
  "schema/10.SQL": "ten",
  "schema/notes.md": "no",
  "schema/.hidden/x.sql": "no",
  "schema/node_modules/x.sql": "no",
};

const SCHEMAS: readonly { readonly title: string; readonly of: string; readonly read: string[] }[] =
  [
    { title: "a file", of: "schema/b.sql", read: ["schema/b.sql"] },
    {
      title: "a folder, in name order",
      of: "schema",
      read: ["schema/10.SQL", "schema/a/z.sql", "schema/a.sql", "schema/b.sql"],
    },
    { title: "a glob", of: "schema/*.sql", read: ["schema/a.sql", "schema/b.sql"] },
    {
      title: "a glob over folders",
      of: "schema/**/*.{sql,SQL}",
      read: ["schema/10.SQL", "schema/a/z.sql", "schema/a.sql", "schema/b.sql"],
    },
    { title: "a glob with a set", of: "sch*/[!a].sql", read: ["schema/b.sql"] },
  ];

for (const { title, of, read } of SCHEMAS) {
  test(`reads the schema from ${title}`, async () => {
    using folder = folderWith(SCHEMA);
    const files = await readSchema(join(folder.path, of), folder.path);
    assert.deepEqual(files.map(({ path }) => path), read);
  });
}

test("leaves out the mark at the start of a file that Windows editors write", async () => {
  using folder = folderWith({ "a.sql": new Uint8Array([0xef, 0xbb, 0xbf, 0x61]) });
  const [file] = await readSchema(join(folder.path, "a.sql"), folder.path);
  assert.equal(file?.text, "a");
});

const REFUSALS: readonly {
  readonly title: string;
  readonly content: Uint8Array | null;
  readonly message: RegExp;
}[] = [
  { title: "an absent file", content: null, message: /^Cannot find the schema "a.sql"$/ },
  {
    title: "UTF-16",
    content: new Uint8Array([0xff, 0xfe, 0x61, 0]),
    message: /^Cannot read "a.sql": it is UTF-16, not UTF-8$/,
  },
  {
    title: "Latin 1",
    content: new Uint8Array([0x61, 0x0a, 0xe4, 0x0a]),
    message: /^Cannot read "a.sql": line 2 is not UTF-8$/,
  },
  {
    title: "a binary file",
    content: new Uint8Array([0x61, 0x00]),
    message: /contains a zero byte, so it is not text$/,
  },
];

for (const { title, content, message } of REFUSALS) {
  test(`refuses ${title}`, async () => {
    using folder = folderWith(content === null ? {} : { "a.sql": content });
    await assert.rejects(
      readSchema(join(folder.path, "a.sql"), folder.path),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  });
}

test("refuses a file that is too large to be kept by a person", async () => {
  using folder = folderWith({ "a.sql": "" });
  truncateSync(join(folder.path, "a.sql"), 65 * 1024 * 1024);
  await assert.rejects(readSchema(join(folder.path, "a.sql"), folder.path), /larger than 32 MB/);
});

test("refuses a glob and a folder that hold nothing", async () => {
  using folder = folderWith({ "notes.md": "" });
  await assert.rejects(readSchema(join(folder.path, "*.sql"), folder.path), /No file matches/);
  await assert.rejects(readSchema(folder.path, dirname(folder.path)), /No .sql file in/);
});

test("follows links to files and folders, and no circle of them", async () => {
  using elsewhere = folderWith({ "x.sql": "x", "more/y.sql": "y" });
  using folder = folderWith({ "a.sql": "a" });
  symlinkSync(join(elsewhere.path, "x.sql"), join(folder.path, "linked.sql"));
  symlinkSync(join(elsewhere.path, "more"), join(folder.path, "more"));
  symlinkSync(folder.path, join(folder.path, "self"));
  const files = await readSchema(folder.path, folder.path);
  assert.deepEqual(files.map(({ path }) => path), ["a.sql", "linked.sql", "more/y.sql"]);
});

test("refuses a link to nothing", async () => {
  using folder = folderWith({ "a.sql": "a" });
  symlinkSync("nowhere.sql", join(folder.path, "b.sql"));
  await assert.rejects(
    readSchema(folder.path, folder.path),
    /^UsageError: Cannot read "b.sql": it is a link to nothing$/,
  );
});

test("an absent migrations folder is an empty history", async () => {
  using folder = folderWith({});
  const files = await readMigrations(join(folder.path, "migrations"), await formatNamed("migrate"));
  assert.deepEqual(files, []);
});

test("reads of a migrations folder what the format wants, and what that names", async () => {
  using folder = folderWith({
    "sqitch.conf": "[core]\n  engine = pg\n  deploy_dir = ups\n  plan_file = all.plan\n",
    "all.plan": "%syntax-version=1.0.0\n%project=p\none 2024-01-01T00:00:00Z A <a@b>\n",
    "ups/one.sql": "\\set x `cat data/x.json`\nSELECT :'x';\n\\i lib/y.sql\n",
    "revert/one.sql": "SELECT 1;\n",
    "data/x.json": "{}",
    "data/unused.json": "{}",
    "lib/y.sql": "\\ir z.sql\n",
    "lib/z.sql": "SELECT 'z';\n",
  });
  const files = await readMigrations(folder.path, await formatNamed("sqitch"));
  assert.deepEqual(files.map(({ path }) => path), [
    "all.plan",
    "data/x.json",
    "lib/y.sql",
    "lib/z.sql",
    "revert/one.sql",
    "sqitch.conf",
    "ups/one.sql",
  ]);
});

test("an error in a migration names its file as seen from the working folder", async () => {
  using folder = folderWith({ "db/migrations/00001_a.sql": "SELECT 1;\n" });
  const migrations = join(folder.path, "db", "migrations");
  await assert.rejects(
    readHistory(migrations, await formatNamed("goose"), {
      dialect: "postgres",
      lexicon: lexiconOf("postgres"),
      base: folder.path,
    }),
    (error) =>
      error instanceof UsageError && error.place?.file === "db/migrations/00001_a.sql" &&
      error.source === "SELECT 1;",
  );
});

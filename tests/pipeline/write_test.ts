import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { UsageError } from "../../src/core/error.ts";
import type { SourceFile } from "../../src/formats/format.ts";
import { writeFiles } from "../../src/pipeline/files/write.ts";

const live = new AbortController().signal;

function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "aim-write-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Every file below a folder with its text and mode. */
function tree(folder: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const path = join(folder, name);
    const found = statSync(path);
    out[name] = found.isDirectory()
      ? "folder"
      : `${(found.mode & 0o777).toString(8)} ${readFileSync(path, "utf8")}`;
  }
  return out;
}

/** A signal that is aborted from its `after`th question on. */
function abortingAfter(after: number): AbortSignal {
  let asked = 0;
  const controller = new AbortController();
  const { signal } = controller;
  const throwIfAborted = signal.throwIfAborted.bind(signal);
  Object.defineProperty(signal, "throwIfAborted", {
    value: () => {
      if (++asked > after) controller.abort(new Error("stop"));
      throwIfAborted();
    },
  });
  return signal;
}

test("writes all files and the folders they need, and leaves nothing else behind", async () => {
  using folder = temporaryFolder();
  const target = join(folder.path, "db", "migrations");
  await writeFiles(target, [
    { path: "1_a/up.sql", text: "SELECT 1;\n" },
    { path: "1_a/down.sql", text: "SELECT 2;\n" },
  ], { signal: live });
  const mode = (0o666 & ~process.umask()).toString(8);
  assert.deepEqual(tree(target), {
    "1_a": "folder",
    [join("1_a", "up.sql")]: `${mode} SELECT 1;\n`,
    [join("1_a", "down.sql")]: `${mode} SELECT 2;\n`,
  });
});

test("replaces a plan that only grows, and keeps its mode", async () => {
  using folder = temporaryFolder();
  const plan = join(folder.path, "sqitch.plan");
  writeFileSync(plan, "one\n");
  chmodSync(plan, 0o640);
  await writeFiles(folder.path, [{ path: "sqitch.plan", text: "one\ntwo\n" }], { signal: live });
  assert.deepEqual(tree(folder.path), { "sqitch.plan": "640 one\ntwo\n" });
});

const refusals: readonly {
  readonly title: string;
  readonly files: readonly SourceFile[];
  readonly message: RegExp;
}[] = [
  {
    title: "a name that is taken",
    files: [{ path: "new/a.sql", text: "a" }, { path: "taken.sql", text: "b" }],
    message: /Cannot write "taken.sql": there is already such a file/,
  },
  {
    title: "a name that a folder has",
    files: [{ path: "a.sql", text: "a" }, { path: "folder.sql", text: "b" }],
    message: /Cannot write "folder.sql": there is already such a file/,
  },
  {
    title: "the same name twice",
    files: [{ path: "a.sql", text: "a" }, { path: "a.sql", text: "b" }],
    message: /Cannot write "a.sql"/,
  },
  {
    title: "a path that leaves the folder",
    files: [{ path: "a.sql", text: "a" }, { path: "../b.sql", text: "b" }],
    message: /outside the migrations folder/,
  },
  {
    title: "an absolute path",
    files: [{ path: "/tmp/aim-never.sql", text: "b" }],
    message: /outside the migrations folder/,
  },
  {
    title: "a path through a link that leaves the folder",
    files: [{ path: "a.sql", text: "a" }, { path: "away/b.sql", text: "b" }],
    message: /outside the migrations folder/,
  },
  {
    title: "a folder where a file stands",
    files: [{ path: "a.sql", text: "a" }, { path: "taken.sql/b.sql", text: "b" }],
    message: /a file stands where a folder must be; nothing was changed/,
  },
  {
    title: "a name too long for the disk",
    files: [{ path: "a.sql", text: "a" }, { path: `${"n".repeat(300)}.sql`, text: "b" }],
    message: /name is too long; nothing was changed/,
  },
];

for (const { title, files, message } of refusals) {
  test(`refuses ${title} and leaves the tree as it was`, async () => {
    using folder = temporaryFolder();
    using elsewhere = temporaryFolder();
    writeFileSync(join(folder.path, "taken.sql"), "mine");
    mkdirSync(join(folder.path, "folder.sql"));
    symlinkSync(elsewhere.path, join(folder.path, "away"));
    const before = tree(folder.path);
    await assert.rejects(
      writeFiles(folder.path, files, { signal: live }),
      (error) => error instanceof UsageError && message.test(error.message),
    );
    assert.deepEqual(tree(folder.path), before);
    assert.deepEqual(tree(elsewhere.path), {});
  });
}

test("an end at any moment leaves the tree as it was, or all files written", async () => {
  const files = [
    { path: "plan", text: "one\ntwo\n" },
    { path: "deep/er/a.sql", text: "a" },
    { path: "deep/er/b.sql", text: "b" },
  ];
  const ended = [];
  for (let after = 0; after < 12; after++) {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, "plan"), "one\n", { mode: 0o600 });
    const before = tree(folder.path);
    try {
      await writeFiles(folder.path, files, { signal: abortingAfter(after) });
      ended.push("written");
      assert.equal(Object.keys(tree(folder.path)).length, 5);
    } catch (error) {
      assert.match(String(error), /stop/);
      assert.deepEqual(tree(folder.path), before);
      ended.push("undone");
    }
  }
  assert.deepEqual(new Set(ended), new Set(["undone", "written"]));
});

test("a folder that was made for files that cannot be written is removed again", async () => {
  using folder = temporaryFolder();
  const target = join(folder.path, "new", "migrations");
  await assert.rejects(
    writeFiles(target, [
      { path: "a/b.sql", text: "a" },
      { path: `${"n".repeat(300)}.sql`, text: "b" },
    ], { signal: live }),
    UsageError,
  );
  assert.equal(existsSync(join(folder.path, "new")), false);
});

test("a read-only folder stays as it is", {
  skip: process.getuid?.() === 0 ? "the account may write everywhere" : false,
}, async () => {
  using folder = temporaryFolder();
  chmodSync(folder.path, 0o555);
  await assert.rejects(
    writeFiles(folder.path, [{ path: "a.sql", text: "a" }], { signal: live }),
    /permission denied; nothing was changed/,
  );
  chmodSync(folder.path, 0o755);
  assert.deepEqual(tree(folder.path), {});
});

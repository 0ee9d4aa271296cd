import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";

const UP = "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, n ANY) STRICT;\n";

/** A project whose schema asks for what rows may not have: a required column, a new UNIQUE, a narrower type. */
function project(settings = "") {
  return temporaryFolder({
    "aim.toml": `engine = "sqlite"\n${settings}`,
    "migrations/000001_users.up.sql": UP,
    "migrations/000001_users.down.sql": "DROP TABLE users;\n",
    "schema.sql":
      "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, n INTEGER, timezone TEXT NOT NULL) STRICT;\n",
  });
}

function written(folder: string): string {
  const [file] = readdirSync(join(folder, "migrations")).filter((name) =>
    name.startsWith("000002") && name.endsWith(".up.sql")
  );
  return file === undefined ? "" : readFileSync(join(folder, "migrations", file), "utf8");
}

test("what rows may not fit stays open until it is answered, and the flags that are shown answer it", async () => {
  await using folder = await project();
  const open = await runAim(["generate"], { cwd: folder.path });
  assert.equal(open.code, 1);
  assert.equal(open.stdout, "");
  for (const id of ["fill:users.timezone", "unique:users.unique (email)", "convert:users.n"]) {
    assert(open.stderr.includes(id), `${id} in ${open.stderr}`);
  }
  assert.match(open.stderr, /--assume-empty/);
  assert.equal(written(folder.path), "");
  const answered = await runAim([
    "generate",
    "--answer=timezone=expression='UTC'",
    "--answer=unique (email)=delete",
    "--answer=users.n=copy",
  ], { cwd: folder.path });
  assert.equal(answered.code, 0, answered.stderr);
  assert.match(written(folder.path), /'UTC'/);
  assert.match(written(folder.path), /DELETE FROM/);
  assert.match(
    written(folder.path),
    /^-- aim:answer fill:users\.timezone=expression='UTC' \(by flag\)$/m,
  );
});

test("--assume-empty answers all, and says so in yellow above the SQL and in the file", async () => {
  await using folder = await project();
  const dry = await runAim(["generate", "--dry-run", "--assume-empty", "--color=always"], {
    cwd: folder.path,
  });
  assert.equal(dry.code, 0, dry.stderr);
  const [first = ""] = dry.stdout.split("\n");
  // deno-lint-ignore no-control-regex
  assert.match(first, /^\x1b\[33m-- assumed for [^\n]*\(by flag\)\x1b\[39m$/);
  assert.equal(dry.stdout.split("-- assumed for ").length - 1, 3);
  const done = await runAim(["generate", "--assume-empty"], { cwd: folder.path });
  assert.equal(done.code, 0, done.stderr);
  assert.match(
    written(folder.path),
    /^-- aim:answer fill:users\.timezone=assume-empty \(by flag\): There are none: the migration fails/m,
  );
});

for (const word of ["assume-empty", "fail"]) {
  test(`--answer with ${word} answers one choice, and leaves the others open`, async () => {
    await using folder = await project();
    const { code, stderr } = await runAim(["generate", `--answer=users.timezone=${word}`], {
      cwd: folder.path,
    });
    assert.equal(code, 1);
    assert(!stderr.includes("--answer fill:"), stderr);
    assert(stderr.includes("unique:users.unique (email)=delete"), stderr);
  });
}

test("aim.toml answers by id and for all rows; a flag goes over it", async () => {
  await using folder = await project(
    `[answers]\n"fill:users.timezone" = "expression='UTC'"\n"fill:users.gone" = "default"\ndata = "assume-empty"\n`,
  );
  const dry = await runAim(["generate", "--dry-run"], { cwd: folder.path });
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(dry.stdout, /'UTC'/);
  assert.match(dry.stdout, /^-- assumed for unique:users\.unique \(email\): .* \(by aim\.toml\)$/m);
  const over = await runAim(["generate", "--dry-run", "--answer=timezone=expression='CET'"], {
    cwd: folder.path,
  });
  assert.equal(over.code, 0, over.stderr);
  assert.match(over.stdout, /'CET'/);
});

const wrong: readonly (readonly [settings: string, message: RegExp])[] = [
  ['[answers]\ndata = "delete"\n', /aim\.toml:2:/],
  ["[answers]\ntimezone = 3\n", /Cannot use answers in aim\.toml/],
  ['[answers]\ntimezone = "nothing"\n', /Cannot answer fill:users\.timezone with "nothing"/],
];

for (const [settings, message] of wrong) {
  test(`settings ${JSON.stringify(settings)} are refused`, async () => {
    await using folder = await project(settings);
    const { code, stderr } = await runAim(["generate", "--dry-run"], { cwd: folder.path });
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  });
}

test("answers that contradict each other, or lack their expression, are refused", async () => {
  await using folder = await project();
  for (
    const answers of [
      ["timezone=default", "users.timezone=assume-empty"],
      ["timezone=expression"],
      ["timezone=default=1"],
      ["users.timezon=default"],
      ["data=delete"],
    ]
  ) {
    const flags = answers.map((text) => `--answer=${text}`);
    const { code, stderr } = await runAim(["generate", "--dry-run", "--assume-empty", ...flags], {
      cwd: folder.path,
    });
    assert.equal(code, 2, `${answers}: ${stderr}`);
    assert.match(stderr, /^error: Cannot answer /m);
  }
});

test("a new table asks nothing, and neither does a new column that may be NULL or has a default", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\n',
    "migrations/000001_users.up.sql": UP,
    "migrations/000001_users.down.sql": "DROP TABLE users;\n",
    "schema.sql":
      `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, n ANY, slug TEXT UNIQUE, state TEXT NOT NULL DEFAULT 'new') STRICT;
CREATE TABLE orders (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);\n`,
  });
  const { code, stderr } = await runAim(["generate", "--dry-run"], { cwd: folder.path });
  assert.equal(code, 0, stderr);
});

/** Migrations in Prisma's format as Prisma's own engine takes them: it applies each, and finds its models where the migrations are; aim takes them back. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { DEEP } from "../depth.ts";
import { openPrismaEngine } from "../formats/prisma_engine.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { EDITS, SQLITE } from "./shops/prisma.ts";

test("Prisma's engine applies what becomes of its models on SQLite, and finds nothing ahead", {
  skip: !DEEP && "runs in deno task deep",
}, async () => {
  await using folder = await temporaryFolder({
    "aim.toml": [
      'engine = "sqlite"',
      'schema = "orm:"',
      'format = "prisma"',
      'migrations = "prisma/migrations"',
      "[orm]",
      'tool = "prisma"',
      "",
    ].join("\n"),
    "prisma/migrations/migration_lock.toml": 'provider = "sqlite"\n',
    "live.db": "",
  });
  const open = () =>
    openPrismaEngine(join(folder.path, "live.db"), join(folder.path, "prisma/migrations"));
  // In a process of its own: both load the engine, whose glue knows one instance.
  const aim = (...args: string[]) => runAim(args, { cwd: folder.path });
  let text = SQLITE;
  for (const [what, from, to] of [["the first models", "", ""] as const, ...EDITS]) {
    assert.ok(text.includes(from), from);
    text = text.replace(from, to);
    await writeFile(join(folder.path, "prisma/schema.prisma"), text);
    {
      using prisma = await open();
      assert.notEqual(await prisma.ahead(text), null, `Prisma sees ${what}`);
    }
    const made = await aim("generate");
    assert.equal(made.code, 0, `${what}: ${made.stderr}`);
    assert.match(made.stderr, /proven and written/);
    using prisma = await open();
    assert.equal(await prisma.ahead(text), null, what);
    assert.equal((await prisma.apply()).length, 1, what);
  }
  for (let count = EDITS.length + 1; count > 0; count--) {
    const back = await aim("rollback", "--yes", "--url", "sqlite:live.db");
    assert.equal(back.code, 0, back.stderr);
  }
  using prisma = await open();
  assert.equal((await prisma.apply()).length, EDITS.length + 1);
  const { history, failedMigrationNames, editedMigrationNames } = await prisma.diagnose();
  assert.deepEqual([history, failedMigrationNames, editedMigrationNames], [null, [], []]);
});

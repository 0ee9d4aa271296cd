/** Migrations in Prisma's format as Prisma's own engine takes them: it applies each, and finds its models where the migrations are; aim takes them back. */

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { generate, openProject } from "../../src/pipeline/mod.ts";
import { DEEP } from "../depth.ts";
import { engineOn, openPrismaEngine, type PrismaEngine } from "../formats/prisma_engine.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { needed, nodeModulesWith } from "./installed.ts";
import { liveDatabase } from "./live.ts";
import { EDITS, POSTGRES, SQLITE } from "./shops/prisma.ts";
import { UNASKED } from "./unasked.ts";

/** Models and five edits become migrations on a live database at `url`. */
async function goesTheWay(
  engine: "postgres" | "sqlite",
  models: string,
  { url, open }: { readonly url: string; open(folder: string): Promise<PrismaEngine> },
): Promise<void> {
  const provider = engine === "sqlite" ? "sqlite" : "postgresql";
  await using folder = await temporaryFolder({
    "aim.toml": [
      `engine = "${engine}"`,
      'schema = "orm:"',
      'format = "prisma"',
      'migrations = "prisma/migrations"',
      "[orm]",
      'tool = "prisma"',
      "",
    ].join("\n"),
    "prisma/migrations/migration_lock.toml": `provider = "${provider}"\n`,
  });
  const migrations = join(folder.path, "prisma/migrations");
  await mkdir(migrations, { recursive: true });
  let text = models;
  for (const [what, from, to] of [["the first models", "", ""] as const, ...EDITS]) {
    assert.ok(text.includes(from), from);
    text = text.replace(from, to);
    await writeFile(join(folder.path, "prisma/schema.prisma"), text);
    {
      using prisma = await open(migrations);
      assert.notEqual(await prisma.ahead(text), null, `Prisma sees ${what}`);
    }
    const { config } = await loadConfig({ folder: folder.path, variables: {} });
    const { signal } = new AbortController();
    const made = await generate(await openProject(config, { emit: () => {}, signal }), UNASKED);
    assert.equal(made.outcome, "proven", `${what}: ${JSON.stringify(made.choices ?? made.proof)}`);
    using prisma = await open(migrations);
    assert.equal(await prisma.ahead(text), null, what);
    assert.equal((await prisma.apply()).length, 1, what);
  }
  const aim = (...args: string[]) => runAim([...args, "--url", url], { cwd: folder.path });
  for (let count = EDITS.length + 1; count > 0; count--) {
    const back = await aim("rollback", "--yes");
    assert.equal(back.code, 0, back.stderr);
  }
  using prisma = await open(migrations);
  assert.equal((await prisma.apply()).length, EDITS.length + 1);
  const { history, failedMigrationNames, editedMigrationNames } = await prisma.diagnose();
  assert.deepEqual([history, failedMigrationNames, editedMigrationNames], [null, [], []]);
}

test("Prisma's engine applies what becomes of its models on SQLite, and finds nothing ahead", async () => {
  await using live = await liveDatabase("sqlite");
  const file = live.variables.DB_FILE ?? "";
  await writeFile(file, "");
  await goesTheWay("sqlite", SQLITE, {
    url: `sqlite:${file}`,
    open: (folder) => openPrismaEngine(file, folder),
  });
});

test("Prisma's engine applies what becomes of its models on Postgres, and finds nothing ahead", {
  skip: !DEEP && "runs in deno task deep",
}, async () => {
  const path = needed(await nodeModulesWith(["@prisma/adapter-pg@7.10.1"]));
  await using live = await liveDatabase("postgres");
  const url = live.variables.DATABASE_URL ?? "";
  const load = (name: string) =>
    import(pathToFileURL(join(path, "@prisma", name, "dist/index.mjs")).href);
  const { PrismaPg } = await load("adapter-pg");
  const { bindMigrationAwareSqlAdapterFactory } = await load("driver-adapter-utils");
  await goesTheWay("postgres", POSTGRES, {
    url: `${url}?sslmode=disable`,
    open: (folder) => {
      const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: url }));
      return engineOn("postgresql", folder, { adapter, close: () => {} });
    },
  });
});

/** Tools of ORMs as they are: their models to a proven migration through five edits, and what they make themselves is the same. */

import assert from "node:assert/strict";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import test from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { toolNamed } from "../../src/orm/mod.ts";
import { diff, generate, openProject } from "../../src/pipeline/mod.ts";
import { DEEP } from "../depth.ts";
import { temporaryFolder } from "../run_aim.ts";
import { type Installed, needed, nodeModulesWith, pythonWith } from "./installed.ts";
import { SHOPS } from "./shops/mod.ts";
import type { Shop } from "./shops/shop.ts";
import { UNASKED } from "./unasked.ts";

/** What two tools of one language share is installed once. */
const PACKAGES = {
  python: ["django==5.2.19", "sqlalchemy==2.1.9", "psycopg[binary]==3.3.6"],
  node: [
    "drizzle-orm@0.45.4",
    "drizzle-kit@0.31.11",
    "typeorm@1.1.1",
    "sequelize@6.37.8",
    "pg@8.23.1",
    "reflect-metadata@0.2.2",
    "typescript@5.9.3",
    "ts-node@10.9.2",
    "tsx@4.23.15",
    "@mikro-orm/core@7.2.5",
    "@mikro-orm/postgresql@7.2.5",
  ],
} as const;

async function installed({ language }: Shop): Promise<Installed> {
  return language === "python"
    ? await pythonWith(PACKAGES.python)
    : await nodeModulesWith(PACKAGES.node);
}

/** A project of the tool; `door` says how its models are read. */
async function projectOf(one: Shop, path: string) {
  const { script, command } = toolNamed(one.tool);
  const text = script === null ? {} : { [script.file]: script.text };
  const folder = await temporaryFolder({ ...one.files, ...text });
  await mkdir(join(folder.path, "migrations"));
  if (one.language === "node") await symlink(path, join(folder.path, "node_modules"));
  const own = (words: readonly string[]) => words.map((word) => word === "python3" ? path : word);
  const open = async (door: "print" | "database") => {
    const words = own(door === "print" ? command ?? [] : one.makes);
    const settings = [
      'engine = "postgres"',
      'schema = "orm:"',
      // Django calls a constraint otherwise when it comes later than its table.
      'constraint_names = "ignore"',
      "[orm]",
      `tool = "${one.tool}"`,
      `door = "${door}"`,
      `command = ${JSON.stringify(words)}`,
      "",
    ];
    await writeFile(join(folder.path, "aim.toml"), settings.join("\n"));
    const { config } = await loadConfig({ folder: folder.path, variables: {} });
    const { signal } = new AbortController();
    return await openProject(config, { emit: () => {}, signal, runsModels: true });
  };
  return { path: folder.path, open, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

for (const one of SHOPS) {
  test(`models of ${one.tool} and five edits become proven migrations`, {
    skip: !DEEP && "runs in deno task deep",
  }, async () => {
    const path = needed(await installed(one));
    await using project = await projectOf(one, path);
    const first = await generate(await project.open("print"), { ...UNASKED });
    assert.equal(first.outcome, "proven", JSON.stringify(first.proof ?? first.choices));
    const made = await diff(await project.open("database"));
    assert.equal(made.outcome, "in-sync", `what ${one.tool} itself makes differs:\n${made.text}`);
    const file = join(project.path, one.models);
    assert.ok(one.edits.length >= 5);
    for (const [from, to] of one.edits) {
      const text = await readFile(file, "utf8");
      assert.ok(text.includes(from), from);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text.replace(from, to));
      const outcome = await generate(await project.open("print"), { ...UNASKED });
      assert.equal(outcome.outcome, "proven", `${to}: ${JSON.stringify(outcome.choices)}`);
    }
    const last = await diff(await project.open("database"));
    assert.equal(
      last.outcome,
      "in-sync",
      `after the edits, what ${one.tool} makes differs:\n${last.text}`,
    );
  });
}

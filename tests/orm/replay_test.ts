/** Histories that are programs: applied once by their own tool, and gone on from with SQL that the tool applies as well. */

import assert from "node:assert/strict";
import { appendFile, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { formatNamed } from "../../src/formats/mod.ts";
import { DEEP } from "../depth.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { type Installed, needed, nodeModulesWith, pythonWith } from "./installed.ts";
import { type ReplayCase, REPLAYS } from "./replay_cases.ts";

const PACKAGES = {
  python: ["alembic==1.20.1", "django==5.2.19", "psycopg[binary]==3.3.6"],
  node: ["knex@3.1.0", "pg@8.23.1"],
} as const;

async function installed({ language }: ReplayCase): Promise<Installed> {
  return language === "python"
    ? await pythonWith(PACKAGES.python)
    : await nodeModulesWith(PACKAGES.node);
}

/** The project of a case, with its own folders for what is trusted and kept. */
async function projectOf(one: ReplayCase, path: string) {
  const folder = await temporaryFolder({ ...one.files, "schema.sql": "" });
  if (one.language === "node") await symlink(path, join(folder.path, "node_modules"));
  const variables = {
    XDG_CACHE_HOME: join(folder.path, ".cache"),
    XDG_CONFIG_HOME: join(folder.path, ".config"),
    XDG_DATA_HOME: join(folder.path, ".data"),
  };
  const aim = (...args: readonly string[]) => runAim(args, { cwd: folder.path, variables });
  const configure = async (words: string | readonly string[] | null) => {
    const command = typeof words === "string"
      ? words
      : words?.map((word) => word === "python3" ? path : word);
    await writeFile(
      join(folder.path, "aim.toml"),
      [
        `engine = "${one.engine}"`,
        `format = "${one.tool}"`,
        `migrations = "${one.migrations}"`,
        ...command === undefined ? [] : [
          "[history]",
          `command = ${JSON.stringify(command)}`,
          ...Object.keys(one.env).length === 0 ? [] : ["[history.env]"],
          ...Object.entries(one.env).map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
        ],
        "",
      ].join("\n"),
    );
  };
  const runs = async () =>
    (await readFile(join(folder.path, "runs.txt"), "utf8").catch(() => "")).length;
  const dispose = () => folder[Symbol.asyncDispose]();
  return { path: folder.path, aim, configure, runs, [Symbol.asyncDispose]: dispose };
}

for (const one of REPLAYS) {
  test(`programs of ${one.tool} on ${one.engine} are applied once, and SQL goes on from there`, {
    skip: !DEEP && "runs in deno task deep",
  }, async () => {
    const path = needed(await installed(one));
    await using project = await projectOf(one, path);
    const { aim, configure, runs } = project;

    await configure(null);
    const refused = await aim("diff");
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /Cannot read .*[\s\S]*\[history\] command = \[/);

    await configure(
      (await formatNamed(one.tool)).replays?.({
        folder: one.migrations,
        files: [],
        dialect: one.engine,
      })?.command ?? [],
    );
    const untrusted = await aim("diff");
    assert.equal(untrusted.code, 2, untrusted.stderr);
    assert.match(untrusted.stderr, /aim trust/);
    assert.equal(await runs(), 0, "the tool ran before it was trusted");
    const trusted = await aim("trust");
    assert.equal(trusted.code, 0, trusted.stderr);
    assert.match(trusted.stderr, /history\.command/);

    const differs = await aim("diff", "--exit-code");
    assert.equal(differs.code, 1, differs.stdout + differs.stderr);
    const first = await runs();
    assert.ok(first > 0);
    const schema = await ddlOf(project.path);
    // Other apps are applied as a whole, not as far as this one depends on them.
    if (one.tool === "django") {
      assert.match(schema, /first_name (?:varchar|character varying)\(150\)/i);
    }
    await writeFile(join(project.path, "schema.sql"), schema);
    const clean = await aim("diff", "--exit-code");
    assert.equal(clean.code, 0, clean.stdout + clean.stderr);

    await appendFile(join(project.path, "schema.sql"), one.added);
    const generated = await aim("generate");
    assert.equal(generated.code, 0, generated.stdout + generated.stderr);
    const after = await aim("diff", "--exit-code");
    assert.equal(after.code, 0, after.stdout + after.stderr);
    const valid = await aim("validate", "--json");
    assert.equal(valid.code, 0, valid.stdout + valid.stderr);
    const outcome = JSON.parse(valid.stdout);
    assert.equal(outcome.migrations.length, 1);
    assert.match(outcome.notes.join("\n"), /\d migrations were only applied by/);
    const linted = await aim("lint", "--json");
    assert.notEqual(linted.code, 2, linted.stderr);
    assert.equal(await runs(), first, "the tool ran again");

    await configure(one.all);
    await aim("trust");
    const applied = await aim("diff", "--exit-code");
    assert.equal(applied.code, 0, `${one.tool} made:\n${applied.stdout}${applied.stderr}`);
    assert.ok(await runs() > first);
  });
}

/** The DDL that was kept of what the tool made. */
async function ddlOf(folder: string): Promise<string> {
  const files = await readdir(join(folder, ".cache"), { recursive: true });
  const kept = files.filter((file) => /\borm[\\/][0-9a-f]{64}$/.test(file));
  assert.equal(kept.length, 1, files.join());
  const bytes = await readFile(join(folder, ".cache", kept[0] ?? ""));
  // Its hash stands before it.
  return bytes.subarray(32).toString("utf8");
}

/** Tools that keep what their models are beside their migrations: after aim's they find nothing to write, and apply it. */

import assert from "node:assert/strict";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { formatNamed } from "../../src/formats/mod.ts";
import { toolNamed } from "../../src/orm/mod.ts";
import { diff, generate, openProject } from "../../src/pipeline/mod.ts";
import { DEEP } from "../depth.ts";
import { temporaryFolder } from "../run_aim.ts";
import { nodeModulesWith, pythonWith } from "./installed.ts";
import { type StateCase, STATES } from "./state_cases.ts";
import { UNASKED } from "./unasked.ts";

const ENV = {
  DB_FILE: "{file}",
  DB_NAME: "{database}",
  DB_USER: "{user}",
  DB_PASSWORD: "{password}",
  DB_HOST: "{host}",
  DB_PORT: "{port}",
};

async function projectOf(one: StateCase, path: string) {
  const { script, command } = toolNamed(one.tool);
  const text = script === null ? {} : { [script.file]: script.text };
  const folder = await temporaryFolder({ ...one.files, ...text });
  await mkdir(join(folder.path, one.migrations), { recursive: true });
  if (one.tool === "drizzle") await symlink(path, join(folder.path, "node_modules"));
  const own = (words: readonly string[]) => words.map((word) => word === "python3" ? path : word);
  const run = (words: readonly string[]) => {
    const [program = "", ...args] = own(words);
    const done = spawnSync(program, args, { cwd: folder.path, encoding: "utf8" });
    return { code: done.status, text: `${done.stdout}${done.stderr}` };
  };
  const replays = (await formatNamed(one.tool)).replays?.({
    folder: one.migrations,
    files: [],
    dialect: one.engine,
  });
  const env = Object.entries(ENV).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const open = async (door: "print" | "database") => {
    const words = own(door === "print" ? command ?? [] : one.apply);
    const settings = [
      `engine = "${one.engine}"`,
      'schema = "orm:"',
      `format = "${one.tool}"`,
      `migrations = "${one.migrations}"`,
      'constraint_names = "ignore"',
      "[orm]",
      `tool = "${one.tool}"`,
      `door = "${door}"`,
      `command = ${JSON.stringify(words)}`,
      ...door === "print" ? [] : [`env = { ${env.join(", ")} }`],
      ...replays === undefined ? [] : [
        "[history]",
        `command = ${JSON.stringify(own(Array.from(replays.command)))}`,
        `env = { ${env.join(", ")} }`,
      ],
      "",
    ];
    await writeFile(join(folder.path, "aim.toml"), settings.join("\n"));
    const { config } = await loadConfig({ folder: folder.path, variables: {} });
    const { signal } = new AbortController();
    const options = { emit: () => {}, signal, runsModels: true, runsHistory: true };
    return await openProject(config, options);
  };
  const dispose = () => folder[Symbol.asyncDispose]();
  return { path: folder.path, open, run, [Symbol.asyncDispose]: dispose };
}

for (const one of STATES) {
  test(`${one.name} has nothing to write behind a migration of aim's`, {
    skip: !DEEP && "runs in deno task deep",
  }, async (t) => {
    const found = await (one.tool === "django" ? pythonWith : nodeModulesWith)(one.packages);
    if ("reason" in found) return t.skip(found.reason);
    await using project = await projectOf(one, found.path);
    const { path, open, run } = project;
    const folder = join(path, one.migrations);
    const isClean = (after: string) => {
      const { code, text } = run(one.check);
      assert.equal(code, 0, `${after}: ${text}`);
      assert.match(text, one.clean, after);
    };
    if (one.first === null) {
      const made = await generate(await open("print"), { ...UNASKED, renames: [] });
      assert.equal(made.outcome, "proven", JSON.stringify(made.proof ?? made.choices));
    } else {
      const { code, text } = run(one.first);
      assert.equal(code, 0, text);
    }
    isClean("the first migration");
    const models = join(path, one.models);
    for (const { from, to, others = [], renames = [], says } of one.edits) {
      const text = await readFile(models, "utf8");
      assert.ok(text.includes(from), from);
      await writeFile(
        models,
        others.reduce((all, [old, now]) => all.replaceAll(old, now), text.replace(from, to)),
      );
      const stated = renames.map(([from, to]) => ({ kind: null, from, to, by: "flag" as const }));
      const made = await generate(await open("print"), { ...UNASKED, renames: stated });
      assert.equal(made.outcome, "proven", `${to}: ${JSON.stringify(made.choices)}`);
      assert.deepEqual(made.notes.filter((note) => note.includes("again next time")), []);
      if (says !== undefined) assert.match(made.files.map((file) => file.text).join("\n"), says);
      isClean(to);
    }
    const applied = await diff(await open("database"));
    assert.equal(applied.outcome, "in-sync", `${one.tool} makes:\n${applied.text}`);
    assert.ok((await readdir(folder)).length > one.edits.length);
  });
}

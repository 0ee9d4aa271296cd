/** Models of tools as they are: each migration of aim's is applied by the tool, which then finds nothing to change; all are taken back and applied again. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { formatNamed } from "../../src/formats/mod.ts";
import { toolNamed } from "../../src/orm/mod.ts";
import { diff, generate, openProject } from "../../src/pipeline/mod.ts";
import { DEEP } from "../depth.ts";
import { temporaryFolder } from "../run_aim.ts";
import {
  goWith,
  type Installed,
  javaWith,
  needed,
  nodeModulesWith,
  pythonWith,
} from "./installed.ts";
import { liveDatabase } from "./live.ts";
import { UNASKED } from "./unasked.ts";
import { WAYS } from "./ways/mod.ts";
import type { Edit, Way, Words } from "./ways/way.ts";

const ENV = {
  DB_FILE: "{file}",
  DB_NAME: "{database}",
  DB_USER: "{user}",
  DB_PASSWORD: "{password}",
  DB_HOST: "{host}",
  DB_PORT: "{port}",
};

function installed({ language, packages }: Way): Promise<Installed> {
  if (language === "python") return pythonWith(packages);
  if (language === "go") return goWith(packages);
  if (language === "java") return javaWith(packages);
  return nodeModulesWith(packages);
}

/** The project of a way; `run` gives words to the tool, with the variables of a live database. */
async function projectOf(
  way: Way,
  path: string,
  variables: Readonly<Record<string, string>>,
) {
  const { script, command } = toolNamed(way.tool);
  const own = way.script ?? ((text: string) => text);
  const text = script === null ? {} : { [script.file]: own(script.text) };
  const folder = await temporaryFolder({ ...way.files, ...text });
  await mkdir(join(folder.path, way.migrations), { recursive: true });
  if (way.language === "node") await symlink(path, join(folder.path, "node_modules"));
  if (way.language === "go") await cp(path, folder.path, { recursive: true });
  const filled = (words: Words) =>
    words.map((word) => word === "python3" ? path : word.replaceAll("{path}", path));
  const run = (words: Words) => {
    const [program = "", ...args] = filled(words);
    const env = { ...process.env, ...variables };
    const done = spawnSync(program, args, { cwd: folder.path, encoding: "utf8", env });
    return { code: done.status, text: `${done.stdout}${done.stderr}${done.error ?? ""}` };
  };
  const succeed = (words: Words) => {
    const { code, text } = run(words);
    assert.equal(code, 0, `${words.join(" ")}: ${text}`);
  };
  const replays = (await formatNamed(way.format)).replays?.({
    folder: way.migrations,
    files: [],
    dialect: way.engine,
  });
  const env = Object.entries(ENV).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const open = async (door: "print" | "database") => {
    const words = filled(door === "print" ? way.command ?? command ?? [] : way.apply);
    const settings = [
      `engine = "${way.engine}"`,
      'schema = "orm:"',
      `format = "${way.format}"`,
      `migrations = "${way.migrations}"`,
      'constraint_names = "ignore"',
      "[orm]",
      `tool = "${way.tool}"`,
      `door = "${door}"`,
      `command = ${JSON.stringify(words)}`,
      'timeout = "5min"',
      ...door === "print" ? [] : [`env = { ${env.join(", ")} }`],
      ...replays === undefined ? [] : [
        "[history]",
        `command = ${JSON.stringify(filled(Array.from(replays.command)))}`,
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
  return { path: folder.path, open, run, succeed, [Symbol.asyncDispose]: dispose };
}

type WayProject = Awaited<ReturnType<typeof projectOf>>;

for (const way of WAYS) {
  test(`${way.name}: models and five edits become migrations that it applies and takes back`, {
    skip: !DEEP && "runs in deno task deep",
  }, async () => {
    const path = needed(await installed(way));
    await using live = await liveDatabase(way.engine);
    await using project = await projectOf(way, path, live.variables);
    const nothingIsAhead = (after: string) => {
      const said = checkOf(project, way);
      assert.ok(said?.isClean ?? true, `${after}: ${said?.text}`);
    };
    const applied = async (after: string) => {
      if (way.check?.isOffline) nothingIsAhead(`${after}, before it is applied`);
      project.succeed(way.apply);
      // A file that the tool writes anew when it applies is looked at once more.
      if (!way.check?.isOffline || way.snapshots !== undefined) nothingIsAhead(after);
      const names = await readdir(join(project.path, way.migrations));
      const hidden = names.filter((name) => name.startsWith("."));
      assert.deepEqual(hidden, way.snapshots ?? []);
    };
    if (way.first === undefined) await generated(project, "the first migration");
    else project.succeed(way.first);
    await applied("the first migration");
    assert.ok(way.edits.length >= 5);
    for (const edit of way.edits) {
      await edited(join(project.path, edit.file ?? way.models), edit);
      if (!edit.isUnseen && !way.check?.writes) {
        assert.notEqual(checkOf(project, way)?.isClean, true, `its check sees ${edit.to}`);
      }
      const made = await generated(project, edit.to, edit);
      if (edit.says !== undefined) {
        assert.match(made.files.map((file) => file.text).join("\n"), edit.says);
      }
      await applied(edit.to);
    }
    if (way.revert !== null) {
      for (let count = way.revert.one ? way.edits.length + 1 : 1; count > 0; count--) {
        project.succeed(way.revert.words);
      }
      // Nothing is left of them, or this would fail.
      project.succeed(way.apply);
      nothingIsAhead("all of them once more");
    }
    const same = await diff(await project.open("database"));
    assert.equal(same.outcome, "in-sync", `${way.name} makes:\n${same.text}`);
  });
}

/** What the tool says of the models; null where it has no check. */
function checkOf({ run }: WayProject, { check }: Way) {
  if (check === null) return null;
  const { code, text } = run(check.words);
  return { isClean: code === 0 && check.clean.test(text), text };
}

async function edited(file: string, { from, to, others = [] }: Edit): Promise<void> {
  const text = await readFile(file, "utf8");
  assert.ok(text.includes(from), from);
  await writeFile(
    file,
    others.reduce((all, [old, now]) => all.replaceAll(old, now), text.replace(from, to)),
  );
}

async function generated(project: WayProject, what: string, { renames = [] }: Partial<Edit> = {}) {
  const stated = renames.map(([from, to]) => ({ kind: null, from, to, by: "flag" as const }));
  const made = await generate(await project.open("print"), { ...UNASKED, renames: stated });
  assert.equal(made.outcome, "proven", `${what}: ${JSON.stringify(made.choices ?? made.proof)}`);
  assert.deepEqual(made.notes.filter((note) => note.includes("again next time")), []);
  return made;
}

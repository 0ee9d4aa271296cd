/** The hooks as pre-commit itself runs them, from this repository, and the workflows as actionlint reads them. */

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { pythonWith, run } from "../orm/installed.ts";
import { temporaryFolder } from "../run_aim.ts";
import { type Edits, PROJECT, repository } from "./repository.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const UP = "CREATE TABLE labels (id INTEGER PRIMARY KEY);\n";
const GOOD: Edits = {
  "schema.sql": `${PROJECT["schema.sql"]}${UP}`,
  "migrations/000003_labels.up.sql": UP,
  "migrations/000003_labels.down.sql": "DROP TABLE labels;\n",
};

const python = await pythonWith(["pre-commit==4.7.0"]);
const skip = "reason" in python ? python.reason : false;

/** What `pre-commit run` ended with in a repository with such a configuration, and what it said. */
function preCommit(
  repo: { readonly path: string; readonly bin: string },
  home: string,
): { readonly code: number | null; readonly said: string } {
  const program = "path" in python ? join(dirname(python.path), "pre-commit") : "";
  const { status, stdout, stderr } = spawnSync(program, ["run", "--verbose"], {
    cwd: repo.path,
    encoding: "utf8",
    env: { ...process.env, PATH: `${repo.bin}:${process.env.PATH}`, PRE_COMMIT_HOME: home },
  });
  return { code: status, said: stdout + stderr };
}

/** A repository on disk with the hooks of this one, as a tag of it has them. */
async function hooks(folder: string): Promise<string> {
  const path = join(folder, "hooks");
  await mkdir(path);
  const file = ".pre-commit-hooks.yaml";
  await writeFile(join(path, file), await readFile(join(ROOT, file)));
  const git = (...args: string[]) => execFileSync("git", args, { cwd: path, stdio: "pipe" });
  git("init", "--quiet");
  git("add", ".");
  git("-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--quiet", "--message", "hooks");
  git("tag", "v0.1.0");
  return path;
}

/** All hooks, as a configuration lists them. */
async function everyHook(): Promise<string> {
  const ids = [...(await readFile(join(ROOT, ".pre-commit-hooks.yaml"), "utf8"))
    .matchAll(/^- id: (\S+)$/gm)].map(([, id]) => id ?? "");
  assert.ok(ids.length >= 4);
  return ids.map((id) => `      - id: ${id}\n`).join("");
}

test("each hook runs by pre-commit: a good migration passes, a wrong DOWN stops the commit", {
  skip,
}, async () => {
  await using folder = await temporaryFolder();
  await using repo = await repository();
  const from = await hooks(folder.path);
  const list = await everyHook();
  const count = list.split("- id:").length - 1;
  await repo.commit({
    ".pre-commit-config.yaml": `repos:\n  - repo: ${from}\n    rev: v0.1.0\n    hooks:\n${list}`,
  });
  await repo.write(GOOD);
  repo.git("add", "--all");
  const good = preCommit(repo, join(folder.path, "home"));
  assert.equal(good.code, 0, good.said);
  assert.equal(good.said.match(/\.Passed\n/g)?.length, count, good.said);

  await repo.write({ "migrations/000003_labels.down.sql": "SELECT 1;\n" });
  repo.git("add", "--all");
  const bad = preCommit(repo, join(folder.path, "home"));
  assert.equal(bad.code, 1, bad.said);
  assert.match(bad.said, /^aim check\.+Failed\n- hook id: aim-check$/m);
  assert.match(bad.said, /^aim validate\.+Failed$/m);
  assert.match(bad.said, /000003_labels/);
});

test("no hook starts an engine where nothing relevant is committed; a new migration is proven", {
  skip,
}, async () => {
  await using folder = await temporaryFolder();
  await using repo = await repository();
  const from = await hooks(folder.path);
  // Whatever starts an engine runs this, and fails.
  await repo.commit({
    "aim.toml": `${PROJECT["aim.toml"]}before = "before.sql"\n`,
    "before.sql": "CREATE TABEL wrong (id);\n",
    ".pre-commit-config.yaml":
      `repos:\n  - repo: ${from}\n    rev: v0.1.0\n    hooks:\n${await everyHook()}`,
  });
  const home = join(folder.path, "home");
  await repo.write({ "README.md": "What this is about.\n" });
  repo.git("add", "--all");
  const idle = preCommit(repo, home);
  assert.equal(idle.code, 0, idle.said);

  await repo.write({ "schema.sql": GOOD["schema.sql"] ?? "" });
  repo.git("add", "--all");
  const started = preCommit(repo, home);
  assert.equal(started.code, 1, started.said);
  assert.match(started.said, /before\.sql/);

  await repo.write({ "aim.toml": PROJECT["aim.toml"] ?? "" });
  repo.git("add", "--all");
  const ahead = preCommit(repo, home);
  assert.equal(ahead.code, 1, ahead.said);
  assert.match(ahead.said, /the end state differs from the schema/);

  await repo.write(GOOD);
  repo.git("add", "--all");
  const proven = preCommit(repo, home);
  assert.equal(proven.code, 0, proven.said);
  // Verbose, pre-commit shows what a hook says that passes.
  assert.match(proven.said, /000003.*labels/);
});

/** The fenced texts of a kind in a page of the documentation. */
async function fenced(page: string, kind: string): Promise<string[]> {
  const text = await readFile(join(ROOT, page), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${kind}\\n([^]*?)^\`\`\`$`, "gm"))]
    .map(([, body]) => body ?? "");
}

test("the hooks that the page shows are read by pre-commit", { skip }, async () => {
  await using folder = await temporaryFolder();
  const configurations = (await fenced("docs/ci.md", "yaml"))
    .filter((text) => text.startsWith("repos:"));
  assert.ok(configurations.length >= 2);
  for (const [at, text] of configurations.entries()) {
    const file = join(folder.path, `${at}.yaml`);
    await writeFile(file, text);
    const program = "path" in python ? join(dirname(python.path), "pre-commit") : "";
    await run(program, ["validate-config", file]);
  }
});

/** actionlint, built by Go where there is one. */
async function actionlint(): Promise<string | null> {
  const folder = join(tmpdir(), `aim-test-actionlint-${process.getuid?.() ?? 0}`);
  try {
    await run("env", [
      `GOBIN=${folder}`,
      "go",
      "install",
      "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12",
    ]);
    return join(folder, "actionlint");
  } catch {
    return null;
  }
}

test("actionlint finds nothing in the workflows of this repository and of the page", async (t) => {
  const program = await actionlint();
  if (program === null) return t.skip("actionlint needs Go to be built");
  await using folder = await temporaryFolder();
  const pages = await fenced("docs/ci.md", "yaml");
  const workflows = pages.filter((text) => /^jobs:$/m.test(text)).map((text) =>
    /^on:$/m.test(text) ? text : `on: pull_request\n${text}`
  );
  assert.ok(workflows.length >= 2);
  const files = await Promise.all(workflows.map(async (text, at) => {
    const file = join(folder.path, `${at}.yml`);
    await writeFile(file, text.replaceAll("OWNER/aim@COMMIT", `example/aim@${"0".repeat(40)}`));
    return file;
  }));
  await run(program, [join(ROOT, ".github/workflows/release.yml"), ...files]);
});

test("the action and the component are what the published schemas say", async (t) => {
  const checked = await pythonWith(["check-jsonschema==0.39.0"]);
  if ("reason" in checked) return t.skip(checked.reason);
  const program = join(dirname(checked.path), "check-jsonschema");
  await run(program, ["--builtin-schema", "vendor.github-actions", join(ROOT, "action.yml")]);
  await using folder = await temporaryFolder();
  const [header, component = ""] = (await readFile(join(ROOT, "templates/validate.yml"), "utf8"))
    .split("\n---\n");
  assert.match(header ?? "", /^spec:$/m);
  const file = join(folder.path, "component.yml");
  await writeFile(file, component);
  const schema = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"];
  await run(program, [...schema, file]);
});

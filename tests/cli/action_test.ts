/** The step of the action, and the files that other programs read to find aim. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { COMMANDS } from "../../src/cli/commands/mod.ts";
import { temporaryFolder } from "../run_aim.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Runs the step with a program in aim's place that prints its arguments, one a line, and ends with 1. */
async function step(inputs: Readonly<Record<string, string>>) {
  await using folder = await temporaryFolder({
    aim: '#!/bin/sh\nfor a in "$@"; do printf \'<%s>\\n\' "$a"; done\nexit 1\n',
    output: "",
  });
  await chmod(join(folder.path, "aim"), 0o755);
  const output = join(folder.path, "output");
  const { status, stdout } = spawnSync("sh", [join(root, "scripts/ci/action.sh")], {
    cwd: folder.path,
    encoding: "utf8",
    env: { PATH: "/usr/bin:/bin", AIM_BIN: folder.path, GITHUB_OUTPUT: output, ...inputs },
  });
  return { status, stdout, output: await readFile(output, "utf8"), folder: folder.path };
}

test("inputs are arguments, one a line, whatever is in them", async () => {
  const { status, stdout, output } = await step({
    AIM_COMMAND: "lint",
    AIM_ARGUMENTS: "--git-base\norigin/main\n\n$(touch hacked); `touch hacked` \"'\n",
    AIM_SARIF: "a b.sarif",
  });
  assert.equal(status, 1);
  assert.equal(output, "exit-code=1\n");
  assert.deepEqual(stdout.trimEnd().split("\n"), [
    "<lint>",
    "<--report>",
    "<auto>",
    "<--report>",
    "<sarif=a b.sarif>",
    "<--git-base>",
    "<origin/main>",
    "<$(touch hacked); `touch hacked` \"'>",
  ]);
});

test("an action's input stands in no shell text", async () => {
  const text = await readFile(join(root, "action.yml"), "utf8");
  const scripts = [...text.matchAll(/run: (?:\|\n((?: {8}.*\n)+)|(.*)\n)/g)].map(([script]) =>
    script
  );
  assert.ok(scripts.length >= 2);
  for (const script of scripts) assert.doesNotMatch(script, /\$\{\{/);
});

test("hooks call commands and flags that there are", async () => {
  const text = await readFile(join(root, ".pre-commit-hooks.yaml"), "utf8");
  const entries = [...text.matchAll(/entry: aim (\S+)(.*)/g)];
  assert.ok(entries.length >= 3);
  for (const [, name = "", flags = ""] of entries) {
    const command = COMMANDS.find((one) => one.name === name);
    assert.ok(command, name);
    for (const [, flag] of flags.matchAll(/--([\w-]+)/g)) {
      assert.ok(command.flags.some((one) => one.name === flag), `${name} --${flag}`);
    }
  }
});

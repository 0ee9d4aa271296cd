import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { temporaryFolder } from "../run_aim.ts";

const run = promisify(execFile);

/** Runs a script of scripts/ci with a program that writes down how it is called, and answers as told; gives the calls. */
async function calls(
  script: string,
  words: readonly string[],
  program: { readonly name: string; readonly answers: string; readonly folder: string },
): Promise<readonly string[]> {
  const { name, answers, folder } = program;
  const bin = join(folder, "bin");
  await mkdir(bin, { recursive: true });
  const log = join(folder, "calls");
  await writeFile(join(bin, name), `#!/bin/sh\necho "$*" >>'${log}'\n${answers}\n`);
  await chmod(join(bin, name), 0o755);
  const path = fileURLToPath(new URL(`../../scripts/ci/${script}`, import.meta.url));
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  await run("sh", [path, ...words], { env, cwd: folder });
  return (await readFile(log, "utf8")).trimEnd().split("\n");
}

/** A tarball as npm packs it. */
async function tarball(folder: string, name: string, file: string): Promise<void> {
  const place = join(folder, "pack", name, "package");
  await mkdir(place, { recursive: true });
  await writeFile(
    join(place, "package.json"),
    JSON.stringify({ name: `@a/${name}`, version: "1.0.0" }),
  );
  await writeFile(join(place, file), "");
  await mkdir(join(folder, "packages"), { recursive: true });
  const archive = join(folder, "packages", `a-${name}-1.0.0.tgz`);
  await run("tar", ["-czf", archive, "-C", join(place, ".."), "package"]);
}

test("packages of platforms are published before the one that needs them, each once", async () => {
  await using folder = await temporaryFolder();
  await tarball(folder.path, "aim", "aim.cjs");
  await tarball(folder.path, "aim-linux-x64", "aim");
  await tarball(folder.path, "aim-win32-x64", "aim.exe");
  const said = await calls("publish_npm.sh", ["packages"], {
    name: "npm",
    answers: '[ "$2" = "@a/aim-win32-x64@1.0.0" ] && echo 1.0.0 || [ "$1" = publish ]',
    folder: folder.path,
  });
  const published = said.filter((line) => line.startsWith("publish")).map((line) =>
    line.split(" ")[1]
  );
  assert.deepEqual(published, [
    "packages/a-aim-linux-x64-1.0.0.tgz",
    "packages/a-aim-1.0.0.tgz",
  ]);
});

test("a release is a draft until all files are in it, and one that is published is left alone", async () => {
  await using fresh = await temporaryFolder({ "release/a": "", "release/managers/b": "" });
  const made = await calls("publish_release.sh", ["v1.0.0", "release"], {
    name: "gh",
    answers: '[ "$2" != view ]',
    folder: fresh.path,
  });
  assert.deepEqual(made.map((line) => line.split(" ").slice(1, 2)[0]), [
    "view",
    "create",
    "upload",
    "edit",
  ]);
  assert.match(made[1] ?? "", /--draft/);
  assert.match(made[2] ?? "", / release\/a$/);
  await using published = await temporaryFolder({ "release/a": "" });
  const again = await calls("publish_release.sh", ["v1.0.0", "release"], {
    name: "gh",
    answers: "echo false",
    folder: published.path,
  });
  assert.equal(again.length, 1);
});

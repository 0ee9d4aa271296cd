import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { packPlatform, packWrapper, platformManifest } from "../../scripts/release/npm.ts";
import { hostTarget } from "../../scripts/release/build.ts";
import { TARGETS } from "../../scripts/release/targets.ts";
import { DEEP } from "../depth.ts";
import { pythonWith } from "../orm/installed.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const RELEASE = { name: "@example/aim", version: "9.9.9", repository: "example/aim" };

/** Ends as it is told, says what it was given, or waits and cleans up when it is asked to end. */
const PROGRAM = `#!/bin/sh
case "$1" in
  exit) exit "$2" ;;
  say) shift; printf '%s\\n' "$@" ;;
  wait)
    trap 'sleep 1; echo cleaned after INT; exit 130' INT
    trap 'sleep 1; echo cleaned after TERM; exit 143' TERM
    trap 'sleep 1; echo cleaned after HUP; exit 129' HUP
    echo "$$"
    while :; do sleep 0.1; done ;;
esac
`;

/** Tests that send signals: they go by how soon processes are heard of, and run in `deno task deep`. */
const LONG = { skip: !DEEP, timeout: 60_000 };

let folder = "";
/** The tarballs of the wrapper and of this machine's program. */
let packed: readonly string[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aim-npm-"));
  const target = TARGETS.find(({ name }) => name === hostTarget());
  assert.ok(target !== undefined, hostTarget());
  const program = join(folder, "program");
  await writeFile(program, PROGRAM);
  await chmod(program, 0o755);
  const folders = { work: join(folder, "work"), into: join(folder, "packed") };
  await Promise.all([mkdir(folders.work), mkdir(folders.into)]);
  const wrapper = packWrapper(RELEASE, [target], ROOT, folders);
  const platform = packPlatform(RELEASE, target, { program, root: ROOT }, folders);
  packed = [wrapper, platform].map((name) => join(folders.into, name));
  await install("both", [wrapper, platform]);
  await install("alone", ["--omit=optional", wrapper]);
});

after(() => rm(folder, { recursive: true }));

/** Installs tarballs in an empty folder, by npm, without a network. */
async function install(name: string, words: readonly string[]): Promise<void> {
  const place = join(folder, name);
  await mkdir(place);
  await writeFile(join(place, "package.json"), "{}");
  const packed = words.map((word) => word.startsWith("-") ? word : join(folder, "packed", word));
  const options = ["install", "--offline", "--no-audit", "--no-fund", ...packed];
  const { status, stderr } = spawnSync("npm", options, { cwd: place, encoding: "utf8" });
  assert.equal(status, 0, stderr);
}

/** A wrapper that was started, in a group of its own, as a terminal does. */
function start(words: readonly string[], place = "both", variables: Record<string, string> = {}) {
  const file = join(folder, place, "node_modules/.bin/aim");
  const child = spawn(file, words, { detached: true, env: { ...process.env, ...variables } });
  let [stdout, stderr] = ["", ""];
  const spoke = new Promise<void>((resolve) =>
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      resolve();
    })
  );
  child.stderr.setEncoding("utf8").on("data", (text: string) => stderr += text);
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, stdout, stderr }))
  );
  return { pid: child.pid ?? 0, spoke, ended, said: () => stdout };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("the program's exit code is the wrapper's", async () => {
  for (const code of [0, 3, 70]) {
    assert.equal((await start(["exit", String(code)]).ended).code, code);
  }
});

test("arguments arrive as they were given", async () => {
  const words = ["two words", "", "*", "$HOME", '"', "ü"];
  const { stdout } = await start(["say", ...words]).ended;
  assert.equal(stdout, words.map((word) => `${word}\n`).join(""));
});

test(
  "Ctrl-C goes to the group: the wrapper waits until the program has cleaned up",
  LONG,
  async () => {
    const wrapper = start(["wait"]);
    await wrapper.spoke;
    process.kill(-wrapper.pid, "SIGINT");
    const { code, stdout } = await wrapper.ended;
    assert.equal(code, 130);
    assert.match(stdout, /cleaned after INT/);
  },
);

/** A shell cannot trap a signal that was ignored when it began, as SIGHUP is under nohup. */
function isIgnored(number: number): boolean {
  const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : "";
  const bits = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  return (bits >> BigInt(number - 1) & 1n) === 1n;
}

for (const [signal, number, code] of [["SIGTERM", 15, 143], ["SIGHUP", 1, 129]] as const) {
  const name = `${signal} to the wrapper alone reaches the program, which is not left behind`;
  test(name, { ...LONG, skip: LONG.skip || isIgnored(number) }, async () => {
    const wrapper = start(["wait"]);
    await wrapper.spoke;
    const program = Number(wrapper.said());
    process.kill(wrapper.pid, signal);
    const ended = await wrapper.ended;
    assert.equal(ended.code, code);
    assert.match(ended.stdout, new RegExp(`cleaned after ${signal.slice(3)}`));
    assert.equal(isAlive(program), false);
  });
}

test("a program that is killed is no success", LONG, async () => {
  const wrapper = start(["wait"]);
  await wrapper.spoke;
  process.kill(Number(wrapper.said()), "SIGKILL");
  assert.equal((await wrapper.ended).code, 137);
});

test("without the platform's package the message says why, with exit code 3", async () => {
  const { code, stderr } = await start(["exit", "0"], "alone").ended;
  assert.equal(code, 3);
  assert.match(stderr, /^error: Cannot start aim: its package for .* is not installed\n.*--omit=/);
});

test("AIM_BINARY names another program, and one that is not there is exit code 3", async () => {
  const program = join(folder, "program");
  const found = await start(["exit", "7"], "alone", { AIM_BINARY: program }).ended;
  assert.equal(found.code, 7);
  const lost = await start(["exit", "7"], "both", { AIM_BINARY: "/no/such/aim" }).ended;
  assert.equal(lost.code, 3);
  assert.match(lost.stderr, /error: Cannot start aim: .*ENOENT/);
});

test("packages of platforms say for which system, processor and C library they are", () => {
  const manifests = TARGETS.map((target) => JSON.stringify(platformManifest(RELEASE, target)));
  assert.equal(manifests.length, 7);
  assert.doesNotMatch(manifests.join(""), /"scripts"/);
  const names = manifests.map((text) => /"name":"([^"]+)"/.exec(text)?.[1]);
  assert.ok(names.includes("@example/aim-win32-x64"));
  assert.ok(names.includes("@example/aim-linux-arm64-musl"));
  const musl = manifests.filter((text) => text.includes('"libc":["musl"]'));
  assert.equal(musl.length, 2);
});

test("pre-commit installs the package by itself and passes its exit code on", async (t) => {
  const python = await pythonWith(["pre-commit==4.7.0"]);
  if ("reason" in python) return t.skip(python.reason);
  const repo = join(folder, "repo");
  await mkdir(repo);
  const hook = (id: string, code: number) =>
    `{ id: ${id}, name: ${id}, entry: aim exit ${code}, language: node, ` +
    `additional_dependencies: ${JSON.stringify(packed)}, pass_filenames: false, always_run: true }`;
  const hooks = [hook("good", 0), hook("bad", 5)].map((one) => `      - ${one}\n`).join("");
  const configuration = `repos:\n  - repo: local\n    hooks:\n${hooks}`;
  await writeFile(join(repo, ".pre-commit-config.yaml"), configuration);
  spawnSync("git", ["init", "--quiet"], { cwd: repo });
  spawnSync("git", ["add", "."], { cwd: repo });
  const { status, stdout, stderr } = spawnSync(
    join(dirname(python.path), "pre-commit"),
    ["run"],
    {
      cwd: repo,
      encoding: "utf8",
      env: { ...process.env, PRE_COMMIT_HOME: join(folder, "home"), npm_config_offline: "true" },
    },
  );
  assert.equal(status, 1, stdout + stderr);
  assert.match(stdout, /^good\.+Passed$/m);
  assert.match(stdout, /^bad\.+Failed\n- hook id: bad\n- exit code: 5$/m);
});

/** Runs that are killed at any moment leave nothing: no container, no process, no folder, no record. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { setTimeout } from "node:timers/promises";
import { processesNaming } from "../../src/host/processes.ts";
import { findEngine, runCommand } from "../../src/runtimes/docker/engine.ts";
import { part } from "../depth.ts";
import { program, runAim, temporaryFolder } from "../run_aim.ts";
import { SERVERS } from "./native_servers.ts";

const EXAMPLE = join(import.meta.dirname ?? "", "../../examples/postgres");

/** A way to run servers, where they are to be had for tests, and what of them is still there. */
interface Place {
  readonly runtime: string;
  readonly versions: readonly string[];
  readonly skip: string;
  /** Milliseconds that a run takes, more or less. */
  readonly length: number;
  left(pid: number): Promise<readonly string[]>;
}

const PLACES: readonly Place[] = [
  {
    runtime: "docker",
    versions: (process.env.AIM_TEST_DOCKER ?? "").split(",").filter((text) => /^\d+$/.test(text)),
    skip: "AIM_TEST_DOCKER names no version",
    length: 6000,
    left: async (pid) => {
      const engine = await findEngine();
      if (typeof engine === "string") return [];
      const filter = ["ps", "--all", "--quiet", "--filter", `label=io.aim.pid=${pid}`];
      return lines((await runCommand(engine, filter)).stdout);
    },
  },
  {
    runtime: "local",
    versions: SERVERS,
    skip: "AIM_TEST_SERVERS names no version",
    length: 2500,
    left: async () => {
      const found: string[] = [];
      for (const name of folders().filter((name) => !BEFORE.has(name))) {
        if (!await isOfLivingRun(join(SHARED, name))) found.push(name);
      }
      return found;
    },
  },
];

const SHARED = "/dev/shm";

/** True for the folder of a server that some other run, which is still there, has started. */
async function isOfLivingRun(folder: string): Promise<boolean> {
  for (const pid of await processesNaming(folder)) {
    // What watches is a child of the server, and the server one of the run.
    if (await parentOf(await parentOf(pid)) > 1) return true;
  }
  return false;
}

async function parentOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") ? 0");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

/** Folders of servers in memory. */
function folders(): readonly string[] {
  return readdirSync(SHARED).filter((name) => name.startsWith("aim-"));
}

const BEFORE = new Set(process.platform === "linux" ? folders() : []);

const SIGNALS = ["SIGKILL", "SIGINT", "SIGTERM"] as const;

/** Moments, as parts of the length of a run: spread over all of it, and the same each time. */
const MOMENTS = Array.from({ length: 102 }, (_, at) => (at * 0.618034) % 1);

for (const place of PLACES) {
  const { runtime, versions: [version], length } = place;
  const needs = version === undefined ? { skip: place.skip } : {};
  test(`runs on ${runtime} that are killed leave nothing behind`, needs, async () => {
    await using folder = await temporaryFolder();
    const project = join(folder.path, "project");
    await cp(EXAMPLE, project, { recursive: true });
    const state = join(folder.path, "state");
    const variables = { XDG_STATE_HOME: state, XDG_CONFIG_HOME: join(folder.path, "config") };
    // Every signal with some of the moments.
    for (const [at, moment] of part(MOMENTS, 17).entries()) {
      const signal = SIGNALS[at % SIGNALS.length] ?? "SIGKILL";
      const args = ["generate", "--dry-run", "--engine", `postgres-${version}`];
      const [command = "", ...rest] = [...program(), ...args, "--runtime", runtime];
      const child = spawn(command, rest, {
        cwd: project,
        env: { ...withoutSettings(), ...variables },
        stdio: "ignore",
      });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await Promise.race([ended, setTimeout(moment * length, null, { ref: false })]);
      child.kill(signal);
      await ended;
      const next = await runAim(["doctor", "--clean"], { cwd: project, variables });
      assert.equal(next.code, 0, next.stderr);
      const pid = child.pid ?? 0;
      const left = () => place.left(pid);
      // What watches over a run ends its server some moments after it.
      for (let turn = 0; turn < 200 && (await left()).length > 0; turn++) await setTimeout(100);
      assert.deepEqual(await left(), [], `${signal} at ${Math.round(moment * length)} ms`);
      const again = await runAim(["doctor", "--clean"], { cwd: project, variables });
      assert.equal(again.code, 0, again.stderr);
      assert.deepEqual(await readdir(join(state, "aim/started")).catch(() => []), []);
    }
  });
}

function withoutSettings(): Record<string, string | undefined> {
  const entries = Object.entries(process.env).filter(([name]) =>
    !name.startsWith("AIM_") || name === "AIM_SERVERS"
  );
  return Object.fromEntries(entries);
}

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

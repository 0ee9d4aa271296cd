/**
 * Runs that are ended at any moment leave nothing, once the next one has begun: no process, container, volume, folder, shared memory,
 * scratch database, record, nor half of a migration. `deno task kills` ends a hundred on each runtime.
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { setTimeout } from "node:timers/promises";
import { part } from "../depth.ts";
import { program, runAim, temporaryFolder } from "../run_aim.ts";
import { type Place, PLACES } from "./killed_places.ts";

const EXAMPLE = join(import.meta.dirname ?? "", "../../examples/postgres");

const SIGNALS = ["SIGKILL", "SIGINT", "SIGTERM"] as const;

/** Moments, as parts of the length of a run: spread over all of it, and the same each time. */
const MOMENTS = Array.from({ length: 102 }, (_, at) => (at * 0.618034) % 1);

/** How many are asked for; then each third is counted aloud. */
const COUNT = process.env.AIM_KILLS;

/** Every signal with some of the moments. */
const some = COUNT === undefined ? part(MOMENTS, 17) : MOMENTS.slice(0, Number(COUNT));

for (const { name, skip, open } of PLACES) {
  const needs = skip === null ? {} : { skip };
  test(`runs on ${name} that are killed leave nothing behind`, needs, async (t) => {
    await using place = await open();
    await using site = await openSite(place);
    const undisturbed = await site.run(null);
    assert.equal(undisturbed.code, 0, undisturbed.said);
    const stages = new Map<string, number>();
    // Some are killed, one after the other, before the next run begins.
    for (let at = 0; at < some.length; at += SIGNALS.length) {
      for (const [index, moment] of some.slice(at, at + SIGNALS.length).entries()) {
        const signal = SIGNALS[index] ?? "SIGKILL";
        const { stage } = await site.run({ signal, after: moment * undisturbed.ms });
        stages.set(stage, (stages.get(stage) ?? 0) + 1);
      }
      await site.isTidy(`kills ${at} and following`);
      if (COUNT !== undefined) {
        console.log(`${name}: ${Math.min(at + SIGNALS.length, some.length)}`);
      }
    }
    const found = [...stages].map(([stage, count]) => `${stage} ${count}`).join(", ");
    t.diagnostic(`${some.length} killed, the last that each said: ${found}`);
  });
}

/** Where runs are killed, and what they are held against. */
async function openSite(place: Place) {
  const folder = await temporaryFolder({
    "next/schema.sql": "CREATE TABLE t (a integer);\n",
    "next/migrations/1_t.sql": "-- +goose Up\nCREATE TABLE t (a integer);\n",
  });
  const [state, temporary] = [join(folder.path, "state"), join(folder.path, "tmp")];
  await mkdir(temporary);
  const variables = {
    ...place.variables,
    XDG_STATE_HOME: state,
    XDG_CONFIG_HOME: join(folder.path, "config"),
    TMPDIR: temporary,
  };
  const args = ["--engine", place.engine, "--runtime", place.runtime, "--format", "goose"];
  const pids: number[] = [];
  const projects: string[] = [];
  let whole: readonly string[] = [];

  /** A whole run, or one that is ended after so many milliseconds. */
  async function run(end: { signal: NodeJS.Signals; after: number } | null) {
    const project = join(folder.path, `project${projects.length}`);
    await cp(EXAMPLE, project, { recursive: true });
    projects.push(project);
    const begun = performance.now();
    const [command = "", ...rest] = [...program(), "generate", ...args];
    const child = spawn(command, rest, {
      cwd: project,
      env: { ...withoutSettings(), ...variables },
      stdio: ["ignore", "ignore", "pipe"],
    });
    pids.push(child.pid ?? 0);
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => said += text);
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    if (end !== null) {
      await Promise.race([ended, setTimeout(end.after, null, { ref: false })]);
      child.kill(end.signal);
    }
    const code = await ended;
    if (end === null) whole = await filesOf(project);
    const stage = /^ {2}(\w+) (?![^]*^ {2}\w+ )/m.exec(said)?.[1] ?? "nothing";
    return { code, said, stage, ms: performance.now() - begun };
  }

  /** Another run begins and ends; then nothing of those before is there. */
  async function isTidy(when: string): Promise<void> {
    const next = await runAim(["diff", ...args], { cwd: join(folder.path, "next"), variables });
    assert.equal(next.code, 0, next.stderr);
    const left = async () => [
      ...await place.left(pids),
      ...await readdir(temporary),
      ...await readdir(join(state, "aim/started")).catch(() => []),
    ];
    // What watches over a run ends its server some moments after it; what others begin meanwhile is theirs.
    let same = await left();
    for (let turn = 0; turn < 200 && same.length > 0; turn++) {
      await setTimeout(100);
      const now = await left();
      same = same.filter((one) => now.includes(one));
    }
    assert.deepEqual(same, [], when);
    for (const project of projects.splice(0)) await isAllOrNone(project, when);
  }

  /** A run that was killed has written its migration, or not; the next one in that folder does what is left to do. */
  async function isAllOrNone(project: string, when: string): Promise<void> {
    const there = await filesOf(project);
    if (there.join() === whole.join() || there.join() === before.join()) return;
    const again = await runAim(["generate", ...args], { cwd: project, variables });
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(await filesOf(project), whole, when);
  }

  const before = await filesOf(EXAMPLE);
  return { run, isTidy, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

/** The texts of all files, by name. */
async function filesOf(project: string): Promise<readonly string[]> {
  const entries = await readdir(project, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name)).sort();
  return await Promise.all(
    paths.map(async (path) => `${path.slice(project.length)}\n${await readFile(path, "utf8")}`),
  );
}

function withoutSettings(): Record<string, string | undefined> {
  const entries = Object.entries(process.env).filter(([name]) =>
    !name.startsWith("AIM_") || name === "AIM_SERVERS"
  );
  return Object.fromEntries(entries);
}

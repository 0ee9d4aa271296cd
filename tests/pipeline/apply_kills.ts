/** `aim apply` ended at any moment, in any way, and what is found afterwards. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import process from "node:process";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { program, runAim, serverFolders, temporaryFolder } from "../run_aim.ts";

/** A server on which runs are ended. */
export interface KillSite {
  readonly files: Readonly<Record<string, string>>;
  readonly port: number;
  /** The address of the database, through a port. */
  url(port: number): string;
  /** Makes the database anew. */
  fresh(): Promise<void>;
  /** All that the migrations leave, books without times included. */
  state(): Promise<string>;
  /** Ends the server as a power cut does, and starts it again. */
  crash(): Promise<void>;
  /** Waits until it lets sessions in again. */
  answers(): Promise<void>;
}

/** How runs end. */
export const WAYS = ["SIGINT", "SIGTERM", "SIGKILL", "crash", "cut"] as const;

/** Runs it to its end undisturbed; gives what is left and how long it worked on the live database. */
export async function undisturbed(site: KillSite): Promise<{ state: string; ms: number }> {
  await using folder = await temporaryFolder(site.files);
  await site.fresh();
  const ran = await start(folder.path, site.url(site.port));
  const begun = performance.now();
  assert.equal(await ran.ended, 0, ran.said());
  return { state: await site.state(), ms: performance.now() - begun };
}

/** Ends a run after so many milliseconds, and lets aim finish it. Gives what was done. */
export async function ended(
  site: KillSite,
  { way, after, wanted }: {
    readonly way: typeof WAYS[number];
    readonly after: number;
    readonly wanted: string;
  },
): Promise<string> {
  await using folder = await temporaryFolder(site.files);
  await using proxy = await openProxy(site.port);
  await site.fresh();
  const settings = {
    cwd: folder.path,
    variables: { ...serverFolders(), AIM_DATABASE_URL: site.url(site.port) },
  };
  const run = await start(folder.path, site.url(proxy.port));
  await Promise.race([setTimeout(after), run.ended]);
  if (way === "crash") await site.crash();
  else if (way === "cut") proxy.cut();
  else run.kill(way);
  const code = await run.ended;
  // On a machine with much to do a server may be at its log for longer than aim waits for it.
  if (way === "crash") await site.answers();
  if (way === "SIGINT" || way === "SIGTERM") assert.match(run.said(), /^(?:interrupted|applied)/m);
  const did = [`${way} after ${Math.round(after)} ms: exit ${code}`];
  for (let turn = 0; turn < 8; turn++) {
    const status = await runAim(["status", "--json"], settings);
    assert.equal(status.code, 0, `${did.join(", ")}\n${status.stderr}${status.stdout}`);
    const { migrations } = JSON.parse(status.stdout) as { migrations: { state: string }[] };
    const states = migrations.map(({ state }) => state);
    did.push(states.join(" "));
    if (states.every((state) => state === "applied")) break;
    const args = states.includes("failed") ? ["apply", "--recover", "--yes"] : ["apply", "--yes"];
    const ran = await runAim(args, settings);
    did.push(`${args[1] ?? ""} ${ran.code}`);
    assert.equal(ran.code, 0, `${did.join(", ")}\n${run.said()}\n${ran.stderr}${ran.stdout}`);
  }
  assert.equal(await site.state(), wanted, did.join(", "));
  return did.join(", ");
}

/** Numbers from 0 to 1, the same for the same seed. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Starts aim; resolves when it begins to work on the live database. */
async function start(cwd: string, url: string) {
  const [command = "", ...rest] = [...program(), "apply", "--yes", "--retries", "0"];
  const child = spawn(command, rest, {
    cwd,
    env: { ...process.env, AIM_DATABASE_URL: url },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  const done = new Promise<number | null>((resolve) => child.on("close", resolve));
  const begun = new Promise<void>((resolve) =>
    child.stderr.on("data", (bytes: Uint8Array) => {
      said += new TextDecoder().decode(bytes);
      if (/^runs \d+ migration/m.test(said)) resolve();
    })
  );
  await Promise.race([begun, done]);
  return {
    ended: done,
    said: () => said,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
  };
}

/** A way to the server that can be cut. */
async function openProxy(to: number) {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  };
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(to, "127.0.0.1");
    keep(near);
    keep(far);
    near.pipe(far).pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    cut,
    [Symbol.asyncDispose]: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

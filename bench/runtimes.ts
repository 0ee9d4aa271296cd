/**
 * What each runtime of Postgres costs, side by side: the runtimes take turns, so that what else the machine does meets all of them.
 *
 *     deno run -A bench/runtimes.ts [--server MAJOR] [--runs N]
 *
 * `local`, `docker` and `url` are measured where they can serve that version.
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { postgres } from "../src/engines/postgres/mod.ts";
import { docker } from "../src/runtimes/docker.ts";
import { local } from "../src/runtimes/local.ts";
import { pglite } from "../src/runtimes/pglite.ts";
import { DEFAULT_LIMITS } from "../src/runtimes/limits.ts";
import type { Runtime, Server, Target } from "../src/runtimes/runtime.ts";
import { url } from "../src/runtimes/url.ts";
import { startListening } from "../tests/runtimes/native_servers.ts";
import { exampleProject } from "./fixtures.ts";
import { measure } from "./measure.ts";

/** A runtime that serves, and how often what took how long, in milliseconds. */
interface Measured {
  readonly runtime: Runtime;
  readonly target: Target;
  /** `generate --dry-run` of the example by a new process. */
  readonly proof: number[];
  /** A server started, and asked in its first database. */
  readonly first: number[];
  /** One more database on it, and asked. */
  readonly more: number[];
  /** A state remembered, and gone back to. */
  readonly rewind: number[];
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A table in Markdown; the middle of so many turns, after one that is not counted. */
export async function runtimeTable(major: string, runs: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "aim-bench-"));
  try {
    await using own = await listening(major);
    const project = await exampleProject(ROOT, folder, "postgres");
    const all = await able(major, own?.url);
    for (let turn = 0; turn <= runs; turn++) {
      for (const one of all) await measureOnce(one, project, turn > 0);
    }
    return tableOf(all);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function able(major: string, devUrl: string | undefined): Promise<readonly Measured[]> {
  const found: Measured[] = [];
  for (const runtime of [pglite, local, docker, url]) {
    const target = {
      ...postgres.target(runtime === pglite ? null : major, [], false),
      ...(runtime === url && devUrl !== undefined ? { devUrl } : {}),
    };
    const refusal = await runtime.refuses(target);
    if (refusal === null) {
      found.push({ runtime, target, proof: [], first: [], more: [], rewind: [] });
    } else console.error(`${runtime.name} is not measured: ${refusal}`);
  }
  return found;
}

async function measureOnce(
  { runtime, target, proof, first, more, rewind }: Measured,
  folder: string,
  counts: boolean,
): Promise<void> {
  const engine = target.version === null ? "postgres" : `postgres-${target.version}`;
  const command = ["deno", "run", "-A", join(ROOT, "main.ts"), "generate", "--dry-run"];
  const flags = ["--engine", engine, "--runtime", runtime.name];
  if (target.devUrl !== undefined) flags.push("--dev-url", target.devUrl);
  const { ms, exitCode } = await measure([...command, ...flags], { folder, runs: 0 });
  if (exitCode !== 0 && exitCode !== 1) throw new Error(`${runtime.name}: exit ${exitCode}`);
  const { signal } = new AbortController();
  const start = performance.now();
  await using server = await runtime.start(target, {
    emit: () => {},
    signal,
    limits: DEFAULT_LIMITS,
  });
  await askNew(server);
  const started = performance.now() - start;
  const again = performance.now();
  const database = await askNew(server);
  const created = performance.now() - again;
  await database.exec("CREATE TABLE t (a integer)");
  const back = performance.now();
  await database.rewind(await database.checkpoint());
  if (!counts) return;
  proof.push(ms);
  first.push(started);
  more.push(created);
  rewind.push(performance.now() - back);
}

async function askNew(server: Server) {
  const database = await server.create();
  await database.query("SELECT 1 AS one");
  return database;
}

/** A server that is there already, for the runtime that is given one; null where there is none of that version. */
async function listening(major: string) {
  if (await local.refuses(postgres.target(major, [], false)) !== null) return null;
  const server = await startListening(major, { rules: ["host all all 127.0.0.1/32 trust"] });
  const { user, port } = server.address;
  return {
    url: `postgres://${user}@127.0.0.1:${port}/template1?sslmode=disable`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function tableOf(all: readonly Measured[]): string {
  const middle = (list: readonly number[]) =>
    list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
  const times = ({ proof, first, more, rewind }: Measured) => [
    ...[proof, first].map((list) => middle(list).toFixed(0)),
    ...[more, rewind].map((list) => middle(list).toFixed(1)),
  ];
  const base = middle(all.find(({ runtime }) => runtime === pglite)?.proof ?? []);
  const head = [
    "runtime",
    "Postgres",
    "`generate` of the example, ms",
    "of the embedded",
    "start to first answer, ms",
    "one more database, ms",
    "checkpoint and rewind, ms",
  ];
  const rows = all.map((one) => {
    const [proof = "", ...others] = times(one);
    const part = base === 0 ? "" : (middle(one.proof) / base).toFixed(2);
    return [one.runtime.name, one.target.version ?? "embedded", proof, part, ...others];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      server: { type: "string", default: "15" },
      runs: { type: "string", default: "5" },
    },
  });
  console.log(await runtimeTable(values.server, Number(values.runs)));
  process.exit(0);
}

/** Runs a program several times from cold and measures it. */

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";

/** A way to run aim. */
export interface Program {
  readonly name: string;
  readonly command: readonly string[];
}

/** What a run cost. */
export interface Cost {
  /** Wall time in milliseconds: the middle one of all runs. */
  readonly ms: number;
  /** Processor time of the program without its children, as `ms`, as it was within the last hundredth of a second; null where the system does not tell. */
  readonly cpuMs: number | null;
  /** Most memory that any run held, in megabytes; null where the system does not tell. */
  readonly megabytes: number | null;
  /** Of the last run. */
  readonly exitCode: number;
}

/** So long one entry is measured, in milliseconds; a run that has begun is waited for. */
const LONGEST = 3000;

/** What is measured, and how often at the most. */
export interface Measuring {
  readonly folder: string;
  readonly runs: number;
  /** So many milliseconds it is measured; three seconds when absent. */
  readonly longest?: number;
  /** In the environment, besides what is there. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Runs a command as often as `runs` and three seconds allow, after one run that counts for nothing; one that takes half of that time
 * counts, and is the only one.
 */
export async function measure(command: readonly string[], options: Measuring): Promise<Cost> {
  const costs = await repeated(options, async () => {
    const cost = await once(command, options.folder, options.variables);
    return { ...cost, took: cost.ms };
  });
  const memory = costs.flatMap(({ megabytes }) => megabytes === null ? [] : [megabytes]);
  const cpu = costs.flatMap(({ cpuMs }) => cpuMs === null ? [] : [cpuMs]);
  return {
    ms: middle(costs.map(({ ms }) => ms)) ?? 0,
    cpuMs: middle(cpu) ?? null,
    megabytes: memory.length === 0 ? null : Math.max(...memory),
    exitCode: costs.at(-1)?.exitCode ?? 0,
  };
}

/** How many times as long one command takes as another: the middle of the ratios of pairs that were run in turn, so that other work on the machine counts little. */
export async function ratio(
  one: readonly string[],
  other: readonly string[],
  { folder, runs }: Measuring,
): Promise<number> {
  const pairs = await repeated({ runs }, async () => {
    const first = await once(one, folder);
    const second = await once(other, folder);
    return { ratio: first.ms / second.ms, took: first.ms + second.ms };
  });
  return middle(pairs.map((pair) => pair.ratio)) ?? 0;
}

/** The middle one; undefined of none. */
export function middle(numbers: readonly number[]): number | undefined {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** What counts of so many repetitions: without any, the first. */
async function repeated<Result extends { readonly took: number }>(
  { runs, longest = LONGEST }: Pick<Measuring, "runs" | "longest">,
  run: () => Promise<Result>,
): Promise<readonly Result[]> {
  const start = performance.now();
  const warm = await run();
  if (warm.took > longest / 2) return [warm];
  const counted: Result[] = [];
  while (counted.length < runs && performance.now() - start < longest) {
    counted.push(await run());
  }
  return counted.length === 0 ? [warm] : counted;
}

function once(
  command: readonly string[],
  folder: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Cost> {
  const [program = "", ...args] = command;
  const start = performance.now();
  const child = spawn(program, args, {
    cwd: folder,
    stdio: "ignore",
    env: { ...process.env, ...variables, CI: "1" },
  });
  let megabytes: number | null = null;
  let cpuMs: number | null = null;
  const watch = setInterval(() => {
    cpuMs = cpuOf(child.pid) ?? cpuMs;
    megabytes = Math.max(megabytes ?? 0, peakOf(child.pid) ?? 0) || megabytes;
  }, 10);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (exitCode) => {
      clearInterval(watch);
      resolve({ ms: performance.now() - start, cpuMs, megabytes, exitCode: exitCode ?? -1 });
    });
  });
}

/** The high-water mark of a process's memory, from Linux. */
function peakOf(pid: number | undefined): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
  } catch {
    return null;
  }
}

/** The processor time of a process in milliseconds, from Linux, which counts it in hundredths of a second. */
function cpuOf(pid: number | undefined): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    const ticks = Number(fields[11]) + Number(fields[12]);
    return ticks > 0 ? ticks * 10 : null;
  } catch {
    return null;
  }
}

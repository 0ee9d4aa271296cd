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
  /** The fastest run. */
  readonly best: number;
  /** Most memory that any run held, in megabytes; null where the system does not tell. */
  readonly megabytes: number | null;
  /** Of the last run. */
  readonly exitCode: number;
}

/** Runs a command `runs` times, after one run that counts for nothing. */
export async function measure(
  command: readonly string[],
  options: {
    readonly folder: string;
    readonly runs: number;
    /** In the environment, besides what is there. */
    readonly variables?: Readonly<Record<string, string>>;
  },
): Promise<Cost> {
  const costs: { ms: number; megabytes: number | null; exitCode: number }[] = [];
  for (let run = 0; run <= options.runs; run++) {
    const cost = await once(command, options.folder, options.variables);
    if (run > 0 || options.runs === 0) costs.push(cost);
  }
  const times = costs.map(({ ms }) => ms).sort((a, b) => a - b);
  const memory = costs.flatMap(({ megabytes }) => megabytes === null ? [] : [megabytes]);
  return {
    ms: times[Math.floor(times.length / 2)] ?? 0,
    best: times[0] ?? 0,
    megabytes: memory.length === 0 ? null : Math.max(...memory),
    exitCode: costs.at(-1)?.exitCode ?? 0,
  };
}

/** How many times as long one command takes as another: the middle of the ratios of pairs that were run in turn, so that other work on the machine counts little. */
export async function ratio(
  one: readonly string[],
  other: readonly string[],
  { folder, runs }: { readonly folder: string; readonly runs: number },
): Promise<number> {
  const ratios: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const first = await once(one, folder);
    const second = await once(other, folder);
    if (run > 0 || runs === 0) ratios.push(first.ms / second.ms);
  }
  return ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? 0;
}

function once(
  command: readonly string[],
  folder: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<{ ms: number; megabytes: number | null; exitCode: number }> {
  const [program = "", ...args] = command;
  const start = performance.now();
  const child = spawn(program, args, {
    cwd: folder,
    stdio: "ignore",
    env: { ...process.env, ...variables, CI: "1" },
  });
  let megabytes: number | null = null;
  const watch = setInterval(() => {
    megabytes = Math.max(megabytes ?? 0, peakOf(child.pid) ?? 0) || megabytes;
  }, 10);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (exitCode) => {
      clearInterval(watch);
      resolve({ ms: performance.now() - start, megabytes, exitCode: exitCode ?? -1 });
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

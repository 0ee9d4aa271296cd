/** Processes of this machine: which of them is still the one that was meant, and who works on a folder. */

import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { hostname, platform } from "node:os";
import process from "node:process";
import { programCommand } from "./program.ts";
import { systemCode } from "./read_text.ts";

/** A process as a file remembers it. */
export interface RememberedProcess {
  readonly pid: number;
  readonly host: string;
  /** What tells the process from a later one of the same number; null where the system does not say. */
  readonly started: string | null;
}

/** This process, to be remembered. */
export async function thisProcess(): Promise<RememberedProcess> {
  return { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
}

/**
 * Whether the process is still there; null where that cannot be told: it ran on another machine, or the system does not say when its
 * processes started. One that ended and was not yet waited for is not there.
 */
export async function isRunning(
  { pid, host, started }: RememberedProcess,
): Promise<boolean | null> {
  if (host !== hostname()) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) === "ESRCH") return false;
  }
  const now = await startOf(pid);
  if (now === DEAD) return false;
  return started === null || now === null ? null : started === now;
}

/** When a process started, as the system says it; null where it does not say. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return isDead(fields[0]) ? DEAD : `${boot} ${fields[19]}`;
  } catch (error) {
    // Elsewhere, and where a program may not look there.
    return systemCode(error) === "ESRCH" ? null : await listedStart(pid);
  }
}

async function listedStart(pid: number): Promise<string | null> {
  const text = await ps(["-p", String(pid), "-o", "stat=,lstart="]);
  if (text === null) return null;
  const [state = "", ...time] = text.trim().split(/\s+/);
  if (state === "") return DEAD;
  return isDead(state[0]) ? DEAD : time.join(" ");
}

/** Stands for the start of a process that is not there. */
const DEAD = "dead";

/** It ended, and nobody has asked yet how. */
function isDead(state: string | undefined): boolean {
  return state === "Z" || state === "X";
}

/** Processes whose command lines name a folder, or something in it: as a word, or in one after `=`. */
export async function processesNaming(folder: string): Promise<readonly number[]> {
  const lines = await commandLines().catch(() => null) ?? await listedCommandLines();
  const names = (word: string) =>
    word === folder || word.startsWith(`${folder}/`) || word.endsWith(`=${folder}`);
  return lines.filter(({ pid, words }) => pid !== process.pid && words.some(names))
    .map(({ pid }) => pid);
}

interface CommandLine {
  readonly pid: number;
  readonly words: readonly string[];
}

/** Rejects where there is no such folder, or a program may not look there. */
async function commandLines(): Promise<readonly CommandLine[]> {
  const numbers = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  return await Promise.all(numbers.map(async (name) => {
    const text = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    return { pid: Number(name), words: text.split("\0") };
  }));
}

async function listedCommandLines(): Promise<readonly CommandLine[]> {
  const text = await ps(["-axww", "-o", "pid=,command="]) ?? "";
  return text.split("\n").map((line) => {
    const [pid = "", ...words] = line.trim().split(/\s+/);
    return { pid: Number(pid), words };
  });
}

/** What `ps` prints, nothing for a process that is not there; null where it fails or there is none. */
async function ps(args: readonly string[]): Promise<string | null> {
  if (platform() === "win32") return null;
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  return await new Promise<string | null>((resolve) => {
    const options = { env, maxBuffer: 64 * 1024 * 1024, timeout: 10_000 };
    try {
      execFile(
        ...programCommand("ps", args),
        options,
        (error, stdout, stderr) =>
          resolve(error === null || (error.code === 1 && stderr === "") ? stdout : null),
      );
    } catch {
      resolve(null);
    }
  });
}

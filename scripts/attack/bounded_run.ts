/** Runs aim on hostile input, and never waits for it without end. */

import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import process from "node:process";
import { type Finished, program } from "../../tests/run_aim.ts";

/** How a bounded run is started. */
export interface BoundedSettings {
  readonly cwd: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** A file that is opened as stdin; nothing at all when absent. */
  readonly stdin?: string;
  /** A file that is opened as stdout, which is then not read. */
  readonly stdout?: string;
  readonly seconds?: number;
  /** Called with all of stderr whenever there is more, and the process id. */
  readonly watch?: (said: string, pid: number) => void;
}

/** A run that came to its end, or was killed for not doing so. */
export interface Bounded extends Finished {
  readonly hung: boolean;
}

/** Runs the binary that AIM_TEST_BIN names, else main.ts; kills it after some seconds. */
export async function runBounded(
  args: readonly string[],
  settings: BoundedSettings,
): Promise<Bounded> {
  const [command = "", ...rest] = [...program(), ...args];
  const stdin = settings.stdin === undefined ? "ignore" : openSync(settings.stdin, "r");
  const stdout = settings.stdout === undefined ? "pipe" : openSync(settings.stdout, "a");
  const child = spawn(command, rest, {
    cwd: settings.cwd,
    env: { ...process.env, NO_COLOR: "1", ...settings.variables },
    stdio: [stdin, stdout, "pipe"],
  });
  let [out, err, hung] = ["", "", false];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => out += text);
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    settings.watch?.(err, child.pid ?? 0);
  });
  const timer = setTimeout(() => {
    hung = true;
    child.kill("SIGKILL");
  }, (settings.seconds ?? 60) * 1000);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve(code ?? SIGNALS[signal ?? ""] ?? null));
    });
    return { code, stdout: out, stderr: err, hung };
  } finally {
    clearTimeout(timer);
    for (const file of [stdin, stdout]) if (typeof file === "number") closeSync(file);
  }
}

/** Some hosts tell of a code above 128 as of a signal. */
const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGKILL: 137,
  SIGTERM: 143,
};

/** What is wrong with how a run ended, in a sentence; null when nothing is. */
export function wrongEnd(
  run: Bounded,
  expected: { readonly codes: readonly number[]; readonly says?: RegExp },
): string | null {
  const said = `${run.stdout}${run.stderr}`;
  const shown = said.length > 600 ? `${said.slice(0, 300)} ... ${said.slice(-300)}` : said;
  if (run.hung) return `it hung: ${shown}`;
  if (/^\s+at .+:\d+:\d+\)?$/m.test(said)) return `a stack was printed: ${shown}`;
  if (run.code === null || !expected.codes.includes(run.code)) {
    return `it ended with ${run.code}, not ${expected.codes.join(" or ")}: ${shown}`;
  }
  const missing = expected.says !== undefined && !expected.says.test(said);
  return missing ? `it does not say ${expected.says}: ${shown}` : null;
}

/** Runs aim as a person does: a process with a command line, a folder and an environment. */

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** How a run ended and what it said. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run is given besides arguments. */
export interface RunSettings {
  readonly cwd?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Runs the binary that AIM_TEST_BIN names, else main.ts. */
export function runAim(args: readonly string[], settings: RunSettings = {}): Promise<Finished> {
  const [command = "", ...rest] = [...program(), ...args];
  const child = spawn(command, rest, {
    cwd: settings.cwd,
    env: { ...cleanEnvironment(), ...SHORT_RUN, ...settings.variables },
  });
  child.stdin.end(settings.stdin ?? "");
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => stdout += text);
  child.stderr.setEncoding("utf8").on("data", (text: string) => stderr += text);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** A short run ends before what V8 compiles a second time, in threads behind it, is of any use. */
const SHORT_RUN = { DENO_V8_FLAGS: "--liftoff-only", ...runtimeCache() };

/** Where Deno keeps its packages, also for a run that has other folders than whoever starts it. */
export function runtimeCache(): Readonly<Record<string, string>> {
  const { DENO_DIR, XDG_CACHE_HOME } = process.env;
  if (process.versions.deno === undefined || process.platform !== "linux") return {};
  return { DENO_DIR: DENO_DIR ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "deno") };
}

/** The command that starts aim. */
export function program(): readonly string[] {
  const binary = process.env.AIM_TEST_BIN;
  if (binary) return [binary];
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  return process.versions.deno === undefined
    ? [process.execPath, main]
    : [process.execPath, "run", "-A", main];
}

/** Where servers of this machine are, for runs that are to find them. */
export function serverFolders(): Readonly<Record<string, string>> {
  const { AIM_SERVERS } = process.env;
  return AIM_SERVERS === undefined ? {} : { AIM_SERVERS };
}

/** A folder that is gone at the end of the scope, with files by relative path. */
export async function temporaryFolder(
  files: Readonly<Record<string, string>> = {},
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "aim-test-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The environment without what would change the output. */
function cleanEnvironment(): Record<string, string | undefined> {
  const unwanted = /^(?:AIM_|npm_config_|NO_COLOR$|FORCE_COLOR$|CLICOLOR)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.test(name)));
}

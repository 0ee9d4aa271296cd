/** The container engine of this machine, spoken to by its own program: Docker, or Podman where there is no Docker. */

import { spawn } from "node:child_process";
import process from "node:process";
import { programCommand } from "../../host/program.ts";
import { systemCode } from "../../host/read_text.ts";

/** A program that runs containers. */
export interface ContainerEngine {
  /** `docker` or `podman`, as PATH has it. */
  readonly program: string;
  /** What it needs to find the engine, besides the environment: `DOCKER_HOST`. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What one command gave. Text on stderr is talk and no failure. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run. */
export interface CommandOptions {
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** Milliseconds until it is ended; a minute when absent. */
  readonly timeout?: number;
  /** Variables that only this command sees: a password is not to stand in its arguments. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Hears each line of its output as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Variables that say which engine a program speaks to. */
const ENGINE_VARIABLES = [
  ...["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY"],
  ...["CONTAINER_HOST", "CONTAINER_CONNECTION", "CONTAINERS_CONF", "XDG_RUNTIME_DIR"],
];

/** The engine that answers, or the reason why there is none. */
export async function findEngine(): Promise<ContainerEngine | string> {
  const variables = Object.fromEntries(
    ENGINE_VARIABLES.flatMap((name) => {
      const value = process.env[name];
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
  const refusals: string[] = [];
  for (const program of PROGRAMS) {
    const engine = { program, variables };
    const { code, stderr } = await runCommand(engine, ["version"], { timeout: 10_000 });
    if (code === 0) return engine;
    if (code !== NO_PROGRAM) refusals.push(`${program} does not answer: ${lastLine(stderr)}`);
  }
  return refusals[0] ?? "there is neither docker nor podman on PATH";
}

const PROGRAMS = ["docker", "podman"];

/** The code of a program that is not there, as a shell has it. */
export const NO_PROGRAM = 127;

/** Most characters of the output of a command that are kept. */
const KEPT = 1_000_000;

/** Runs a command, which no shell reads. Never throws but for the signal's reason: what went wrong stands in the result. */
export async function runCommand(
  engine: ContainerEngine,
  args: readonly string[],
  { signal, timeout = 60_000, variables = {}, onLine }: CommandOptions = {},
): Promise<CommandResult> {
  signal?.throwIfAborted();
  const result = await new Promise<CommandResult>((resolve) => {
    const failed = (error: unknown) =>
      resolve(
        systemCode(error) === "ENOENT"
          ? { code: NO_PROGRAM, stdout: "", stderr: `there is no ${engine.program}` }
          : { code: 126, stdout: "", stderr: error instanceof Error ? error.message : "" },
      );
    try {
      const [file, list] = programCommand(engine.program, args);
      const child = spawn(file, list, {
        env: { ...process.env, ...engine.variables, ...variables },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const out = collect(child.stdout, onLine);
      const err = collect(child.stderr);
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        child.kill("SIGKILL");
      }, timeout);
      const abort = () => void child.kill("SIGTERM");
      signal?.addEventListener("abort", abort, { once: true });
      child.once("error", failed);
      child.once("close", (code) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        const late = isLate ? `no answer within ${Math.round(timeout / 1000)} s` : "";
        resolve({ code: code ?? 125, stdout: out(), stderr: `${err()}${late}` });
      });
    } catch (error) {
      failed(error);
    }
  });
  signal?.throwIfAborted();
  return result;
}

function collect(stream: NodeJS.ReadableStream, onLine?: (line: string) => void): () => string {
  let text = "";
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (piece: string) => {
    if (text.length < KEPT) text += piece;
    if (onLine === undefined) return;
    const lines = `${rest}${piece}`.split(/[\r\n]+/);
    rest = (lines.pop() ?? "").slice(-KEPT);
    for (const line of lines) onLine(line);
  });
  return () => text;
}

/** The last words of a text, for a message of one line: what a program has to say comes last. */
export function lastLine(text: string): string {
  const line = text.trim().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? "it gives no reason" : line.slice(0, 300);
}

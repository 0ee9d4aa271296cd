/** A command that reads models: run with a cut environment, in time and within bounds, and ended with all that it started. */

import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { stripVTControlCharacters } from "node:util";
import { programCommand } from "../host/program.ts";

/** A command as the settings have it: a text for the shell, or words. */
export type Command = string | readonly string[];

/** How a command is run. */
export interface CommandOptions {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds; 0 for no limit. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** How a command ended. */
export interface Finished {
  /** `missing`: there is no such program; `late`: it took too long; `large`: it printed too much. */
  readonly end: "good" | "bad" | "missing" | "late" | "large";
  /** Null where it did not end by itself. */
  readonly code: number | null;
  readonly stdout: string;
  /** The last of what it said, without colours. */
  readonly said: string;
}

/** The most bytes of stdout. */
const MOST_OUTPUT = 32 << 20;
/** How much of what it says is kept. */
const MOST_SAID = 16 << 10;
/** Milliseconds between the request to end and the end. */
const GRACE = 2000;

/** Runs it to its end. Rejects with the signal's reason when that is aborted; the command is gone then. */
export async function runCommand(command: Command, options: CommandOptions): Promise<Finished> {
  options.signal.throwIfAborted();
  const [file, args] = typeof command === "string"
    ? shellCommand(command)
    : programCommand(command[0] ?? "", command.slice(1));
  const child = spawn(file, [...args], {
    cwd: options.folder,
    env: { ...options.environment },
    // A group of its own, so that all that it starts can be ended with it.
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const finished = await watched(child, options);
  options.signal.throwIfAborted();
  return finished;
}

function watched(
  child: ChildProcess,
  { timeout, signal }: Pick<CommandOptions, "timeout" | "signal">,
): Promise<Finished> {
  const output: Uint8Array[] = [];
  let length = 0;
  let said = "";
  let early: "late" | "large" | null = null;
  const endWith = (reason: "late" | "large") => {
    if (early !== null) return;
    early = reason;
    endGroup(child, "SIGTERM");
    setTimeout(() => endGroup(child, "SIGKILL"), GRACE).unref();
  };
  child.stdout?.on("data", (piece: Uint8Array) => {
    length += piece.length;
    if (length > MOST_OUTPUT) endWith("large");
    else output.push(piece);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-MOST_SAID);
  });
  const timer = timeout === 0 ? undefined : setTimeout(() => endWith("late"), timeout);
  const abort = () => endGroup(child, "SIGKILL");
  signal.addEventListener("abort", abort, { once: true });
  return new Promise((resolve) => {
    const end = (code: number | null, fault: NodeJS.ErrnoException | null) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      // What it left running in its group holds nothing of ours.
      endGroup(child, "SIGKILL");
      resolve({
        end: early ??
          (fault !== null || code === NOT_FOUND ? "missing" : code === 0 ? "good" : "bad"),
        code,
        stdout: new TextDecoder().decode(joined(output)),
        said: stripVTControlCharacters(fault === null ? said : fault.message).trim(),
      });
    };
    child.on("error", (error: NodeJS.ErrnoException) => end(null, error));
    // A child that it left behind may hold the pipes open: they are read until then, no longer.
    child.on("exit", () => setTimeout(() => endGroup(child, "SIGKILL"), LINGER).unref());
    child.on("close", (code) => end(code, null));
  });
}

/** What a shell says of a program that is not there. */
const NOT_FOUND = 127;
/** Milliseconds that what a command started may go on after it. */
const LINGER = 500;

function shellCommand(command: string): readonly [string, readonly string[]] {
  return process.platform === "win32" ? ["cmd", ["/d", "/c", command]] : ["sh", ["-c", command]];
}

/** Sends a signal to the command and all that it started. */
function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It is gone.
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** A command of the user's own, run by the shell. */

import { spawn } from "node:child_process";
import process from "node:process";

/** How it ended. */
export interface Ended {
  /** 0 when all is well; null when it was killed. */
  readonly code: number | null;
  /** The end of what it printed. */
  readonly said: string;
}

/** Runs it in the working folder, with more variables. Ends it when the signal does. */
export function runShell(
  command: string,
  variables: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Ended> {
  const [file, args] = process.platform === "win32"
    ? ["cmd", ["/d", "/s", "/c", command]]
    : ["sh", ["-c", command]];
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      env: { ...process.env, ...variables },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
    });
    let said = "";
    const hear = (bytes: Uint8Array) => {
      said = (said + new TextDecoder().decode(bytes)).slice(-MOST);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.on("error", (error) => signal.aborted ? resolve({ code: null, said }) : reject(error));
    child.on("close", (code) => resolve({ code, said: said.trim() }));
  });
}

/** Characters of its output that are kept. */
const MOST = 2000;

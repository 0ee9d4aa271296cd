/** Runs aim on a pseudo terminal, waits for a question, and ends it the way a person or a machine would. */

import { spawn, spawnSync } from "node:child_process";
import process from "node:process";
import { program } from "../../tests/run_aim.ts";

/** A way to end a question. */
export interface Interruption {
  readonly name: string;
  /** A key in escapes of Python, the name of a signal, or `CLOSE` for a terminal that goes away. */
  readonly send: string;
  readonly codes: readonly number[];
  /** Whether there is still a terminal that shows a cursor. */
  readonly visible: boolean;
}

/** All of them. */
export const INTERRUPTIONS: readonly Interruption[] = [
  { name: "Ctrl-C", send: "\\x03", codes: [130], visible: true },
  { name: "Ctrl-D", send: "\\x04", codes: [130], visible: true },
  { name: "SIGINT", send: "SIGINT", codes: [130], visible: true },
  { name: "SIGTERM", send: "SIGTERM", codes: [130, 143], visible: true },
  { name: "SIGHUP", send: "SIGHUP", codes: [129, 130], visible: true },
  { name: "a terminal that goes away", send: "CLOSE", codes: [129, 130], visible: false },
];

/** How a run on a terminal ended. */
export interface TerminalEnd {
  readonly code: number;
  readonly hung: boolean;
  /** As often shown as hidden, or more. */
  readonly cursor: boolean;
  readonly text: string;
}

/** Whether there is a Python that makes pseudo terminals. */
export function terminalHere(): boolean {
  return spawnSync("python3", ["-c", "import pty"]).status === 0;
}

/** Runs a command until it asks, and interrupts it. */
export function atQuestion(
  args: readonly string[],
  { cwd, asks, interruption }: {
    readonly cwd: string;
    readonly asks: string;
    readonly interruption: Interruption;
  },
): Promise<TerminalEnd> {
  const child = spawn(
    "python3",
    ["-c", SCRIPT, interruption.send, asks, ...program(), ...args],
    { cwd, env: { ...process.env, XDG_CONFIG_HOME: cwd, ANTHROPIC_API_KEY: "" } },
  );
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => said += text);
  child.stderr.setEncoding("utf8").on("data", (text: string) => said += text);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => {
      const [code = "", hung = "", hidden = "", shown = ""] = said.split("\n").at(-2)?.split(" ") ??
        [];
      resolve({
        code: Number(code),
        hung: hung !== "False",
        cursor: Number(shown) >= Number(hidden),
        text: said.slice(-600),
      });
    });
  });
}

const SCRIPT = `
import os, pty, select, signal, sys, time
send, asks, command = sys.argv[1], sys.argv[2].encode(), sys.argv[3:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
seen, sent, end = b"", False, time.time() + 60
while time.time() < end:
    ready, _, _ = select.select([terminal], [], [], 0.1)
    if ready:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    if not sent and asks in seen:
        time.sleep(0.3)
        sent = True
        end = time.time() + 20
        if send.startswith("SIG"):
            os.kill(pid, getattr(signal, send))
        elif send == "CLOSE":
            os.close(terminal)
            break
        else:
            os.write(terminal, send.encode().decode("unicode_escape").encode())
status = None
while status is None and time.time() < end:
    done, found = os.waitpid(pid, os.WNOHANG)
    status = found if done else None
    time.sleep(0.02)
hung = status is None or not sent
if status is None:
    os.kill(pid, 9)
    status = os.waitpid(pid, 0)[1]
code = os.waitstatus_to_exitcode(status)
print(repr(seen[-500:]))
print(128 - code if code < 0 else code, hung, seen.count(b"\\x1b[?25l"), seen.count(b"\\x1b[?25h"))
`;

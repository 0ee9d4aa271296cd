/** The one owner of the streams: stdout has the answer only, stderr the talk. */

import { writeSync } from "node:fs";
import process from "node:process";
import { isatty } from "node:tty";
import { SetupError } from "../errors.ts";
import { systemCode } from "../read_text.ts";
import { type Paint, paint, wantsColour } from "./paint.ts";
import { redactor } from "./redact.ts";

/** One stream to write to. */
export interface Sink {
  readonly terminal: boolean;
  readonly paint: Paint;
  /** Width in characters. */
  columns(): number;
  /** Writes text as it is, secrets taken out. A reader that went away is not an error; throws SetupError for a full device. */
  write(text: string): void;
}

/** Both streams and what is known of them. */
export interface Io {
  readonly out: Sink;
  readonly err: Sink;
  /** True when a question can be asked: stdin and stderr are terminals. */
  readonly interactive: boolean;
}

/** The streams of this process. */
export function openIo(
  colour: "auto" | "always" | "never",
  variables: Readonly<Record<string, string | undefined>>,
): Io {
  const redact = redactor(variables);
  const sink = (fd: 1 | 2): Sink => {
    const terminal = isatty(fd);
    let open = true;
    return {
      terminal,
      paint: paint(wantsColour({ flag: colour, variables, terminal })),
      columns: () => (fd === 1 ? process.stdout : process.stderr).columns ?? 80,
      write: (text) => {
        if (!open || text === "") return;
        // Whatever happens, nothing more is written behind a text that is cut off.
        open = false;
        open = writeAll(fd, redact(text));
      },
    };
  };
  return { out: sink(1), err: sink(2), interactive: isatty(0) && isatty(2) };
}

/** Writes everything before it returns, so that no exit can cut it off. False when the reader went away. */
function writeAll(fd: number, text: string): boolean {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : null;
      // Nobody hears of an error of stderr.
      if (fd === 2 && code !== "EAGAIN") return false;
      if (code === "EPIPE" || code === "EBADF" || code === "EIO") return false;
      if (code !== "EAGAIN") throw unwritable(error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  return true;
}

function unwritable(error: unknown): SetupError {
  const code = systemCode(error);
  const reason = code === "ENOSPC" || code === "EDQUOT"
    ? "the disk is full"
    : error instanceof Error
    ? error.message
    : String(error);
  return new SetupError(`Cannot write to stdout: ${reason}`, { code: "stdout", cause: error });
}

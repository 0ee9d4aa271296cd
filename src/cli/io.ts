/** The one owner of the streams: stdout has the answer only, stderr the talk. */

import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import process from "node:process";
import { isatty } from "node:tty";
import { EXIT, SetupError } from "../core/error.ts";
import { systemCode } from "../host/read_text.ts";
import { WIDEST } from "./help.ts";
import { escapeCode, type Paint, paint, wantsColour } from "./paint.ts";
import { type Redactor, redactor } from "./redact.ts";
import { visible } from "./visible.ts";

/** One stream to write to. */
export interface Sink {
  readonly terminal: boolean;
  /** Its colours reach the stream through this sink only: anywhere else they are marks. */
  readonly paint: Paint;
  /** Width in characters. */
  columns(): number;
  /** Where text is wrapped: `COLUMNS`, else the terminal's width; from 40 to 96. */
  width(): number;
  /** Where sentences are wrapped: as wide as the terminal, and nowhere without one. */
  room(): number;
  /**
   * Writes text, secrets taken out, control characters made visible. A reader that went away is not an error. Throws
   * SetupError for a full device.
   */
  write(text: string): void;
  /** The same for a file or a program: there control characters stay as they are. */
  writeExact(text: string): void;
  /** Puts a line in the place of the last one, without line end. */
  draw(line: string): void;
  /** Takes away the line that was drawn. */
  erase(): void;
}

/** Both streams and what is known of them. */
export interface Io {
  readonly out: Sink;
  readonly err: Sink;
  /** True when a question can be asked: stdin and stderr are terminals. */
  readonly interactive: boolean;
  /** Text for others who write to the terminal: secrets taken out, control characters made visible. */
  clean(text: string): string;
}

/** The streams of this process. */
export function openIo(
  colour: "auto" | "always" | "never",
  variables: Readonly<Record<string, string | undefined>>,
): Io {
  const once = redactor(variables);
  const clean = (text: string) => visible(once.whole(text));
  const sink = (fd: 1 | 2): Sink => {
    const terminal = isatty(fd);
    const redact = redactor(variables);
    const marks = colourMarks();
    let open = true;
    const send = (text: string) => {
      if (!open || text === "") return;
      // Whatever happens, nothing more is written behind a text that is cut off.
      open = false;
      open = writeAll(fd, text);
    };
    const show = (text: string) => marks.shown(text, redact.next, visible);
    process.on("exit", () => {
      try {
        send(visible(redact.rest()));
      } catch {
        process.exitCode = EXIT.setup;
      }
    });
    return {
      terminal,
      paint: paint(wantsColour({ flag: colour, variables, terminal }), marks.code),
      columns: () => stream(fd).columns || 80,
      width: () => textWidth(variables.COLUMNS, terminal ? stream(fd).columns : undefined),
      room: () => terminal ? Math.max(NARROWEST, (stream(fd).columns || 80) - 1) : Infinity,
      write: (text) => send(show(text)),
      writeExact: (text) =>
        send(terminal ? show(text) : marks.shown(text, redact.next, (data) => data)),
      draw: (line) => send(`${ERASE}${marks.shown(line, redact.whole, onOneLine)}`),
      erase: () => send(ERASE),
    };
  };
  return { out: sink(1), err: sink(2), interactive: isatty(0) && isatty(2), clean };
}

function stream(fd: 1 | 2) {
  return fd === 1 ? process.stdout : process.stderr;
}

function textWidth(wish: string | undefined, columns: number | undefined): number {
  const wanted = /^[1-9]\d{0,5}$/.test(wish ?? "") ? Number(wish) : columns || WIDEST;
  return Math.max(NARROWEST, Math.min(WIDEST, wanted));
}

/** No text is wrapped narrower than this. */
const NARROWEST = 40;

function onOneLine(text: string): string {
  return visible(text).replaceAll(/[\n\t]/g, " ");
}

const ERASE = "\r\x1b[2K";

/**
 * Colours as marks that no text can forge, since nobody knows them before the run. So whatever else looks like a colour is data,
 * wherever it stands, and nothing that is shown has to be escaped where it is put into a sentence.
 */
function colourMarks() {
  const mark = `\u0001${randomBytes(12).toString("hex")}`;
  const pattern = new RegExp(`${mark}(\\d+);`);
  return {
    code: (style: number) => `${mark}${style};`,
    /** The text with real colours. Where a colour stands inside of a secret, the colours are given up for the secret. */
    shown: (text: string, redact: Redactor["next"], data: (text: string) => string): string => {
      const parts = text.split(pattern);
      const plain = parts.filter((_, at) => at % 2 === 0).join("");
      const clean = redact(plain);
      if (clean !== plain) return data(clean);
      return parts.map((part, at) => at % 2 === 0 ? data(part) : escapeCode(Number(part))).join("");
    },
  };
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

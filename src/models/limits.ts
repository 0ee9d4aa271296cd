/** How much of an answer is read, so that no server can fill the memory or keep a run for ever. */

import { CallFailure } from "./failure.ts";

/** The limits of one answer. */
export interface Limits {
  /** What is limited, in words: `the answer`. */
  readonly subject: string;
  /** What the limits follow from, in words; empty for fixed ones. */
  readonly because: string;
  /** Of all of it, decompressed. */
  readonly bytes: number;
  /** Of one event of a stream. */
  readonly eventBytes: number;
  readonly events: number;
  /** Characters of the text that a model wrote. */
  readonly characters: number;
  /** What came before the connection broke is worth reading. */
  readonly mayBreakOff?: true;
}

const MIB = 1 << 20;

/** Of the text of an error, in bytes. */
const ERROR_BYTES = MIB;

/** The deepest nesting of JSON: no answer needs ten levels, and programs that read it call themselves for each. */
const DEEPEST = 100;

/** Pages of a list of models. */
export const LIST_PAGES = 50;
/** Models on all of these pages. */
export const LIST_MODELS = 10_000;

/** The limits of one page of a list of models. */
export const LIST_LIMITS: Limits = {
  subject: "its list of models",
  because: "",
  bytes: 16 * MIB,
  eventBytes: 16 * MIB,
  events: 1,
  characters: 16 * MIB,
};

/**
 * The limits of an answer of so many tokens. A stream has an event for each token, of some 400 bytes where providers are
 * talkative; a token has four characters, and the longest ones, which are blanks, are rare.
 */
export function limitsFor(maxTokens: number): Limits {
  const tokens = Math.min(Math.max(1, maxTokens), 1 << 20);
  return {
    subject: "the answer",
    because: ` for max_tokens = ${maxTokens}`,
    bytes: 4 * MIB + 2048 * tokens,
    eventBytes: MIB / 2 + 64 * tokens,
    events: 10_000 + 8 * tokens,
    characters: MIB / 16 + 32 * tokens,
  };
}

/** Counts bytes as they come; the function throws CallFailure when there are too many. */
export function byteCounter({ subject, because, bytes }: Limits): (chunk: Uint8Array) => void {
  let read = 0;
  return (chunk) => {
    read += chunk.length;
    if (read > bytes) throw tooMuch(`${subject} is larger than ${size(bytes)}${because}`);
  };
}

/** The failure of an answer that passed a limit; its words name the limit. */
export function tooMuch(words: string): CallFailure {
  return new CallFailure("limit", words);
}

/** The limit of the text of an error with that status. */
export function errorLimits(status: number): Limits {
  return {
    ...LIST_LIMITS,
    subject: `the text of its error (status ${status})`,
    bytes: ERROR_BYTES,
    mayBreakOff: true,
  };
}

/** Bytes in words. */
export function size(bytes: number): string {
  return bytes < MIB
    ? `${Math.round(bytes / 1024)} KiB`
    : `${Number((bytes / MIB).toFixed(1))} MiB`;
}

/** Finds JSON that is nested too deeply, byte by byte as it comes. */
export class Nesting {
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** Takes one byte. A line end ends a string: there is none in JSON. Throws CallFailure. */
  take(byte: number): void {
    if (this.#inString) {
      if (byte === NEWLINE) this.#inString = false;
      else if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
    } else if (byte === QUOTE) {
      this.#inString = true;
      this.#escaped = false;
    } else if (byte === BRACKET || byte === BRACE) {
      if (++this.#depth > DEEPEST) {
        throw tooMuch(`its JSON is nested deeper than ${DEEPEST} levels`);
      }
    } else if (byte === BRACKET_END || byte === BRACE_END) this.#depth -= 1;
  }

  /** Begins a new value. */
  reset(): void {
    this.#depth = 0;
    this.#inString = false;
  }
}

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [BRACKET, BRACKET_END] = [0x5b, 0x5d];
const [BRACE, BRACE_END] = [0x7b, 0x7d];

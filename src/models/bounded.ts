/** Answers read within limits. */

import { CallFailure } from "./failure.ts";
import { byteCounter, type Limits, Nesting, size, tooMuch } from "./limits.ts";

/**
 * Passes the events of a stream on, whole ones only: a reader behind it never joins an unfinished one again and again. Errors
 * with CallFailure when a limit is passed.
 */
export function boundedEvents(
  limits: Limits,
  onBytes: () => void,
): TransformStream<Uint8Array, Uint8Array> {
  const count = byteCounter(limits);
  const events = new EventEnds(limits);
  let held: Uint8Array[] = [];
  return new TransformStream({
    transform(chunk, controller) {
      onBytes();
      count(chunk);
      const end = events.lastEnd(chunk);
      if (end === 0) return void held.push(chunk);
      controller.enqueue(joined([...held, chunk.subarray(0, end)]));
      held = end === chunk.length ? [] : [chunk.subarray(end)];
    },
    flush(controller) {
      if (held.length > 0) controller.enqueue(joined(held));
    },
  });
}

/** Reads all of a body as text; of one that may break off, what came. Throws CallFailure when a limit is passed. */
export async function boundedText(
  body: ReadableStream<Uint8Array> | null,
  limits: Limits,
  onBytes: () => void,
): Promise<string> {
  if (body === null) return "";
  const count = byteCounter(limits);
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body) {
      onBytes();
      count(chunk);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof CallFailure || !limits.mayBreakOff) throw error;
  }
  return new TextDecoder().decode(joined(chunks));
}

/** Throws CallFailure for JSON that is nested too deeply. */
export function checkNesting(text: string): void {
  const nesting = new Nesting();
  for (let at = 0; at < text.length; at++) nesting.take(text.charCodeAt(at));
}

/** Where events end: behind an empty line, after any of the three line ends. */
class EventEnds {
  readonly #limits: Limits;
  readonly #nesting = new Nesting();
  #events = 0;
  #size = 0;
  #lineEmpty = true;
  #afterReturn = false;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** The offset behind the last event that ends in the chunk; 0 when none does. */
  lastEnd(chunk: Uint8Array): number {
    let end = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (this.#endsEvent(byte)) {
        end = at + 1;
        this.#begin();
      } else {
        this.#nesting.take(byte);
        if (++this.#size > this.#limits.eventBytes) throw this.#tooLarge();
      }
    }
    return end;
  }

  #endsEvent(byte: number): boolean {
    const newline = byte === 0x0a || byte === 0x0d;
    const second = byte === 0x0a && this.#afterReturn;
    this.#afterReturn = byte === 0x0d;
    if (second) return false;
    const ends = newline && this.#lineEmpty;
    this.#lineEmpty = newline;
    return ends;
  }

  #begin(): void {
    this.#size = 0;
    this.#nesting.reset();
    const { events, subject, because } = this.#limits;
    if (++this.#events > events) {
      throw tooMuch(`${subject} has more than ${events} events${because}`);
    }
  }

  #tooLarge() {
    const { eventBytes, subject, because } = this.#limits;
    return tooMuch(`an event of ${subject} is larger than ${size(eventBytes)}${because}`);
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

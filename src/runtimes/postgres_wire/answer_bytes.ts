/** Collects what the server answers to one message, with a bound. */

/** What is kept of an answer, and what happens when it is too much. */
export interface AnswerOptions {
  /** Rows and copied data are of interest; else they are passed over as they come. */
  readonly rows: boolean;
  /** Bytes that may be kept. */
  readonly most: number;
  /** Called once, when there are more: nothing is kept from then on. */
  readonly tooMuch: () => void;
}

/** See the module's comment. Notices are passed over: nobody reads them, and a loop can raise millions. */
export class AnswerBytes {
  readonly #options: AnswerOptions;
  readonly #parts: Uint8Array[] = [];
  #size = 0;
  #isTooMuch = false;
  /** Bytes of the message that is passed over now that are still to come. */
  #skipping = 0;
  /** The head of a message that came in two pieces. */
  #head = new Uint8Array(0);
  /** Bytes of the message that is kept now that are still to come. */
  #keeping = 0;

  constructor(options: AnswerOptions) {
    this.#options = options;
  }

  /** True when there was more than may be kept; what was kept is not whole then. */
  get isTooMuch(): boolean {
    return this.#isTooMuch;
  }

  /** Takes the next piece of the answer, which is copied. */
  add(piece: Uint8Array): void {
    let bytes = piece;
    while (bytes.length > 0) {
      if (this.#skipping > 0) {
        const part = Math.min(this.#skipping, bytes.length);
        this.#skipping -= part;
        bytes = bytes.subarray(part);
      } else if (this.#keeping > 0) {
        const part = Math.min(this.#keeping, bytes.length);
        this.#keep(bytes.subarray(0, part));
        this.#keeping -= part;
        bytes = bytes.subarray(part);
      } else {
        bytes = this.#begin(bytes);
      }
    }
  }

  /** All that was kept, in a buffer of its own. */
  whole(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  /** Reads the head of the next message; gives what comes after it, and leaves runs of messages of one kind to one copy. */
  #begin(bytes: Uint8Array): Uint8Array {
    if (this.#head.length > 0 || bytes.length < HEAD) {
      const missing = HEAD - this.#head.length;
      const head = new Uint8Array([...this.#head, ...bytes.subarray(0, missing)]);
      if (head.length < HEAD) {
        this.#head = head;
        return bytes.subarray(bytes.length);
      }
      this.#head = new Uint8Array(0);
      this.#enter(head[0] ?? 0, lengthAt(head, 1) - (HEAD - 1), head);
      return bytes.subarray(missing);
    }
    let at = 0;
    while (at + HEAD <= bytes.length && !this.#isDropped(bytes[at] ?? 0)) {
      at += 1 + lengthAt(bytes, at + 1);
    }
    if (at === 0) {
      this.#skipping = 1 + lengthAt(bytes, 1);
      return bytes;
    }
    this.#keeping = at;
    return bytes;
  }

  #enter(kind: number, rest: number, head: Uint8Array): void {
    if (this.#isDropped(kind)) {
      this.#skipping = rest;
    } else {
      this.#keep(head);
      this.#keeping = rest;
    }
  }

  #isDropped(kind: number): boolean {
    return kind === NOTICE || (!this.#options.rows && (kind === DATA_ROW || kind === COPY_DATA));
  }

  #keep(bytes: Uint8Array): void {
    if (this.#isTooMuch) return;
    this.#size += bytes.length;
    if (this.#size > this.#options.most) {
      this.#isTooMuch = true;
      this.#parts.length = 0;
      this.#size = 0;
      this.#options.tooMuch();
      return;
    }
    this.#parts.push(bytes.slice());
  }
}

/** A letter and a length, which counts itself. */
const HEAD = 5;

const DATA_ROW = "D".charCodeAt(0);
const COPY_DATA = "d".charCodeAt(0);
const NOTICE = "N".charCodeAt(0);

function lengthAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24 | (bytes[at + 1] ?? 0) << 16 | (bytes[at + 2] ?? 0) << 8 |
    (bytes[at + 3] ?? 0)) >>> 0;
}

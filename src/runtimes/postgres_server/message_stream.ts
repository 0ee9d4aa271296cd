/** Cuts what a socket brings into the messages of the wire protocol. */

import { Buffer } from "node:buffer";

/** See the module's comment. */
export class MessageStream {
  readonly #take: (messages: Buffer) => void;
  #parts: Buffer[] = [];
  #size = 0;
  /** Bytes that must be there before anything can be cut. */
  #wanted = HEAD;

  /** `take` gets one or more whole messages, their letters and lengths included. */
  constructor(take: (messages: Buffer) => void) {
    this.#take = take;
  }

  /** Takes the next bytes. Throws for a message that cannot be, or is longer than a server would send. */
  add(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#size += bytes.length;
    if (this.#size < this.#wanted) return;
    const whole = this.#parts.length === 1 ? bytes : Buffer.concat(this.#parts);
    let at = 0;
    this.#wanted = HEAD;
    while (whole.length - at >= HEAD) {
      const length = whole.readInt32BE(at + 1) + 1;
      if (length < HEAD || length > MOST) throw new Error("its answer is damaged");
      if (whole.length - at < length) {
        this.#wanted = length;
        break;
      }
      at += length;
    }
    this.#parts = at === whole.length ? [] : [whole.subarray(at)];
    this.#size = whole.length - at;
    if (at > 0) this.#take(whole.subarray(0, at));
  }
}

/** A letter and a length. */
const HEAD = 5;

/** A row has at most 1 GB. */
const MOST = 1 << 30;

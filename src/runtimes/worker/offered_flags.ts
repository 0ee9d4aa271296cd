/**
 * The flags by which an engine's statement is cancelled, as its thread offered them. They stay in the port until they are wanted: a
 * garbage collector that sees the engine's memory counts it as this thread's own, and lets as much garbage grow beside it.
 */

import { receiveMessageOnPort } from "node:worker_threads";
import type { CancelFlags } from "./messages.ts";

/** See the module's comment. */
export class OfferedFlags {
  /** Where the engine's thread puts them; it moves there. */
  readonly port: MessagePort;
  readonly #own: MessagePort;
  #flags: CancelFlags | null = null;
  #waiting = 0;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    [this.#own, this.port] = [port1, port2];
  }

  /** The thread says that it put others there. */
  arrived(): void {
    if (++this.#waiting > 1) this.latest();
  }

  /** The last ones that were offered; null where the engine has none. */
  latest(): CancelFlags | null {
    const port = this.#own as unknown as Parameters<typeof receiveMessageOnPort>[0];
    for (;;) {
      const found = receiveMessageOnPort(port) as { readonly message: CancelFlags } | undefined;
      if (found === undefined) break;
      this.#flags = found.message;
    }
    this.#waiting = 0;
    return this.#flags;
  }

  /** Those that were received; nothing was asked of any others. */
  get received(): CancelFlags | null {
    return this.#flags;
  }

  /** The thread has ended. */
  close(): void {
    this.#flags = null;
    this.#own.close();
  }
}

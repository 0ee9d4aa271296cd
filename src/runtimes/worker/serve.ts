/** The thread of a scratch engine: starts it from what the main thread sends and answers calls. It reads no file and no environment. */

import { collectGarbage } from "../../host/collect_garbage.ts";
import { type CancelFlags, FIELD, type Order, type Report, sendError } from "./messages.ts";
import type { EngineName, EngineSetup } from "./messages.ts";

/** What an engine does when the main thread calls, by name. A buffer in a `Transfer` moves instead of being copied. */
export type Operations = Readonly<Record<string, (...values: never[]) => unknown>>;

/** What an engine starts from. */
export interface EngineStart {
  /** Bytes that the engine may use. */
  readonly memory: number;
  /** Something that the main thread sends, now or later. */
  part(name: string): Promise<unknown>;
  /** Tells the main thread where it can ask for a cancellation. */
  offerFlags(flags: CancelFlags): void;
  /** True from the moment that the running statement is to end. */
  isCancelled(): boolean;
  /** Says which statement of a call runs now, from 0. */
  enter(statement: number): void;
}

/** Starts an engine. */
export type StartEngine = (start: EngineStart) => Promise<Operations>;

/** An answer and the buffers in it that move to the other thread. */
export class Transfer {
  readonly value: unknown;
  readonly buffers: readonly ArrayBuffer[];

  constructor(value: unknown, buffers: readonly ArrayBuffer[]) {
    this.value = value;
    this.buffers = buffers;
  }
}

/** This thread's way to the main thread; both hosts have it, their types differ. */
interface Port {
  onmessage: ((event: { readonly data: Order }) => void) | null;
  postMessage(report: Report, buffers?: readonly ArrayBuffer[]): void;
}

/** Finds an engine by its name. */
export type LoadEngine = (name: EngineName) => Promise<{ readonly start: StartEngine }>;

/** Serves the main thread until it ends this one. */
export function serve(load: LoadEngine): void {
  const port = globalThis as unknown as Port;
  const parts = new Parts();
  let operations: Promise<Operations> | null = null;
  port.onmessage = ({ data: order }) => {
    switch (order.type) {
      case "start":
        operations = start(port, load(order.engine), { setup: order.setup, parts });
        void answer(port, 0, operations.then(() => undefined));
        break;
      case "part":
        parts.put(order.name, order.value);
        break;
      case "call": {
        const { id, operation, values } = order;
        const result = operations?.then((all) => all[operation]?.(...values as never[]));
        void answer(port, id, result);
      }
    }
  };
}

async function start(
  port: Port,
  engine: Promise<{ readonly start: StartEngine }>,
  { setup, parts }: { readonly setup: EngineSetup; readonly parts: Parts },
): Promise<Operations> {
  const state = new Int32Array(setup.state);
  const { start } = await engine;
  return await start({
    memory: setup.memory,
    part: (name) => parts.get(name),
    offerFlags: (flags) => {
      setup.flags.postMessage(flags);
      port.postMessage({ type: "flags" });
    },
    isCancelled: () => Atomics.load(state, FIELD.cancelled) !== 0,
    enter: (statement) => void Atomics.store(state, FIELD.statement, statement),
  });
}

async function answer(port: Port, id: number, result: unknown): Promise<void> {
  try {
    const value = await result;
    if (value instanceof Transfer) {
      port.postMessage({ type: "answer", id, value: value.value }, value.buffers);
    } else {
      port.postMessage({ type: "answer", id, value });
    }
  } catch (error) {
    port.postMessage({ type: "failure", id, error: sendError(error) });
  }
  collectGarbage();
}

/** What was sent and what is waited for, by name. */
class Parts {
  readonly #parts = new Map<string, PromiseWithResolvers<unknown>>();

  get(name: string): Promise<unknown> {
    return this.#at(name).promise;
  }

  put(name: string, value: unknown): void {
    this.#at(name).resolve(value);
  }

  #at(name: string): PromiseWithResolvers<unknown> {
    const known = this.#parts.get(name);
    if (known !== undefined) return known;
    const made = Promise.withResolvers<unknown>();
    this.#parts.set(name, made);
    return made;
  }
}

/** Lets the event loop turn: engines inside this process work without a pause, and Ctrl-C would not be heard. */

import { collectGarbage } from "../../host/collect_garbage.ts";

/** Milliseconds of work between two turns. */
const PERIOD = 60;

let last = performance.now();

/** Gives way from time to time. Throws the signal's reason when the run was ended. */
export async function yieldToEventLoop(signal: AbortSignal): Promise<void> {
  if (performance.now() - last > PERIOD) {
    await turn();
    collectGarbage();
    last = performance.now();
  }
  signal.throwIfAborted();
}

/** Gives way now: after a failure that a signal may have caused. Throws the signal's reason when the run was ended. */
export async function yieldToEventLoopNow(signal: AbortSignal): Promise<void> {
  await turn();
  await turn();
  signal.throwIfAborted();
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

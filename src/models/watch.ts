/** The watchdog of one call: no SDK ends a stream that falls silent. */

import { CallFailure } from "./failure.ts";

/** How long is waited for what, in milliseconds. */
export interface Timing {
  /** For the first byte of an answer. */
  readonly firstByteMs: number;
  /** Between two pieces of an answer, pings included. */
  readonly idleMs: number;
  /** For a whole answer. */
  readonly totalMs: number;
  /** Tries of one call. */
  readonly tries: number;
  /** The least that the first wait between two tries can be drawn from; it doubles. */
  readonly backoffMs: number;
  readonly longestBackoffMs: number;
  /** The longest wait that a server may ask for. */
  readonly longestRetryAfterMs: number;
}

/** The timing for a model that may be silent for so many seconds. */
export function timingFor(seconds: number): Timing {
  const firstByteMs = seconds * 1000;
  return {
    firstByteMs,
    idleMs: firstByteMs / 2,
    totalMs: firstByteMs * 10,
    tries: 4,
    backoffMs: 1000,
    longestBackoffMs: 30_000,
    longestRetryAfterMs: firstByteMs,
  };
}

/** A call being watched. */
export interface Watch extends Disposable {
  /** Ends when the caller's does, or when the call was silent for too long. */
  readonly signal: AbortSignal;
  /** Something came. */
  alive(): void;
  /** Rejects as soon as the signal ends: with the caller's reason, or with CallFailure. */
  readonly ended: Promise<never>;
}

/** Watches a call until it is disposed of. */
export function watch(outer: AbortSignal, timing: Timing): Watch {
  const controller = new AbortController();
  const end = (reason: unknown) => controller.abort(reason);
  const silent = (ms: number, words: string) => () =>
    end(new CallFailure("silent", `${words} for ${ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`}`));
  const stop = () => end(outer.reason);
  let timer = setTimeout(silent(timing.firstByteMs, "nothing came"), timing.firstByteMs);
  const total = setTimeout(silent(timing.totalMs, "the answer did not end"), timing.totalMs);
  outer.addEventListener("abort", stop, { once: true });
  if (outer.aborted) stop();
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason), {
      once: true,
    });
    if (controller.signal.aborted) reject(controller.signal.reason);
  });
  ended.catch(() => {});
  return {
    signal: controller.signal,
    ended,
    alive: () => {
      clearTimeout(timer);
      timer = setTimeout(silent(timing.idleMs, "the answer stood still"), timing.idleMs);
    },
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      clearTimeout(total);
      outer.removeEventListener("abort", stop);
    },
  };
}

/** Waits; rejects with the signal's reason when it ends before. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}

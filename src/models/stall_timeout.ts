/** The watchdog of one call: no SDK ends a stream that falls silent. */

import { CallFailure } from "./failure.ts";

/** How long is waited for what, in milliseconds. */
export interface Timing {
  /** For the first byte of an answer. */
  readonly firstByteMs: number;
  /** Between two pieces of an answer, pings included. */
  readonly idleMs: number;
  /** For a whole answer, all tries and waits included. */
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
export interface StallTimeout extends Disposable {
  /** Ends when the caller's does, or when the call was silent for too long. */
  readonly signal: AbortSignal;
  /** Something came. */
  alive(): void;
  /** Rejects as soon as the signal ends: with the caller's reason, or with CallFailure. */
  readonly ended: Promise<never>;
}

/** Watches a call until it is disposed of; whatever is still coming then is ended. `leftMs` is what is left for it of `totalMs`. */
export function stallTimeout(
  outer: AbortSignal,
  timing: Timing,
  leftMs = timing.totalMs,
): StallTimeout {
  const controller = new AbortController();
  const end = (reason: unknown) => controller.abort(reason);
  const time = (ms: number) => ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`;
  const silent = (ms: number, words: string) => () =>
    end(new CallFailure("silent", `${words} for ${time(ms)}`));
  const endless = () =>
    end(
      new CallFailure(
        "limit",
        `the answer did not end within ${time(timing.totalMs)}, ten times --llm-timeout`,
      ),
    );
  const stop = () => end(outer.reason);
  let timer = setTimeout(silent(timing.firstByteMs, "nothing came"), timing.firstByteMs);
  const total = setTimeout(endless, Math.max(0, leftMs));
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
      controller.abort(new CallFailure("cut", "the call is over"));
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

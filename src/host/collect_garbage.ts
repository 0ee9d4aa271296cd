/** Collects garbage before its collector would: that of Bun lets garbage grow with all that the process holds, the engine's memory included. */

import process from "node:process";

/** Bytes that a process may hold before anything is collected early. */
const FREE = 384 * 1024 ** 2;

/** The part of what it holds by which it may then grow until the next time. */
const GROWTH = 1 / 16;

/** Milliseconds between two looks. */
const PERIOD = 200;

const bun = (globalThis as { readonly Bun?: { gc(isWhole: boolean): void } }).Bun;

let looked = 0;
let most = FREE;

/** Looks from time to time how much the process holds, and collects this thread's garbage where that has grown; elsewhere than in Bun it does nothing. */
export function collectGarbage(): void {
  if (bun === undefined || performance.now() - looked < PERIOD) return;
  looked = performance.now();
  if (process.memoryUsage.rss() < most) return;
  bun.gc(true);
  most = Math.max(FREE, process.memoryUsage.rss() * (1 + GROWTH));
}

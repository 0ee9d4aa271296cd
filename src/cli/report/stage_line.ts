/** One line for a finished stage. */

import type { Event } from "../../core/event.ts";
import type { Paint } from "../paint.ts";

/** `  verify   up = schema.sql, down restores   0.41 s`, with its line end. */
export function stageLine(
  event: Extract<Event, { type: "stage"; state: "done" }>,
  paint: Paint,
): string {
  const name = paint.green(event.stage.padEnd(8));
  return `  ${name} ${event.text}${event.text ? "  " : ""}${paint.dim(duration(event.ms))}\n`;
}

/** Milliseconds as a person reads them: `41 ms`, `1.24 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

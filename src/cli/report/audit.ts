/** What happened to migrations, as a table and as CSV. */

import type { AuditEvent, AuditOutcome } from "../../pipeline/mod.ts";
import type { Paint } from "../paint.ts";
import { visible } from "../visible.ts";

/** Each migration with a line for each event. */
export function renderAudit({ events }: AuditOutcome, paint: Paint): string {
  const widthOf = (read: (event: AuditEvent) => string) =>
    Math.max(0, ...events.map((event) => visible(read(event)).length));
  const widths = [
    widthOf(({ event }) => event),
    widthOf(({ at }) => at),
    widthOf(({ who }) => who),
  ] as const;
  let last = "";
  return events.map(({ migration, event, at, who, detail }) => {
    const head = migration === last ? "" : `${paint.bold(visible(migration))}\n`;
    last = migration;
    const colour = GOOD.has(event) ? paint.green : BAD.has(event) ? paint.red : paint.yellow;
    const word = colour(event.padEnd(widths[0]));
    const line = `  ${word}  ${visible(at).padEnd(widths[1])}  ${visible(who).padEnd(widths[2])}  ${
      visible(detail)
    }`;
    return `${head}${line.trimEnd()}\n`;
  }).join("");
}

const GOOD: ReadonlySet<AuditEvent["event"]> = new Set([
  "written",
  "proven",
  "approved",
  "applied",
  "baseline",
]);
const BAD: ReadonlySet<AuditEvent["event"]> = new Set([
  "failed",
  "edited-after",
  "missing",
  "not-counted",
]);

const COLUMNS = ["migration", "event", "at", "who", "detail", "source"] as const;

/** A line an event, the names of the columns first. */
export function auditCsv({ events }: AuditOutcome): string {
  const rows = events.map((event) => COLUMNS.map((column) => cell(event[column])).join(","));
  return [COLUMNS.join(","), ...rows].map((row) => `${row}\r\n`).join("");
}

/** In quotes; what a spreadsheet would take for a formula gets an apostrophe. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  // deno-lint-ignore no-control-regex
  const clean = plain.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "");
  return `"${clean.replaceAll('"', '""')}"`;
}

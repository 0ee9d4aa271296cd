/** Talk without a terminal: one line for each finished stage, each note, and with `-v` each statement and turn. */

import type { Event } from "../../core/event.ts";
import { hanging } from "../help.ts";
import type { Paint } from "../paint.ts";
import { renderPlan } from "./live_run.ts";
import { highlightSql } from "./sql.ts";
import { duration, stageLine } from "./stage_line.ts";

/** The line that an event is worth, with its line end; empty for none. */
export function plainLine(
  event: Event,
  paint: Paint,
  verbose: boolean,
  width = Infinity,
): string {
  switch (event.type) {
    case "stage":
      return event.state === "done" ? stageLine(event, paint) : "";
    case "note": {
      // What stands on lines of its own, a diff or a list, stays on them.
      const [first = "", ...rest] = event.text.split("\n");
      const text = hanging(first, { first: 6, indent: 2, width });
      return `${paint.yellow("note:")} ${[text, ...rest].join("\n")}\n`;
    }
    case "statement":
      return verbose
        ? `${paint.dim(duration(event.ms).padStart(8))}  ${indented(event.sql, paint)}\n`
        : "";
    case "turn":
      return verbose ? `${event.text}\n` : "";
    case "plan":
      return renderPlan(event, paint, width);
    case "pushed":
      return `${event.statements.map((sql) => `${highlightSql(sql, paint)};\n`).join("")}${
        paint.dim(`on ${event.database}\n`)
      }`;
    case "progress":
      return "";
  }
}

function indented(sql: string, paint: Paint): string {
  return highlightSql(sql, paint).replaceAll("\n", `\n${" ".repeat(10)}`);
}

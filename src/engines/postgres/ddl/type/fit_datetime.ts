/** Which dates and times survive in another type. */

import type { Fit } from "./fit.ts";
import type { PlainShape } from "./shape.ts";

/** What becomes of dates and times; null for what is neither. */
export function dateTimeFit(source: PlainShape, target: PlainShape): Fit | null {
  if (source.name.startsWith("interval") && target.name.startsWith("interval")) {
    const keepsFields = target.name === "interval" || target.name === source.name;
    return keepsFields ? precisionFit(source, target) : "changed";
  }
  if (!NAMES.has(source.name) && !NAMES.has(target.name)) return null;
  if (source.name === target.name) return precisionFit(source, target);
  switch (`${source.name} AS ${target.name}`) {
    // Dates go on for longer than timestamps do.
    case "date AS timestamp without time zone":
      return "some";
    // The zone of the session is added, and taken away again.
    case "time without time zone AS time with time zone":
      return precisionFit(source, target);
    default:
      return "changed";
  }
}

const NAMES: ReadonlySet<string> = new Set([
  "date",
  "time without time zone",
  "time with time zone",
  "timestamp without time zone",
  "timestamp with time zone",
]);

function precisionFit(source: PlainShape, target: PlainShape): Fit {
  return (target.modifiers[0] ?? MOST) >= (source.modifiers[0] ?? MOST) ? "all" : "changed";
}

/** Digits of a second. */
const MOST = 6;

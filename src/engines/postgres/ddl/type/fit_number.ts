/** Which numbers survive in another type. */

import type { Fit } from "./fit.ts";
import type { PlainShape } from "./shape.ts";

/** True for a number, money included. */
export function isNumber({ name }: PlainShape): boolean {
  return name in DIGITS || FLOATS.has(name) || name === "numeric" || name === "money";
}

/** What becomes of numbers in another type, or of other values in one of numbers. */
export function numberFit(source: PlainShape, target: PlainShape): Fit {
  const digits = DIGITS[source.name];
  if (digits !== undefined) return integerFit(source.name, digits, target);
  switch (source.name) {
    case "numeric":
      return numericFit(source, target);
    case "real":
      return target.name === "real" || target.name === "double precision" ? "all" : "changed";
    case "double precision":
      return target.name === "double precision" ? "all" : "changed";
    case "money":
      if (target.name === "money") return "all";
      return target.name === "numeric" ? decimalsFit(17, 2, target) : "changed";
    case "boolean":
      return target.name in DIGITS ? "all" : "changed";
    case "oid":
      return target.name === "integer" || target.name === "bigint" ? "all" : "changed";
    default:
      return "changed";
  }
}

/** How many digits an integer may have. */
const DIGITS: Readonly<Record<string, number>> = { smallint: 5, integer: 10, bigint: 19 };

const FLOATS: ReadonlySet<string> = new Set(["real", "double precision"]);

function integerFit(name: string, digits: number, target: PlainShape): Fit {
  const wanted = DIGITS[target.name];
  if (wanted !== undefined) return digits <= wanted ? "all" : "some";
  switch (target.name) {
    case "numeric":
      return decimalsFit(digits, 0, target);
    case "real":
      return name === "smallint" ? "all" : "changed";
    case "double precision":
      return name === "bigint" ? "changed" : "all";
    case "money":
    case "interval":
      return name === "bigint" || target.modifiers.length > 0 ? "some" : "all";
    case "oid":
      return name === "integer" ? "all" : name === "bigint" ? "some" : "changed";
    case "json":
    case "jsonb":
    case "bytea":
      return "all";
    default:
      return "changed";
  }
}

function numericFit(source: PlainShape, target: PlainShape): Fit {
  const [precision, scale = 0] = source.modifiers;
  const isWhole = precision !== undefined && scale <= 0;
  if (target.name === "numeric") {
    if (precision === undefined) return target.modifiers.length === 0 ? "all" : "changed";
    return decimalsFit(precision - scale, scale, target);
  }
  // A numeric may be no number, which these refuse.
  if (target.name in DIGITS) return isWhole ? "some" : "changed";
  if (target.name === "json" || target.name === "jsonb") return "some";
  if (!FLOATS.has(target.name) || precision === undefined || scale < 0 || scale > precision) {
    return "changed";
  }
  // FLT_DIG and DBL_DIG: as many decimal digits come back.
  return precision <= (target.name === "real" ? 6 : 15) ? "all" : "changed";
}

/** Numbers of so many digits before and behind the point, as a `numeric`. */
function decimalsFit(before: number, behind: number, { modifiers }: PlainShape): Fit {
  const [precision, scale = 0] = modifiers;
  if (precision === undefined) return "all";
  if (scale < behind) return "changed";
  return before <= precision - scale ? "all" : "some";
}

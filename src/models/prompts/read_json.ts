/** JSON out of what a model wrote: between fences, after its thoughts, before its farewell. */

/** How many times the length of a text may be read in all: what begins like an object and is none costs its length each time. */
const READINGS = 20;

/** The first JSON object in a text, or null when there is none that can be read. */
export function readJson(text: string): Record<string, unknown> | null {
  const bare = withoutThoughts(text).trim();
  const whole = parseObject(bare);
  if (whole !== null) return whole;
  let left = READINGS * bare.length;
  for (let at = bare.indexOf("{"); at >= 0 && left > 0; at = bare.indexOf("{", at + 1)) {
    const end = endOfObject(bare, at);
    left -= (end ?? bare.length) - at;
    const found = end === null ? null : parseObject(bare.slice(at, end));
    if (found !== null) return found;
  }
  return null;
}

/** What stands behind the last mark that ends them. */
function withoutThoughts(text: string): string {
  const ends = ["</think>", "</thinking>"].map((mark) => {
    const at = text.lastIndexOf(mark);
    return at < 0 ? 0 : at + mark.length;
  });
  return text.slice(Math.max(...ends));
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? value as Record<string, unknown>
      : null;
  } catch {
    return null;
  }
}

/** The offset behind the brace that closes the one at `start`, or null. */
function endOfObject(text: string, start: number): number | null {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === "\\") at++;
    } else if (sign === "{") depth++;
    else if (sign === "}" && --depth === 0) return at + 1;
  }
  return null;
}

/** The items of a field that is a list of objects; a list is left out when it is none. */
export function objects(value: unknown): readonly Record<string, unknown>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item) => typeof item === "object" && item !== null && !Array.isArray(item));
}

/** A string, or "" for anything else. */
export function string(value: unknown): string {
  return typeof value === "string" ? value : "";
}

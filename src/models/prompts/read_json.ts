/** JSON out of what a model wrote: between fences, after its thoughts, before its farewell. */

/** How many times the length of a text may be read in all: what begins like an object and is none costs its length each time. */
const READINGS = 20;

/** An answer that cannot be used, and why. */
export interface Misread {
  readonly error: string;
  /** True when the form is wrong: no JSON, or not the JSON that was asked for. Such a server is asked in a simpler mode in the end. */
  readonly malformed: boolean;
}

/** The one JSON object of a text. */
export interface FoundObject {
  readonly json: Readonly<Record<string, unknown>>;
}

/**
 * The JSON object of a text that has one of `keys`; null when there is none at all. Misread when one has a key twice, when two of
 * them say different things, and when what should be JSON cannot be read.
 */
export function readJson(text: string, keys: readonly string[]): FoundObject | Misread | null {
  const bare = withoutThoughts(text).trim();
  const objects = [...objectsOf(bare)];
  const fit = objects.filter(({ json }) => keys.some((key) => Object.hasOwn(json, key)));
  const [first, ...others] = fit;
  if (first === undefined) {
    const at = bare.indexOf("{");
    if (at < 0) return null;
    const only = objects.length === 1 && objects[0]?.source.length === bare.length - at;
    return {
      error: only
        ? `the JSON has none of the keys ${quoted(keys)}`
        : `the JSON cannot be read: ${fault(bare.slice(at))}`,
      malformed: true,
    };
  }
  const other = others.find(({ source }) => compact(source) !== compact(first.source));
  if (other !== undefined) {
    return { error: "the answer holds two JSON objects that differ", malformed: false };
  }
  const repeated = repeatedKey(first.source);
  return repeated === null
    ? { json: first.json }
    : { error: `the key ${quoted([repeated])} stands twice in one object`, malformed: false };
}

/**
 * A text that was cut off inside of a JSON object, as that object with all of its properties that are whole; null when not all of
 * `needed` are.
 */
export function closedJson(text: string, needed: readonly string[]): string | null {
  const bare = withoutThoughts(text).trim();
  const start = bare.indexOf("{");
  if (start < 0 || needed.length === 0) return null;
  const end = endOfLastProperty(bare, start);
  if (end === null) return null;
  const closed = `${bare.slice(start, end)}}`;
  const json = parseObject(closed);
  return json !== null && needed.every((key) => Object.hasOwn(json, key)) ? closed : null;
}

/** What stands behind the last mark that ends them. */
function withoutThoughts(text: string): string {
  const ends = ["</think>", "</thinking>"].map((mark) => {
    const at = text.lastIndexOf(mark);
    return at < 0 ? 0 : at + mark.length;
  });
  return text.slice(Math.max(...ends));
}

/** Objects that are in no other one, with their text. */
function* objectsOf(
  text: string,
): Generator<{ readonly json: Record<string, unknown>; readonly source: string }> {
  let left = READINGS * text.length;
  for (let at = text.indexOf("{"); at >= 0 && left > 0; at = text.indexOf("{", at)) {
    const end = endOfObject(text, at);
    left -= (end ?? text.length) - at;
    const source = text.slice(at, end ?? at);
    const json = end === null ? null : parseObject(source);
    if (json !== null) yield { json, source };
    at = json === null ? at + 1 : end ?? at + 1;
  }
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

/** What the parser of the host says; its words differ from host to host. */
function fault(text: string): string {
  try {
    JSON.parse(text);
    return "text stands behind it";
  } catch (error) {
    return String(error instanceof Error ? error.message : error).slice(0, 200);
  }
}

/** The offset behind the brace that closes the one at `start`, or null. */
function endOfObject(text: string, start: number): number | null {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"') at = endOfString(text, at);
    else if (sign === "{") depth++;
    else if (sign === "}" && --depth === 0) return at + 1;
  }
  return null;
}

/** The offset of the quote that ends the string at `start`; that of the end when there is none. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length && text[at] !== '"'; at++) if (text[at] === "\\") at++;
  return at;
}

/** The offset behind the last property of the object at `start` whose value is whole: where a comma or a brace follows it. */
function endOfLastProperty(text: string, start: number): number | null {
  let depth = 0;
  let last: number | null = null;
  for (let at = start; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"') at = endOfString(text, at);
    else if (sign === "{" || sign === "[") depth++;
    else if (sign === "}" || sign === "]") {
      if (--depth === 0) return at;
      if (depth === 1) last = at + 1;
    } else if (sign === "," && depth === 1) last = at;
  }
  return last;
}

/** The first key that stands twice in one object of a JSON text, or null. */
export function repeatedKey(json: string): string | null {
  const open: (Set<string> | null)[] = [];
  const colon = /\s*:/y;
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === "{") open.push(new Set());
    else if (sign === "[") open.push(null);
    else if (sign === "}" || sign === "]") open.pop();
    else if (sign === '"') {
      const end = endOfString(json, at);
      const keys = open.at(-1) ?? null;
      colon.lastIndex = end + 1;
      if (keys !== null && colon.test(json)) {
        const key = String(JSON.parse(json.slice(at, end + 1)));
        if (keys.has(key)) return key;
        keys.add(key);
      }
      at = end;
    }
  }
  return null;
}

function compact(json: string): string {
  return JSON.stringify(JSON.parse(json));
}

function quoted(keys: readonly string[]): string {
  return keys.map((key) => `"${key}"`).join(", ");
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

/** JSON documents that have something at given places. */

/** What a document has at a place. */
export interface DocumentPart {
  /** The keys on the way there, outermost first; at least one. */
  readonly keys: readonly string[];
  readonly value: unknown;
}

/** The text of an object with all parts; of parts that contradict each other, the deeper and then the earlier one counts. */
export function documentWith(parts: readonly DocumentPart[]): string {
  const root = new Map<string, unknown>();
  for (const { keys, value } of parts.toSorted((a, b) => b.keys.length - a.keys.length)) {
    let at = root;
    for (const [depth, key] of keys.entries()) {
      const found = at.get(key);
      if (depth === keys.length - 1) {
        if (found === undefined) at.set(key, value);
      } else if (found === undefined || found instanceof Map) {
        const next = found instanceof Map ? found : new Map<string, unknown>();
        at.set(key, next);
        at = next;
      } else break;
    }
  }
  return JSON.stringify(plain(root));
}

/** The keys of a path like `$.state."the name"`; none for one that goes into an array. */
export function keysOfPath(path: string): readonly string[] {
  if (!/^\$(?:\.(?:[\p{L}\d_$-]+|"(?:[^"\\]|\\.)+"))+$/u.test(path)) return [];
  return [...path.matchAll(/\.(?:([^."]+)|"((?:[^"\\]|\\.)+)")/g)].map(([, bare, quoted]) =>
    bare ?? quoted?.replaceAll(/\\(.)/g, "$1") ?? ""
  );
}

/** A date as `strftime` and `STR_TO_DATE` read it by a format; another day for each number. */
export function dateBy(format: string, number: number): string {
  const parts: Readonly<Record<string, string>> = {
    Y: "2024",
    y: "24",
    m: "05",
    c: "5",
    d: String(number % 27 + 1).padStart(2, "0"),
    e: String(number % 27 + 1),
    H: "10",
    k: "10",
    i: "20",
    M: "20",
    s: "30",
    S: "30",
    f: "000000",
    T: "10:20:30",
    F: `2024-05-${String(number % 27 + 1).padStart(2, "0")}`,
  };
  return format.replaceAll(/%(.)/g, (whole, letter: string) => parts[letter] ?? whole);
}

function plain(value: unknown): unknown {
  return value instanceof Map
    ? Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]))
    : value;
}

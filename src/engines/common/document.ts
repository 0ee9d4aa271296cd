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

function plain(value: unknown): unknown {
  return value instanceof Map
    ? Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]))
    : value;
}

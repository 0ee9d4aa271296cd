/** Stored statements that were read before: the states of a proof, and often the schema, share nearly all of them. */

/** What statements give when they are read, by their text, and what is made of that. */
export class ParseCache<Parsed extends object, Made> {
  readonly #most: number;
  readonly #parsed = new Map<string, Parsed>();
  readonly #made = new WeakMap<Parsed, Map<string, Made>>();

  /** Keeps at most so many; then it begins anew. */
  constructor(most = 10_000) {
    this.#most = most;
  }

  /** What the statement under `key` gives; the same object for the same key. */
  read(key: string, parse: () => Parsed): Parsed {
    const known = this.#parsed.get(key);
    if (known !== undefined) return known;
    const parsed = parse();
    if (this.#parsed.size >= this.#most) this.#parsed.clear();
    this.#parsed.set(key, parsed);
    return parsed;
  }

  /** What is made of it together with what `key` says; the same for the same key. */
  made(parsed: Parsed, key: string, make: () => Made): Made {
    let known = this.#made.get(parsed);
    if (known === undefined) this.#made.set(parsed, known = new Map());
    const found = known.get(key);
    if (found !== undefined) return found;
    const fresh = make();
    known.set(key, fresh);
    return fresh;
  }
}

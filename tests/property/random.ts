/** A small seeded generator of random numbers (mulberry32), so that a case can be told by its seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined) throw new Error("Cannot pick from an empty list");
    return item;
  }

  /** Up to `most` different items in their order. */
  some<T>(items: readonly T[], most: number): T[] {
    const wanted = this.int(1, Math.max(1, Math.min(most, items.length)));
    const left = items.map((item, at) => ({ item, at, key: this.next() }));
    return left.sort((a, b) => a.key - b.key).slice(0, wanted).sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }
}

/** A binary heap of numbers, the least on top. */
export class Heap {
  readonly #items: number[] = [];

  /** Adds a number. */
  push(value: number): void {
    const items = this.#items;
    items.push(value);
    for (let at = items.length - 1; at > 0;) {
      const up = (at - 1) >> 1;
      if ((items[up] ?? 0) <= (items[at] ?? 0)) break;
      swap(items, at, up);
      at = up;
    }
  }

  /** Takes the least number away; undefined when there is none. */
  pop(): number | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    items[0] = last;
    for (let at = 0;;) {
      const left = 2 * at + 1;
      let least = at;
      if (left < items.length && (items[left] ?? 0) < (items[least] ?? 0)) least = left;
      if (left + 1 < items.length && (items[left + 1] ?? 0) < (items[least] ?? 0)) least = left + 1;
      if (least === at) return top;
      swap(items, at, least);
      at = least;
    }
  }
}

function swap(items: number[], a: number, b: number): void {
  const value = items[a] ?? 0;
  items[a] = items[b] ?? 0;
  items[b] = value;
}

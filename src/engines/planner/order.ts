/** Puts the steps of a plan in an order that works and reads well. */

import type { Graph, Step } from "./graph.ts";

/** What came out: the order, and the steps that stand in a circle (empty when all is well). */
export interface Ordered {
  readonly steps: readonly Step[];
  /** Each a set of steps of which every one must come before every other. */
  readonly circles: readonly (readonly Step[])[];
}

/** Kahn's algorithm with a fixed preference; edges that are not a must give way when nothing else is free. */
export function order(graph: Graph): Ordered {
  const circles = circlesOf(graph);
  const waiting = new Map<string, { must: number; wish: number }>();
  for (const key of graph.steps.keys()) waiting.set(key, { must: 0, wish: 0 });
  for (const step of graph.steps.values()) {
    for (const [key, must] of step.after) {
      const count = waiting.get(key);
      if (count === undefined) continue;
      if (must) count.must++;
      else count.wish++;
    }
  }
  const rest = [...graph.steps.values()].sort(byPreference);
  const place = new Map(rest.map((step, at) => [step.key, at]));
  const ready = new Heap();
  const queued = new Set<string>();
  const offer = (key: string) => {
    const at = place.get(key);
    if (at === undefined || queued.has(key)) return;
    queued.add(key);
    ready.push(at);
  };
  for (const [key, count] of waiting) if (count.must === 0 && count.wish === 0) offer(key);

  const steps: Step[] = [];
  while (steps.length < rest.length) {
    let at = ready.pop();
    if (at === undefined) {
      const free = rest.find((step) =>
        !queued.has(step.key) && waiting.get(step.key)?.must === 0
      ) ??
        rest.find((step) => !queued.has(step.key));
      if (free === undefined) break;
      offer(free.key);
      at = ready.pop();
    }
    const step = at === undefined ? undefined : rest[at];
    if (step === undefined) break;
    steps.push(step);
    for (const [key, must] of step.after) {
      const count = waiting.get(key);
      if (count === undefined) continue;
      if (must) count.must--;
      else count.wish--;
      if (count.must === 0 && count.wish === 0) offer(key);
    }
  }
  return { steps, circles };
}

/** Drops first, dependents before what they need; then the rest by rank, what belongs together side by side. */
function byPreference(a: Step, b: Step): number {
  const drops = Number(takesAway(b)) - Number(takesAway(a));
  if (drops !== 0) return drops;
  const rank = takesAway(a) ? b.rank - a.rank : a.rank - b.rank;
  const group = Math.trunc(a.rank / 10) - Math.trunc(b.rank / 10);
  if (group !== 0) return rank;
  if (a.root !== b.root) return a.root < b.root ? -1 : 1;
  if (rank !== 0) return rank;
  const position = (a.object.position ?? 0) - (b.object.position ?? 0);
  if (position !== 0) return position;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function takesAway({ action }: Step): boolean {
  return action === "drop" || action === "aside";
}

/** Tarjan's strongly connected components over the edges that are a must, without recursion. */
function circlesOf(graph: Graph): readonly (readonly Step[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: Step[] = [];
  const isOpen = new Set<string>();
  const circles: Step[][] = [];
  for (const start of graph.steps.values()) {
    if (index.has(start.key)) continue;
    const work: { step: Step; next: string[] }[] = [];
    const enter = (step: Step) => {
      index.set(step.key, index.size);
      low.set(step.key, index.size - 1);
      open.push(step);
      isOpen.add(step.key);
      work.push({ step, next: [...step.after].filter(([, must]) => must).map(([key]) => key) });
    };
    enter(start);
    for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
      const key = top.next.pop();
      if (key !== undefined) {
        const next = graph.steps.get(key);
        if (next === undefined) continue;
        if (!index.has(key)) enter(next);
        else if (isOpen.has(key)) lower(low, top.step.key, index.get(key));
        continue;
      }
      work.pop();
      const below = work.at(-1);
      if (below !== undefined) lower(low, below.step.key, low.get(top.step.key));
      if (low.get(top.step.key) !== index.get(top.step.key)) continue;
      const circle: Step[] = [];
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        isOpen.delete(member.key);
        circle.push(member);
        if (member === top.step) break;
      }
      if (circle.length > 1) circles.push(circle);
    }
  }
  return circles;
}

function lower(low: Map<string, number>, key: string, value: number | undefined): void {
  low.set(key, Math.min(low.get(key) ?? Infinity, value ?? Infinity));
}

/** A binary heap of numbers, the least on top. */
class Heap {
  readonly #items: number[] = [];

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

/** Puts the steps of a plan in an order that works and reads well. */

import type { Graph, Step } from "./graph.ts";
import { Heap } from "./heap.ts";

/** Kahn's algorithm with a fixed preference; edges that are not a must give way when nothing else is free. */
export function topologicalSort(graph: Graph): readonly Step[] {
  const queue = new Queue(graph);
  const steps: Step[] = [];
  for (let step = queue.next(); step !== undefined; step = queue.next()) steps.push(step);
  return steps;
}

/** How many steps a step waits for: those that must come before it, and those that may. */
interface Waiting {
  must: number;
  may: number;
}

/** The steps that are left, with those on top that wait for nothing. */
class Queue {
  /** All steps, in order of preference. */
  readonly #steps: readonly Step[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #waiting: ReadonlyMap<string, Waiting>;
  readonly #ready = new Heap();
  readonly #queued = new Set<string>();

  constructor(graph: Graph) {
    this.#steps = [...graph.steps.values()].sort(byPreference);
    this.#places = new Map(this.#steps.map((step, at) => [step.key, at]));
    this.#waiting = new Map(this.#steps.map(({ key }) => [key, { must: 0, may: 0 }]));
    for (const step of this.#steps) this.#count(step, 1);
    for (const { key } of this.#steps) this.#offer(key);
  }

  /** The next step; undefined when there is none left. */
  next(): Step | undefined {
    let at = this.#ready.pop();
    if (at === undefined) {
      const rest = this.#steps.filter(({ key }) => !this.#queued.has(key));
      const free = rest.find(({ key }) => this.#waiting.get(key)?.must === 0) ?? rest[0];
      if (free === undefined) return undefined;
      this.#push(free.key);
      at = this.#ready.pop();
    }
    const step = at === undefined ? undefined : this.#steps[at];
    if (step === undefined) return undefined;
    this.#count(step, -1);
    for (const key of step.after.keys()) this.#offer(key);
    return step;
  }

  #count(step: Step, change: 1 | -1): void {
    for (const [key, must] of step.after) {
      const count = this.#waiting.get(key);
      if (count === undefined) continue;
      if (must) count.must += change;
      else count.may += change;
    }
  }

  #offer(key: string): void {
    const count = this.#waiting.get(key);
    if (count?.must === 0 && count.may === 0) this.#push(key);
  }

  #push(key: string): void {
    const at = this.#places.get(key);
    if (at === undefined || this.#queued.has(key)) return;
    this.#queued.add(key);
    this.#ready.push(at);
  }
}

/** Drops first, dependents before what they depend on; then the rest by rank, what belongs together side by side. */
function byPreference(a: Step, b: Step): number {
  const drops = Number(isDrop(b)) - Number(isDrop(a));
  if (drops !== 0) return drops;
  const rank = isDrop(a) ? b.rank - a.rank : a.rank - b.rank;
  const group = Math.trunc(a.rank / 10) - Math.trunc(b.rank / 10);
  if (group !== 0) return rank;
  if (a.root !== b.root) return a.root < b.root ? -1 : 1;
  if (rank !== 0) return rank;
  const position = (a.object.position ?? 0) - (b.object.position ?? 0);
  if (position !== 0) return position;
  const action = ACTIONS.indexOf(a.action) - ACTIONS.indexOf(b.action);
  if (action !== 0) return action;
  return a.object.id < b.object.id ? -1 : a.object.id > b.object.id ? 1 : 0;
}

function isDrop({ action }: Step): boolean {
  return action === "drop" || action === "save";
}

const ACTIONS: readonly Step["action"][] = [
  "leave",
  "alter",
  "save",
  "restore",
  "create",
  "drop",
  "finish",
];

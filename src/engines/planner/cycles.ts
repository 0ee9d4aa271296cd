/** Cycles of steps that must all come before each other. */

import type { Graph, Step } from "./graph.ts";

/** Tarjan's strongly connected components of more than one step, over the edges that are a must, without recursion. */
export function cyclesOf(graph: Graph): readonly (readonly Step[])[] {
  const search = new Search(graph);
  for (const step of graph.steps.values()) search.from(step);
  return search.cycles;
}

class Search {
  readonly cycles: Step[][] = [];
  readonly #graph: Graph;
  readonly #index = new Map<string, number>();
  readonly #low = new Map<string, number>();
  readonly #open: Step[] = [];
  readonly #isOpen = new Set<string>();
  readonly #work: { readonly step: Step; readonly next: string[] }[] = [];

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  from(start: Step): void {
    if (this.#index.has(start.key)) return;
    this.#enter(start);
    for (let top = this.#work.at(-1); top !== undefined; top = this.#work.at(-1)) {
      const key = top.next.pop();
      if (key === undefined) this.#leave(top.step);
      else this.#follow(top.step, key);
    }
  }

  #enter(step: Step): void {
    this.#index.set(step.key, this.#index.size);
    this.#low.set(step.key, this.#index.size - 1);
    this.#open.push(step);
    this.#isOpen.add(step.key);
    const next = [...step.after].filter(([, must]) => must).map(([key]) => key);
    this.#work.push({ step, next });
  }

  #follow(step: Step, key: string): void {
    const next = this.#graph.steps.get(key);
    if (next === undefined) return;
    if (!this.#index.has(key)) this.#enter(next);
    else if (this.#isOpen.has(key)) this.#lower(step, this.#index.get(key));
  }

  #leave(step: Step): void {
    this.#work.pop();
    const below = this.#work.at(-1);
    if (below !== undefined) this.#lower(below.step, this.#low.get(step.key));
    if (this.#low.get(step.key) !== this.#index.get(step.key)) return;
    const cycle: Step[] = [];
    for (let member = this.#open.pop(); member !== undefined; member = this.#open.pop()) {
      this.#isOpen.delete(member.key);
      cycle.push(member);
      if (member === step) break;
    }
    if (cycle.length > 1) this.cycles.push(cycle);
  }

  #lower({ key }: Step, value: number | undefined): void {
    this.#low.set(key, Math.min(this.#low.get(key) ?? Infinity, value ?? Infinity));
  }
}

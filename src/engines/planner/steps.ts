/** The steps of a plan, from its actions: which create carries which members, and which drop takes what with it. */

import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import { byPosition, rootOf } from "./dependencies.ts";
import type { Graph, GraphInput, Step } from "./graph.ts";
import { takenPlaces } from "./places.ts";

/** Makes the steps, without any order between them. */
export function stepsOf(input: GraphInput): Graph {
  const maker = new StepMaker(input);
  maker.alterAll();
  maker.leaveAndFinish();
  maker.createAll();
  maker.dropAll();
  maker.preserveAll();
  return maker.graph();
}

class StepMaker {
  readonly #input: GraphInput;
  readonly #steps = new Map<string, Step>();
  readonly #creators = new Map<string, Step>();
  readonly #droppers = new Map<string, readonly Step[]>();
  /** Objects that are created after the rows that they would be created with are restored. */
  readonly #late: ReadonlySet<string>;
  /** Objects whose drop is being looked for. */
  readonly #visiting = new Set<string>();

  constructor(input: GraphInput) {
    this.#input = input;
    const preserved = [...input.decided.preserved.values()];
    this.#late = new Set(preserved.flatMap(({ createdAfter: later }) => later));
  }

  alterAll(): void {
    const { to, decided } = this.#input;
    for (const [id, action] of decided.actions) {
      const object = to.objects.get(id);
      if (action === "alter" && object !== undefined) this.#make("alter", object, to);
    }
  }

  leaveAndFinish(): void {
    const { from, to, decided } = this.#input;
    const givers = new Set(takenPlaces(this.#input).map(([giver]) => giver));
    for (const [id, { first = [], last }] of decided.alterations) {
      const object = to.objects.get(id);
      if (object === undefined || decided.actions.get(id) !== "alter") continue;
      const leaves = givers.has(id) ||
        from.objects.get(id)?.dependsOn.some((need) => this.#isDropped(need)) === true;
      if (first.length > 0 && leaves) this.#make("leave", object, to);
      if (last !== undefined && last.statements.length > 0) this.#make("finish", object, to);
    }
  }

  createAll(): void {
    const { to, decided } = this.#input;
    for (const id of decided.actions.keys()) {
      const object = to.objects.get(id);
      if (object !== undefined && this.#isCreated(id)) this.#createStepOf(object);
    }
    for (const step of this.#steps.values()) step.members.sort(byPosition);
  }

  dropAll(): void {
    const { from, decided } = this.#input;
    for (const id of decided.actions.keys()) {
      const object = from.objects.get(id);
      if (object !== undefined && this.#isDropped(id)) this.#dropStepsOf(object);
    }
  }

  preserveAll(): void {
    const { from, to, decided } = this.#input;
    for (const id of decided.preserved.keys()) {
      const [before, after] = [from.objects.get(id), to.objects.get(id)];
      if (before !== undefined) this.#make("save", before, from);
      if (after !== undefined) this.#make("restore", after, to);
      else if (before !== undefined) this.#make("restore", before, from);
    }
  }

  graph(): Graph {
    return {
      steps: this.#steps,
      creator: (id) => this.#creators.get(id),
      alterer: (id) => this.#steps.get(`alter:${id}`),
      droppers: (id) => this.#droppers.get(id) ?? [],
    };
  }

  #make(action: Step["action"], object: SchemaObject, snapshot: Snapshot): Step {
    const step: Step = {
      key: `${action}:${object.id}`,
      action,
      object,
      members: [],
      root: rootOf(snapshot, object).name,
      rank: this.#input.kinds.get(object.kind)?.rank ?? 99,
      after: new Map(),
    };
    this.#steps.set(step.key, step);
    return step;
  }

  #createStepOf(object: SchemaObject): Step {
    const known = this.#creators.get(object.id);
    if (known !== undefined) return known;
    const parent = this.#carrierOf(object);
    const step = parent === undefined
      ? this.#make("create", object, this.#input.to)
      : this.#createStepOf(parent);
    if (parent !== undefined) step.members.push(object);
    this.#creators.set(object.id, step);
    return step;
  }

  /** The parent whose CREATE carries the object. */
  #carrierOf(object: SchemaObject): SchemaObject | undefined {
    const { to, kinds, outlined } = this.#input;
    const parent = object.parent === null ? undefined : to.objects.get(object.parent);
    if (parent === undefined || !this.#isCreated(parent.id)) return undefined;
    if (outlined.has(object.id) || this.#late.has(object.id)) return undefined;
    return kinds.get(object.kind)?.inline?.(object, parent, to) === true ? parent : undefined;
  }

  #dropStepsOf(object: SchemaObject): readonly Step[] {
    const known = this.#droppers.get(object.id);
    if (known !== undefined) return known;
    this.#visiting.add(object.id);
    const others = this.#input.explicit.has(object.id) ? [] : this.#otherDroppers(object);
    const found = others.length === 0 ? [this.#make("drop", object, this.#input.from)] : others;
    this.#visiting.delete(object.id);
    this.#droppers.set(object.id, found);
    return found;
  }

  /** Steps that are there for other objects and drop this one as well. */
  #otherDroppers(object: SchemaObject): readonly Step[] {
    const { from, decided } = this.#input;
    const dropper = decided.droppedBy.get(object.id);
    if (dropper !== undefined) {
      const step = this.#steps.get(`alter:${dropper}`);
      return step === undefined ? [] : [step];
    }
    const found = new Set<Step>();
    for (const id of [...object.parent === null ? [] : [object.parent], ...object.droppedWith]) {
      const carrier = from.objects.get(id);
      if (carrier === undefined || !this.#isDropped(id) || this.#visiting.has(id)) continue;
      for (const step of this.#dropStepsOf(carrier)) found.add(step);
    }
    return [...found];
  }

  #isCreated(id: string): boolean {
    const action = this.#input.decided.actions.get(id);
    return action === "create" || action === "replace";
  }

  #isDropped(id: string): boolean {
    const action = this.#input.decided.actions.get(id);
    return action === "drop" || action === "replace";
  }
}

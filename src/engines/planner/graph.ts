/** Steps of a plan and what must come before what. */

import type { SchemaObject, Snapshot } from "../../schema.ts";
import type { ObjectKind } from "../object_kind.ts";
import type { Decisions } from "./decide.ts";
import { relationsOf, rootOf } from "./relations.ts";

/** One step: a drop, a create with the members it carries, an alteration, or rows that are put aside and back. */
export interface Step {
  readonly key: string;
  readonly action: "drop" | "create" | "alter" | "aside" | "back";
  readonly object: SchemaObject;
  /** Members that the create carries inline. */
  readonly members: SchemaObject[];
  /** Name of the outermost object, so that steps on one table stand together. */
  readonly root: string;
  readonly rank: number;
  /** Keys of the steps that come later; true for those that must. */
  readonly after: Map<string, boolean>;
}

/** What a graph is built from. */
export interface GraphInput {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly kinds: ReadonlyMap<string, ObjectKind>;
  readonly decisions: Decisions;
  /** Members that are created on their own although their parent could carry them. */
  readonly outlined: ReadonlySet<string>;
  /** Objects that are dropped by a statement of their own although they would go with another. */
  readonly explicit: ReadonlySet<string>;
}

/** The steps of a plan with their order. */
export interface Graph {
  readonly steps: ReadonlyMap<string, Step>;
  /** The step that makes an object, where one does. */
  creator(id: string): Step | undefined;
  /** The steps that take an object away. */
  droppers(id: string): readonly Step[];
}

/** Builds the steps and the order between them. */
export function buildGraph(input: GraphInput): Graph {
  const { from, to, kinds, decisions } = input;
  const { fates, takenBy } = decisions;
  const steps = new Map<string, Step>();
  const creators = new Map<string, Step>();
  const droppers = new Map<string, readonly Step[]>();

  const leaves = (id: string) => fates.get(id) === "drop" || fates.get(id) === "replace";
  const arrives = (id: string) => fates.get(id) === "create" || fates.get(id) === "replace";

  const makeStep = (action: Step["action"], object: SchemaObject, snapshot: Snapshot): Step => {
    const step: Step = {
      key: `${action}:${object.id}`,
      action,
      object,
      members: [],
      root: rootOf(snapshot, object).name,
      rank: kinds.get(object.kind)?.rank ?? 99,
      after: new Map(),
    };
    steps.set(step.key, step);
    return step;
  };

  for (const [id, fate] of fates) {
    if (fate === "alter") {
      const object = to.objects.get(id);
      if (object !== undefined) makeStep("alter", object, to);
    }
  }
  const late = new Set([...decisions.kept.values()].flatMap(({ later }) => later));
  const createStepOf = (object: SchemaObject): Step => {
    const known = creators.get(object.id);
    if (known !== undefined) return known;
    const parent = object.parent === null ? undefined : to.objects.get(object.parent);
    const inlined = parent !== undefined && arrives(parent.id) && !input.outlined.has(object.id) &&
      !late.has(object.id) && (kinds.get(object.kind)?.inline?.(object, parent, to) ?? false);
    const step = inlined ? createStepOf(parent) : makeStep("create", object, to);
    if (inlined) step.members.push(object);
    creators.set(object.id, step);
    return step;
  };
  for (const [id] of fates) {
    const object = to.objects.get(id);
    if (object !== undefined && arrives(id)) createStepOf(object);
  }
  for (const step of steps.values()) step.members.sort(byPlace);

  const visiting = new Set<string>();
  const dropStepsOf = (object: SchemaObject): readonly Step[] => {
    const known = droppers.get(object.id);
    if (known !== undefined) return known;
    visiting.add(object.id);
    let found: Step[] = [];
    const explicit = input.explicit.has(object.id);
    const taker = explicit ? undefined : takenBy.get(object.id);
    if (taker !== undefined) {
      const step = steps.get(`alter:${taker}`);
      if (step !== undefined) found = [step];
    } else if (!explicit) {
      for (const id of carriersOf(object)) {
        const carrier = from.objects.get(id);
        if (carrier === undefined || !leaves(id) || visiting.has(id)) continue;
        for (const step of dropStepsOf(carrier)) if (!found.includes(step)) found.push(step);
      }
    }
    if (found.length === 0) found = [makeStep("drop", object, from)];
    visiting.delete(object.id);
    droppers.set(object.id, found);
    return found;
  };
  for (const [id] of fates) {
    const object = from.objects.get(id);
    if (object !== undefined && leaves(id)) dropStepsOf(object);
  }

  for (const id of decisions.kept.keys()) {
    const before = from.objects.get(id);
    const after = to.objects.get(id);
    if (before !== undefined) makeStep("aside", before, from);
    if (after !== undefined) makeStep("back", after, to);
  }

  const graph: Graph = {
    steps,
    creator: (id) => creators.get(id),
    droppers: (id) => droppers.get(id) ?? [],
  };
  addEdges(input, graph, steps);
  return graph;
}

function addEdges(input: GraphInput, graph: Graph, steps: ReadonlyMap<string, Step>): void {
  const { from, to, decisions } = input;
  const dependents = relationsOf(from).dependents;

  for (const [id, fate] of decisions.fates) {
    const before = from.objects.get(id);
    const after = to.objects.get(id);
    const maker = graph.creator(id);
    const changer = steps.get(`alter:${id}`);
    const removers = graph.droppers(id);
    const displaced = decisions.displaced.get(id) ?? [];

    const builder = maker ?? changer;
    if (builder !== undefined && after !== undefined) {
      for (const need of needsOf(after)) {
        if (displaced.includes(need)) continue;
        precede(graph.creator(need), builder, true);
        precede(steps.get(`alter:${need}`), builder, maker !== undefined);
      }
    }
    if (before !== undefined && removers.length > 0) {
      for (const dependent of dependents.get(id) ?? []) {
        const waits = decisions.alterations.get(dependent.id)?.laterThan?.includes(id) === true;
        const isFreed = !decisions.fates.has(dependent.id) &&
          to.objects.get(dependent.id)?.needs.includes(id) === false;
        for (const remover of removers) {
          const firsts = graph.droppers(dependent.id);
          if (!firsts.includes(remover)) {
            for (const first of firsts) precede(first, remover, true);
          }
          if (!waits) precede(steps.get(`alter:${dependent.id}`), remover, true);
          if (isFreed) precede(steps.get(`alter:${dependent.parent}`), remover, true);
        }
      }
      for (const remover of removers) precede(remover, maker, true);
    }
    for (const other of displaced) {
      for (const remover of graph.droppers(other)) precede(remover, maker, true);
      precede(maker, graph.creator(other), true);
    }
    if (changer !== undefined && before !== undefined) {
      for (const dependent of dependents.get(id) ?? []) {
        for (const remover of graph.droppers(dependent.id)) precede(remover, changer, false);
      }
      const alteration = decisions.alterations.get(id);
      for (const rebuilt of alteration?.rebuilds ?? []) {
        for (const remover of graph.droppers(rebuilt)) precede(remover, changer, true);
        precede(changer, graph.creator(rebuilt), true);
      }
      for (const taken of alteration?.takes ?? []) {
        for (const remover of graph.droppers(taken)) precede(remover, changer, true);
        precede(changer, graph.creator(taken), true);
      }
      for (const other of alteration?.earlierThan ?? []) {
        precede(changer, steps.get(`alter:${other}`), true);
      }
      for (const other of alteration?.laterThan ?? []) {
        precede(steps.get(`alter:${other}`), changer, true);
        precede(graph.creator(other), changer, true);
        for (const remover of graph.droppers(other)) precede(remover, changer, true);
      }
    }
    if (fate === "create" || fate === "alter" || fate === "replace") {
      if (after !== undefined) addMentions(input, graph, after);
    }
  }
  addRowEdges(input, graph);
  addHoldingEdges(input, graph);
  addAbsorbedEdges(input, graph);
  addSlotEdges(input, graph, steps);
}

/** Rows are copied before anything that holds them goes, and put back once all that is to hold them is there. */
function addRowEdges({ decisions }: GraphInput, graph: Graph): void {
  for (const [id, { sources, holders, later }] of decisions.kept) {
    const aside = graph.steps.get(`aside:${id}`);
    const back = graph.steps.get(`back:${id}`);
    for (const source of [id, ...sources]) {
      precede(graph.steps.get(`alter:${source}`), aside, true);
      for (const remover of graph.droppers(source)) precede(aside, remover, true);
    }
    for (const holder of holders) {
      precede(graph.creator(holder), back, true);
      precede(graph.steps.get(`alter:${holder}`), back, true);
    }
    for (const other of later) precede(back, graph.creator(other), true);
  }
}

/** Columns of a table whose whole rows are stored somewhere change while they are not. */
function addHoldingEdges({ from, to, kinds, decisions }: GraphInput, graph: Graph): void {
  for (const [id, fate] of decisions.fates) {
    if (fate === "alter") continue;
    const sides = [[to, to.objects.get(id)], [from, from.objects.get(id)]] as const;
    for (const [snapshot, object] of sides) {
      if (object === undefined) continue;
      for (const table of kinds.get(object.kind)?.holds?.(object) ?? []) {
        for (const { id: member } of relationsOf(snapshot).members.get(table) ?? []) {
          for (const step of [graph.creator(member), graph.steps.get(`alter:${member}`)]) {
            precede(step, graph.creator(id), false);
            for (const remover of graph.droppers(id)) precede(remover, step, false);
          }
        }
      }
    }
  }
}

/** What an absorbed change needs is there before its carrier's alteration, and what it needed no more goes after. */
function addAbsorbedEdges({ from, to, decisions }: GraphInput, graph: Graph): void {
  for (const [id, carrier] of decisions.absorbedBy) {
    const changer = graph.steps.get(`alter:${carrier}`);
    for (const dependent of relationsOf(to).dependents.get(id) ?? []) {
      precede(changer, graph.creator(dependent.id), true);
    }
    for (const dependent of relationsOf(from).dependents.get(id) ?? []) {
      for (const remover of graph.droppers(dependent.id)) {
        precede(remover, changer, !to.objects.has(id));
      }
    }
    for (const need of to.objects.get(id)?.needs ?? []) {
      precede(graph.creator(need), changer, true);
      precede(graph.steps.get(`alter:${need}`), changer, true);
    }
    for (const need of from.objects.get(id)?.needs ?? []) {
      for (const remover of graph.droppers(need)) precede(changer, remover, true);
    }
  }
}

/** A name that is in use must be free before something else takes it. */
function addSlotEdges(input: GraphInput, graph: Graph, steps: ReadonlyMap<string, Step>) {
  const { kinds, from, decisions } = input;
  const taken = new Map<string, Step[]>();
  for (const [id] of decisions.fates) {
    const object = from.objects.get(id);
    const removers = graph.droppers(id);
    if (object === undefined || removers.length === 0) continue;
    for (const slot of kinds.get(object.kind)?.slots?.(object) ?? []) {
      taken.set(slot, [...(taken.get(slot) ?? []), ...removers]);
    }
  }
  if (taken.size === 0) return;
  for (const step of steps.values()) {
    if (step.action !== "create") continue;
    for (const object of [step.object, ...step.members]) {
      for (const slot of kinds.get(object.kind)?.slots?.(object) ?? []) {
        for (const first of taken.get(slot) ?? []) precede(first, step, true);
      }
    }
  }
}

/** What a body names without the catalog knowing comes first where nothing speaks against it. */
function addMentions(input: GraphInput, graph: Graph, object: SchemaObject): void {
  const text = input.kinds.get(object.kind)?.mentions?.(object) ?? null;
  const step = graph.creator(object.id) ?? graph.steps.get(`alter:${object.id}`);
  if (text === null || step === undefined) return;
  for (const word of new Set(text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [])) {
    for (const id of bareNames(input).get(word) ?? []) {
      precede(graph.creator(id) ?? graph.steps.get(`alter:${id}`), step, false);
    }
  }
}

const bareNameCache = new WeakMap<Decisions, Map<string, string[]>>();

/** Ids of what is created or altered, by the last part of their names in lower case. */
function bareNames({ decisions, to }: GraphInput): Map<string, string[]> {
  const known = bareNameCache.get(decisions);
  if (known !== undefined) return known;
  const names = new Map<string, string[]>();
  for (const [id, fate] of decisions.fates) {
    const object = to.objects.get(id);
    if (object === undefined || fate === "drop" || object.parent !== null) continue;
    const bare = object.name.replace(/\(.*$/s, "").split(".").pop()?.toLowerCase() ?? "";
    names.set(bare, [...(names.get(bare) ?? []), id]);
  }
  bareNameCache.set(decisions, names);
  return names;
}

/** Puts `first` before `second`; a must is never weakened. */
function precede(first: Step | undefined, second: Step | undefined, must: boolean): void {
  if (first === undefined || second === undefined || first === second) return;
  first.after.set(second.key, must || (first.after.get(second.key) ?? false));
}

function needsOf(object: SchemaObject): readonly string[] {
  return object.parent === null || object.needs.includes(object.parent)
    ? object.needs
    : [object.parent, ...object.needs];
}

function carriersOf(object: SchemaObject): readonly string[] {
  return object.parent === null ? object.goesWith : [object.parent, ...object.goesWith];
}

function byPlace(a: SchemaObject, b: SchemaObject): number {
  const place = (a.position ?? Infinity) - (b.position ?? Infinity);
  return Number.isNaN(place) || place === 0 ? (a.id < b.id ? -1 : 1) : place;
}

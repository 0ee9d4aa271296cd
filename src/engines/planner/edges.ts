/** What must come before what: the edges between the steps of a plan. */

import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import { dependenciesOf, rootOf } from "./dependencies.ts";
import { type Graph, type GraphInput, precede, type Step } from "./graph.ts";
import { MentionIndex } from "./mentions.ts";
import { takenPlaces } from "./places.ts";

/** Adds the edges to the steps of a graph. */
export function addEdges(input: GraphInput, graph: Graph): void {
  const { to, decided } = input;
  const mentions = new MentionIndex(input, graph);
  for (const [id, action] of decided.actions) {
    addDependsOnEdges(id, input, graph);
    addDropEdges(id, input, graph);
    addCreatedBeforeEdges(id, input, graph);
    addTakesOverEdges(id, input, graph);
    addAlterationEdges(id, input, graph);
    const after = to.objects.get(id);
    if (after !== undefined && action !== "drop") mentions.addEdges(after);
  }
  addRowEdges(input, graph);
  addStoredRowEdges(input, graph);
  addAlteredByEdges(input, graph);
  addReservedNameEdges(input, graph);
  addPlaceEdges(input, graph);
}

/** What an object depends on is created and altered before it is. */
function addDependsOnEdges(id: string, { to, decided }: GraphInput, graph: Graph): void {
  const after = to.objects.get(id);
  const creator = graph.creator(id);
  const builder = creator ?? graph.alterer(id);
  if (builder === undefined || after === undefined) return;
  const later = decided.createdBefore.get(id) ?? [];
  for (const other of allDependsOn(after)) {
    if (later.includes(other)) continue;
    precede(graph.creator(other), builder, true);
    precede(graph.alterer(other), builder, creator !== undefined);
  }
}

/** What depends on an object is dropped, or altered so that it no longer does, before that is dropped. */
function addDropEdges(id: string, { from, to, decided }: GraphInput, graph: Graph): void {
  const droppers = graph.droppers(id);
  if (!from.objects.has(id) || droppers.length === 0) return;
  for (const dependent of dependenciesOf(from).dependents.get(id) ?? []) {
    const waits = decided.alterations.get(dependent.id)?.alteredAfter?.includes(id) === true;
    const isFreed = !decided.actions.has(dependent.id) &&
      to.objects.get(dependent.id)?.dependsOn.includes(id) === false;
    const firsts = graph.droppers(dependent.id);
    for (const dropper of droppers) {
      if (!firsts.includes(dropper)) precedeAll(firsts, dropper, true);
      if (!waits) precede(leaver(dependent.id, graph), dropper, true);
      if (isFreed) precede(leaver(dependent.parent ?? "", graph), dropper, true);
    }
  }
  precedeAll(droppers, graph.creator(id), true);
}

function addCreatedBeforeEdges(id: string, { decided }: GraphInput, graph: Graph): void {
  for (const other of decided.createdBefore.get(id) ?? []) {
    precedeAll(graph.droppers(other), graph.creator(id), true);
    precede(graph.creator(id), graph.creator(other), true);
  }
}

/** What an object takes over when it is created has changed before. */
function addTakesOverEdges(id: string, { to, kinds, context }: GraphInput, graph: Graph): void {
  const creator = graph.creator(id);
  const object = to.objects.get(id);
  if (creator === undefined || object === undefined) return;
  for (const other of kinds.get(object.kind)?.takesOver?.(object, context) ?? []) {
    for (const step of [graph.creator(other), graph.alterer(other), ...graph.droppers(other)]) {
      precede(step, creator, false);
    }
  }
}

/** What an alteration drops or recreates stands around it; other alterations come earlier or later as it says. */
function addAlterationEdges(id: string, { from, decided }: GraphInput, graph: Graph): void {
  const alterer = graph.alterer(id);
  if (alterer === undefined || !from.objects.has(id)) return;
  for (const dependent of dependenciesOf(from).dependents.get(id) ?? []) {
    precedeAll(graph.droppers(dependent.id), alterer, false);
  }
  const alteration = decided.alterations.get(id);
  for (const other of [...alteration?.recreates ?? [], ...alteration?.alsoDrops ?? []]) {
    precedeAll(graph.droppers(other), alterer, true);
    precede(alterer, graph.creator(other), true);
  }
  for (const other of alteration?.alteredBefore ?? []) {
    precede(alterer, graph.alterer(other), true);
    precede(alterer, graph.creator(other), true);
  }
  for (const other of alteration?.alteredAfter ?? []) {
    precede(graph.alterer(other), alterer, true);
    precede(graph.creator(other), alterer, true);
    precedeAll(graph.droppers(other), alterer, true);
  }
}

/** Rows are saved before anything that stores them is dropped, and restored once all that is to store them is there. */
function addRowEdges({ from, decided }: GraphInput, graph: Graph): void {
  for (const [id, { sources, targets, createdAfter }] of decided.preserved) {
    const save = graph.steps.get(`save:${id}`);
    for (const { id: dependent } of dependenciesOf(from).dependents.get(id) ?? []) {
      precede(graph.steps.get(`leave:${dependent}`), save, true);
    }
    const restore = graph.steps.get(`restore:${id}`);
    for (const source of [id, ...sources]) {
      precede(graph.alterer(source), save, true);
      for (const dropper of graph.droppers(source)) precede(save, dropper, true);
    }
    for (const target of targets) {
      precede(graph.creator(target), restore, true);
      precede(graph.alterer(target), restore, true);
    }
    for (const other of createdAfter) precede(restore, graph.creator(other), true);
  }
}

/** Columns of a table whose whole rows are stored somewhere change while they are not. */
function addStoredRowEdges({ from, to, kinds, decided }: GraphInput, graph: Graph): void {
  for (const [id, action] of decided.actions) {
    if (action === "alter") continue;
    for (const snapshot of [to, from]) {
      const object = snapshot.objects.get(id);
      if (object === undefined) continue;
      const tables = kinds.get(object.kind)?.storesRowsOf?.(object) ?? [];
      const members = tables.flatMap((table) => dependenciesOf(snapshot).members.get(table) ?? []);
      for (const { id: member } of members) {
        for (const step of [graph.creator(member), graph.alterer(member)]) {
          precede(step, graph.creator(id), false);
          precedeAll(graph.droppers(id), step, false);
        }
      }
    }
  }
}

/** What a change depends on is there before the alteration that carries it out, and what it no longer depends on is dropped after. */
function addAlteredByEdges({ from, to, decided }: GraphInput, graph: Graph): void {
  for (const [id, carrier] of decided.alteredBy) {
    const alterer = graph.alterer(carrier);
    for (const dependent of dependenciesOf(to).dependents.get(id) ?? []) {
      precede(alterer, graph.creator(dependent.id), true);
    }
    for (const dependent of dependenciesOf(from).dependents.get(id) ?? []) {
      precedeAll(graph.droppers(dependent.id), alterer, !to.objects.has(id));
    }
    for (const other of to.objects.get(id)?.dependsOn ?? []) {
      precede(graph.creator(other), alterer, true);
      precede(graph.alterer(other), alterer, true);
    }
    for (const other of from.objects.get(id)?.dependsOn ?? []) {
      const isLeft = isPartOf(other, from.objects.get(carrier)?.dependsOn ?? [], from);
      const first = isLeft ? leaver(carrier, graph) : alterer;
      for (const dropper of graph.droppers(other)) precede(first, dropper, true);
    }
  }
}

/** The step after which an object has nothing to do any more with what it leaves. */
function leaver(id: string, graph: Graph): Step | undefined {
  return graph.steps.get(`leave:${id}`) ?? graph.alterer(id);
}

function isPartOf(id: string, wholes: readonly string[], snapshot: Snapshot): boolean {
  const object = snapshot.objects.get(id);
  return object !== undefined && wholes.includes(rootOf(snapshot, object).id);
}

/** A name that is in use must be free before something else takes it. */
function addReservedNameEdges({ kinds, from, decided }: GraphInput, graph: Graph): void {
  const namesOf = (object: SchemaObject) => kinds.get(object.kind)?.reservedNames?.(object) ?? [];
  const freedBy = new Map<string, Step[]>();
  for (const id of decided.actions.keys()) {
    const object = from.objects.get(id);
    const droppers = graph.droppers(id);
    if (object === undefined || droppers.length === 0) continue;
    for (const name of namesOf(object)) {
      freedBy.set(name, [...freedBy.get(name) ?? [], ...droppers]);
    }
  }
  if (freedBy.size === 0) return;
  for (const step of graph.steps.values()) {
    if (step.action !== "create") continue;
    for (const name of [step.object, ...step.members].flatMap(namesOf)) {
      precedeAll(freedBy.get(name) ?? [], step, true);
    }
  }
}

/**
 * A place is given up before another object takes it; all that comes before an alteration comes before it gives its place up as well, but
 * for others that do so and for what it then belongs to. What it finishes comes after it and after what that needs.
 */
function addPlaceEdges(input: GraphInput, graph: Graph): void {
  for (const step of graph.steps.values()) {
    if (step.action !== "leave") continue;
    const { id } = step.object;
    const had = input.from.objects.get(id)?.dependsOn ?? [];
    const joined = new Set(
      input.to.objects.get(id)?.dependsOn.filter((need) => !had.includes(need)),
    );
    for (const earlier of graph.steps.values()) {
      if (earlier.action === "create" && joined.has(earlier.object.id)) continue;
      const must = earlier.after.get(`alter:${id}`);
      if (must !== undefined) precede(earlier, step, must);
    }
    precede(step, graph.alterer(id), true);
  }
  for (const [giver, taker] of takenPlaces(input)) {
    const leaving = graph.steps.get(`leave:${giver}`);
    for (const first of leaving === undefined ? graph.droppers(giver) : [leaving]) {
      precede(first, graph.creator(taker), true);
      precede(first, graph.alterer(taker), true);
    }
  }
  for (const [id, { last }] of input.decided.alterations) {
    const finish = graph.steps.get(`finish:${id}`);
    for (const other of [id, ...last?.after ?? []]) {
      precede(graph.alterer(other), finish, true);
      precede(graph.creator(other), finish, true);
    }
  }
}

function precedeAll(firsts: readonly Step[], second: Step | undefined, must: boolean): void {
  for (const first of firsts) precede(first, second, must);
}

function allDependsOn(object: SchemaObject): readonly string[] {
  return object.parent === null || object.dependsOn.includes(object.parent)
    ? object.dependsOn
    : [object.parent, ...object.dependsOn];
}

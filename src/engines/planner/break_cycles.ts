/** Steps in an order, where cycles between them are broken. */

import type { Snapshot } from "../../core/snapshot.ts";
import type { ObjectKind, PlanContext } from "../object_kind.ts";
import type { Actions } from "./actions.ts";
import { cyclesOf } from "./cycles.ts";
import { addEdges } from "./edges.ts";
import type { Graph, GraphInput, Step } from "./graph.ts";
import { stepsOf } from "./steps.ts";
import { topologicalSort } from "./topological_sort.ts";

/** What the order is made from. */
export interface OrderInput {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly kinds: ReadonlyMap<string, ObjectKind>;
  readonly decided: Actions;
  readonly context: PlanContext;
}

/** Orders the steps; members leave their CREATE, and drops become explicit, until no cycle is left that this breaks. */
export function orderedSteps(input: OrderInput): readonly Step[] {
  const outlined = new Set<string>();
  const explicit = new Set<string>();
  for (;;) {
    const graph = stepsOf({ ...input, outlined, explicit });
    addEdges({ ...input, outlined, explicit }, graph);
    const before = outlined.size + explicit.size;
    for (const cycle of cyclesOf(graph)) breakCycle(cycle, graph, { ...input, outlined, explicit });
    if (outlined.size + explicit.size === before) return topologicalSort(graph);
  }
}

interface Breaking extends GraphInput {
  readonly outlined: Set<string>;
  readonly explicit: Set<string>;
}

/**
 * Takes members out of their CREATE, or gives objects a DROP of their own, where that breaks a cycle: what would be dropped with
 * something else, or by the rebuild of one table while the rebuild of another cannot have it there any more.
 */
function breakCycle(cycle: readonly Step[], graph: Graph, input: Breaking): void {
  const members = membersToOutline(cycle, graph);
  if (members.length > 0) {
    for (const id of members) input.outlined.add(id);
    return;
  }
  const known = input.explicit.size;
  for (const id of dropsToState(cycle, graph, input)) input.explicit.add(id);
  if (input.explicit.size > known) return;
  for (const id of membersToRename(cycle, graph, input)) input.outlined.add(id);
}

/** Members that depend on another step of the cycle; columns, which have an order, only where nothing else does. */
function membersToOutline(cycle: readonly Step[], graph: Graph): readonly string[] {
  const inCycle = new Set(cycle);
  const members = cycle.flatMap((step) =>
    step.members.filter((member) =>
      member.dependsOn.some((id) => {
        const other = graph.creator(id) ?? graph.alterer(id);
        return other !== undefined && other !== step && inCycle.has(other);
      })
    )
  );
  const unordered = members.filter(({ position }) => position === undefined);
  return (unordered.length > 0 ? unordered : members).map(({ id }) => id);
}

/** Objects that are dropped with others by a step of the cycle, and depend on what another step of it drops or recreates. */
function dropsToState(cycle: readonly Step[], graph: Graph, input: Breaking): readonly string[] {
  const { decided, from, explicit } = input;
  const inCycle = new Set(cycle);
  return [...decided.actions.keys()].filter((id) => {
    const object = from.objects.get(id);
    if (object === undefined || object.position !== undefined || explicit.has(id)) return false;
    const droppers = graph.droppers(id);
    if (droppers.some((step) => step.object.id === id)) return false;
    if (!droppers.some((step) => inCycle.has(step))) return false;
    if (decided.droppedBy.has(id)) {
      return cycle.some((step) =>
        !droppers.includes(step) && step.action === "alter" &&
        (decided.alterations.get(step.object.id)?.recreates ?? []).includes(id)
      );
    }
    return object.dependsOn.some((other) =>
      graph.droppers(other).some((step) => inCycle.has(step) && !droppers.includes(step))
    );
  });
}

/** Members that take a name which a step of the cycle makes free. */
function membersToRename(
  cycle: readonly Step[],
  graph: Graph,
  { kinds, decided, from }: Breaking,
): readonly string[] {
  const inCycle = new Set(cycle);
  const reserved = new Set<string>();
  for (const id of decided.actions.keys()) {
    const object = from.objects.get(id);
    if (object === undefined || !graph.droppers(id).some((step) => inCycle.has(step))) continue;
    for (const name of kinds.get(object.kind)?.reservedNames?.(object) ?? []) reserved.add(name);
  }
  return cycle.flatMap((step) => step.members)
    .filter((member) =>
      (kinds.get(member.kind)?.reservedNames?.(member) ?? []).some((name) => reserved.has(name))
    )
    .map(({ id }) => id);
}

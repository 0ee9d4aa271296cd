/** What happens to each object: which alterations work in place, and what they and the drops drag along. */

import type { Change, SchemaObject } from "../../schema.ts";
import type { Alteration, KeptRows, ObjectKind, PlanContext } from "../object_kind.ts";
import { relationsOf, vanishesWith } from "./relations.ts";

/** The fate of one object. */
export type Fate = "create" | "drop" | "alter" | "replace";

/** The decisions of a plan; everything that is not named is kept. */
export interface Decisions {
  readonly fates: Map<string, Fate>;
  /** How the altered ones are altered. */
  readonly alterations: Map<string, Alteration>;
  /** Objects that an alteration takes away by itself, and whose. */
  readonly takenBy: Map<string, string>;
  /** Objects whose change another object's alteration carries out, and whose. */
  readonly absorbedBy: ReadonlyMap<string, string>;
  /** What has to wait until an object is there, by the id of that object. */
  readonly displaced: ReadonlyMap<string, readonly string[]>;
  /** On whose account an object is replaced: its own, or that of the object that changes or goes. */
  readonly causes: ReadonlyMap<string, string>;
  /** What becomes of the rows of replaced objects that keep them. */
  readonly kept: ReadonlyMap<string, KeptRows>;
}

/** Decides all changes until nothing more is dragged along. */
export function decide(
  changes: readonly Change[],
  kinds: ReadonlyMap<string, ObjectKind>,
  context: PlanContext,
  fates: Map<string, Fate>,
): Decisions {
  const { from, to } = context;
  const takenBy = new Map<string, string>();
  const absorbedBy = new Map<string, string>();
  const displaced = new Map<string, readonly string[]>();
  const alterations = new Map<string, Alteration>();
  const alters = new Map<string, Extract<Change, { op: "alter" }>>();

  for (const change of changes) {
    const carrier = kinds.get(change.kind)?.absorbedBy?.(change, context) ?? null;
    const before = carrier === null ? undefined : from.objects.get(carrier);
    const after = carrier === null ? undefined : to.objects.get(carrier);
    if (before !== undefined && after !== undefined) {
      absorbedBy.set(change.id, before.id);
      if (!alters.has(before.id)) {
        alters.set(before.id, {
          op: "alter",
          kind: before.kind,
          id: before.id,
          before,
          after,
          facts: [],
        });
      }
      continue;
    }
    if (change.op === "alter") alters.set(change.id, change);
    else fates.set(change.id, change.op);
  }
  for (const id of alters.keys()) fates.set(id, "alter");

  const dependents = relationsOf(from).dependents;
  const dragged: string[] = [];
  const causes = new Map<string, string>();
  const replace = (id: string, cause: string) => {
    if (!to.objects.has(id)) return;
    const fate = fates.get(id);
    if (fate === "replace" || fate === "drop") return;
    if (fate === "alter") release(id);
    fates.set(id, "replace");
    causes.set(id, cause);
    alterations.delete(id);
    alters.delete(id);
    dragged.push(id);
  };
  /** What an object would have carried out stands by itself once that is made again. */
  const release = (carrier: string) => {
    for (const [id, by] of absorbedBy) {
      if (by !== carrier) continue;
      absorbedBy.delete(id);
      if (!from.objects.has(id)) fates.set(id, "create");
      if (to.objects.has(id)) continue;
      fates.set(id, "drop");
      dragged.push(id);
    }
  };
  const drag = () => {
    for (let id = dragged.pop(); id !== undefined; id = dragged.pop()) {
      const leaving = id;
      for (const dependent of dependents.get(leaving) ?? []) {
        const altered = fates.get(absorbedBy.get(dependent.id) ?? dependent.id) === "alter" ||
          kinds.get(dependent.kind)?.isFreed?.(dependent, leaving, context) === true;
        const stays = altered && staysThrough(dependent, leaving, context) &&
          !waitsForName(dependent, leaving, kinds, context);
        if (!stays) replace(dependent.id, leaving);
      }
    }
  };

  const displace = () => {
    const before = countReplaced(fates);
    for (const [id, fate] of [...fates]) {
      const object = fate === "create" || fate === "replace" ? to.objects.get(id) : undefined;
      if (object === undefined) continue;
      const others = kinds.get(object.kind)?.displaces?.(object, context) ?? [];
      displaced.set(id, others);
      for (const other of others) if (from.objects.has(other)) replace(other, id);
    }
    drag();
    return countReplaced(fates) !== before;
  };

  for (const [id, fate] of fates) if (fate === "drop") dragged.push(id);
  drag();
  for (let settled = false; !settled;) {
    settled = !displace();
    for (const [id, change] of [...alters]) {
      if (fates.get(id) !== "alter") continue;
      const alteration = kinds.get(change.kind)?.alter(change, context) ?? "replace";
      if (alteration === "replace") {
        replace(id, id);
        drag();
        settled = false;
        continue;
      }
      alterations.set(id, alteration);
      const before = fates.size + takenBy.size + countReplaced(fates);
      for (const taken of alteration.takes ?? []) {
        takenBy.set(taken, id);
        replace(taken, id);
      }
      for (const rebuilt of alteration.rebuilds ?? []) replace(rebuilt, id);
      drag();
      if (fates.size + takenBy.size + countReplaced(fates) !== before) settled = false;
    }
  }
  const kept = new Map<string, KeptRows>();
  for (const [id, fate] of fates) {
    const before = from.objects.get(id);
    const after = to.objects.get(id);
    if (fate !== "replace" || before === undefined || after === undefined) continue;
    const rows = kinds.get(before.kind)?.keepsRows?.(before, after, context) ?? null;
    if (rows !== null) kept.set(id, rows);
  }
  return { fates, alterations, takenBy, absorbedBy, displaced, causes, kept };
}

/** True when `dependent`, once altered, has nothing to do with `leaving` any more, or is gone itself. */
function staysThrough(dependent: SchemaObject, leaving: string, context: PlanContext): boolean {
  const after = context.to.objects.get(dependent.id);
  if (after === undefined) return true;
  return !after.needs.includes(leaving) && !vanishesWith(after, leaving);
}

/**
 * True when `dependent`, to be altered, needs something new that takes over a name of `leaving`: it would have to be altered before
 * the one leaves and after the other is there.
 */
function waitsForName(
  dependent: SchemaObject,
  leaving: string,
  kinds: ReadonlyMap<string, ObjectKind>,
  { from, to, fate }: PlanContext,
): boolean {
  const slotsOf = (object: SchemaObject | undefined) =>
    object === undefined ? [] : kinds.get(object.kind)?.slots?.(object) ?? [];
  const held = new Set(slotsOf(from.objects.get(leaving)));
  if (held.size === 0) return false;
  return (to.objects.get(dependent.id)?.needs ?? []).some((need) =>
    need !== leaving && ["create", "replace"].includes(fate(need)) &&
    slotsOf(to.objects.get(need)).some((slot) => held.has(slot))
  );
}

function countReplaced(fates: ReadonlyMap<string, Fate>): number {
  let count = 0;
  for (const fate of fates.values()) if (fate === "replace") count++;
  return count;
}

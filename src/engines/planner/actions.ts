/** What a plan does with each object: which changes work in place, and what they and the drops force on dependents. */

import type { AlterChange, Change } from "../../core/change.ts";
import type { SchemaObject } from "../../core/snapshot.ts";
import type { Alteration, ObjectKind, PlanContext, PreservedRows } from "../object_kind.ts";
import { dependenciesOf, isDroppedWith } from "./dependencies.ts";

/** What is done with one object; `replace` is a drop and a create. */
export type Action = "create" | "drop" | "alter" | "replace";

/** The actions of a plan; an object that is not named is kept. */
export interface Actions {
  readonly actions: ReadonlyMap<string, Action>;
  /** How the altered objects are altered. */
  readonly alterations: ReadonlyMap<string, Alteration>;
  /** Objects that the alteration of another object drops, and that object. */
  readonly droppedBy: ReadonlyMap<string, string>;
  /** Objects whose change is carried out by the alteration of another object, and that object. */
  readonly alteredBy: ReadonlyMap<string, string>;
  /** Objects before which an object is created, by the id of that object. */
  readonly createdBefore: ReadonlyMap<string, readonly string[]>;
  /** Why an object is replaced: the id of the object that changes or is dropped, often its own. */
  readonly causes: ReadonlyMap<string, string>;
  /** How the rows of replaced and dropped objects are preserved, where they are. */
  readonly preserved: ReadonlyMap<string, PreservedRows>;
}

/** Settles the actions of all changes, until no action forces another one; `actions` is filled and may be read by `context` meanwhile. */
export function settleActions(
  changes: readonly Change[],
  kinds: ReadonlyMap<string, ObjectKind>,
  context: PlanContext,
  actions: Map<string, Action>,
): Actions {
  const settlement = new Settlement(kinds, context, actions);
  settlement.begin(changes);
  for (let settled = false; !settled;) settled = settlement.round();
  return settlement.end();
}

class Settlement {
  readonly #kinds: ReadonlyMap<string, ObjectKind>;
  readonly #context: PlanContext;
  readonly #actions: Map<string, Action>;
  readonly #alters = new Map<string, AlterChange>();
  readonly #alterations = new Map<string, Alteration>();
  readonly #droppedBy = new Map<string, string>();
  readonly #alteredBy = new Map<string, string>();
  readonly #createdBefore = new Map<string, readonly string[]>();
  readonly #causes = new Map<string, string>();
  /** Dropped or replaced objects whose dependents were not looked at yet. */
  readonly #dropped: string[] = [];

  constructor(
    kinds: ReadonlyMap<string, ObjectKind>,
    context: PlanContext,
    actions: Map<string, Action>,
  ) {
    this.#kinds = kinds;
    this.#context = context;
    this.#actions = actions;
  }

  /** Takes the changes as they are, each for itself or as a part of another object's alteration. */
  begin(changes: readonly Change[]): void {
    const { from, to } = this.#context;
    for (const change of changes) {
      const carrier = this.#kinds.get(change.kind)?.alteredBy?.(change, this.#context) ?? "";
      const [before, after] = [from.objects.get(carrier), to.objects.get(carrier)];
      if (before !== undefined && after !== undefined) {
        this.#alteredBy.set(change.id, before.id);
        if (!this.#alters.has(before.id)) this.#alters.set(before.id, alterOf(before, after));
      } else if (change.op === "alter") this.#alters.set(change.id, change);
      else this.#actions.set(change.id, change.op);
    }
    for (const id of this.#alters.keys()) this.#actions.set(id, "alter");
    for (const [id, action] of this.#actions) if (action === "drop") this.#dropped.push(id);
    this.#settleDependents();
  }

  /** Asks every kind once more how it alters its objects; true when nothing came of it. */
  round(): boolean {
    let settled = !this.#settleCreatedBefore();
    for (const [id, change] of [...this.#alters]) {
      if (this.#actions.get(id) !== "alter") continue;
      const alteration = this.#kinds.get(change.kind)?.alter(change, this.#context) ?? "replace";
      if (alteration === "replace") {
        this.#replace(id, id);
        this.#settleDependents();
        settled = false;
      } else if (this.#settleAlteration(id, alteration)) settled = false;
    }
    return settled;
  }

  end(): Actions {
    return {
      actions: this.#actions,
      alterations: this.#alterations,
      droppedBy: this.#droppedBy,
      alteredBy: this.#alteredBy,
      createdBefore: this.#createdBefore,
      causes: this.#causes,
      preserved: this.#preservedRows(),
    };
  }

  /** True when the alteration forces something new on other objects. */
  #settleAlteration(id: string, alteration: Alteration): boolean {
    this.#alterations.set(id, alteration);
    const before = this.#progress();
    for (const dropped of alteration.alsoDrops ?? []) {
      this.#droppedBy.set(dropped, id);
      this.#replace(dropped, id);
    }
    for (const recreated of alteration.recreates ?? []) this.#replace(recreated, id);
    this.#settleDependents();
    return this.#progress() !== before;
  }

  /** What is there although a new object is to be created before it is replaced; true when something is. */
  #settleCreatedBefore(): boolean {
    const { from, to } = this.#context;
    const before = this.#progress();
    for (const [id, action] of [...this.#actions]) {
      const object = isCreated(action) ? to.objects.get(id) : undefined;
      if (object === undefined) continue;
      const others = this.#kinds.get(object.kind)?.createdBefore?.(object, this.#context) ?? [];
      this.#createdBefore.set(id, others);
      for (const other of others) if (from.objects.has(other)) this.#replace(other, id);
    }
    this.#settleDependents();
    return this.#progress() !== before;
  }

  #replace(id: string, cause: string): void {
    if (!this.#context.to.objects.has(id)) return;
    const action = this.#actions.get(id);
    if (action === "replace" || action === "drop") return;
    if (action === "alter") this.#release(id);
    this.#actions.set(id, "replace");
    this.#causes.set(id, cause);
    this.#alterations.delete(id);
    this.#alters.delete(id);
    this.#dropped.push(id);
  }

  /** What the alteration of an object would have carried out is done by itself once that is replaced. */
  #release(carrier: string): void {
    const { from, to } = this.#context;
    for (const [id, by] of this.#alteredBy) {
      if (by !== carrier) continue;
      this.#alteredBy.delete(id);
      if (!from.objects.has(id)) this.#actions.set(id, "create");
      if (to.objects.has(id)) continue;
      this.#actions.set(id, "drop");
      this.#dropped.push(id);
    }
  }

  /** Replaces what depends on dropped objects and is not altered so that it no longer does. */
  #settleDependents(): void {
    const { dependents } = dependenciesOf(this.#context.from);
    for (let id = this.#dropped.pop(); id !== undefined; id = this.#dropped.pop()) {
      for (const dependent of dependents.get(id) ?? []) {
        if (!this.#staysThrough(dependent, id)) this.#replace(dependent.id, id);
      }
    }
  }

  /** True for a dependent that is altered and then has nothing to do with `dropped`, or is dropped itself. */
  #staysThrough(dependent: SchemaObject, dropped: string): boolean {
    const carrier = this.#alteredBy.get(dependent.id) ?? dependent.id;
    const isAltered = this.#actions.get(carrier) === "alter" ||
      this.#kinds.get(dependent.kind)?.isFreed?.(dependent, dropped, this.#context) === true;
    if (!isAltered || this.#waitsForName(dependent, dropped)) return false;
    const after = this.#context.to.objects.get(dependent.id);
    return after === undefined ||
      (!after.dependsOn.includes(dropped) && !isDroppedWith(after, dropped));
  }

  /**
   * True when `dependent`, to be altered, depends on something new that takes over a name of `dropped`: it would have to be altered
   * before the one is dropped and after the other is created.
   */
  #waitsForName(dependent: SchemaObject, dropped: string): boolean {
    const { from, to } = this.#context;
    const reserved = new Set(this.#reservedNames(from.objects.get(dropped)));
    if (reserved.size === 0) return false;
    return (to.objects.get(dependent.id)?.dependsOn ?? []).some((id) =>
      id !== dropped && isCreated(this.#actions.get(id)) &&
      this.#reservedNames(to.objects.get(id)).some((name) => reserved.has(name))
    );
  }

  #reservedNames(object: SchemaObject | undefined): readonly string[] {
    return object === undefined ? [] : this.#kinds.get(object.kind)?.reservedNames?.(object) ?? [];
  }

  #preservedRows(): ReadonlyMap<string, PreservedRows> {
    const { from, to } = this.#context;
    const preserved = new Map<string, PreservedRows>();
    for (const [id, action] of this.#actions) {
      const [before, after] = [from.objects.get(id), to.objects.get(id)];
      const kind = this.#kinds.get(before?.kind ?? "");
      if (before === undefined || kind === undefined) continue;
      const rows = action === "drop"
        ? kind.moveRows?.(before, this.#context) ?? null
        : action === "replace" && after !== undefined
        ? kind.preserveRows?.(before, after, this.#context) ?? null
        : null;
      if (rows !== null) preserved.set(id, rows);
    }
    return preserved;
  }

  /** Grows with every action that is settled. */
  #progress(): number {
    let replaced = 0;
    for (const action of this.#actions.values()) if (action === "replace") replaced++;
    return this.#actions.size + this.#droppedBy.size + replaced;
  }
}

/** An alteration of an object whose own facts stay. */
function alterOf(before: SchemaObject, after: SchemaObject): AlterChange {
  return { op: "alter", kind: before.kind, id: before.id, before, after, facts: [] };
}

function isCreated(action: Action | undefined): boolean {
  return action === "create" || action === "replace";
}

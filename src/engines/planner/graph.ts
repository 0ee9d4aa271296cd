/** Steps of a plan and what must come before what. */

import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import type { ObjectKind, PlanContext } from "../object_kind.ts";
import type { Actions } from "./actions.ts";

/**
 * One step: a drop, a create with the members that it carries, an alteration, which may leave its place before and finish after others, or
 * rows that are saved and restored.
 */
export interface Step {
  readonly key: string;
  readonly action: "drop" | "create" | "alter" | "leave" | "finish" | "save" | "restore";
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
  readonly decided: Actions;
  readonly context: PlanContext;
  /** Members that are created on their own although their parent could carry them. */
  readonly outlined: ReadonlySet<string>;
  /** Objects that are dropped by a statement of their own although they would be dropped with another. */
  readonly explicit: ReadonlySet<string>;
}

/** The steps of a plan with their order. */
export interface Graph {
  readonly steps: ReadonlyMap<string, Step>;
  /** The step that creates an object, where one does. */
  creator(id: string): Step | undefined;
  /** The step that alters an object, where one does. */
  alterer(id: string): Step | undefined;
  /** The steps that drop an object. */
  droppers(id: string): readonly Step[];
}

/** Puts `first` before `second`, where both are there; an edge that is a must is never weakened. */
export function precede(first: Step | undefined, second: Step | undefined, must: boolean): void {
  if (first === undefined || second === undefined || first === second) return;
  first.after.set(second.key, must || (first.after.get(second.key) ?? false));
}

/** How one kind of object is written; a dialect is a list of these, and the planner in this folder puts their statements in order. */

import type { AlterChange, Change } from "../core/change.ts";
import type { Choice, ValueQuestion } from "../core/choice.ts";
import type { Hints } from "../core/plan.ts";
import type { SchemaObject, Snapshot } from "../core/snapshot.ts";
import type { PlannedStatement } from "../core/statement.ts";

/** What a kind can ask while it writes. */
export interface PlanContext {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly hints: Hints;
  /** Settles a choice: gives the answer in force (flag, annotation, person, model, else the fallback), or null while it is open. Records it in the plan. */
  choose(choice: Omit<Choice, "answer">): Choice["answer"];
  /** The value that passes, as the database says, or the usual one while it was not asked. Records the question in the plan. */
  passing(question: ValueQuestion): string;
  /** Objects of `from` that depend on `id`, directly. */
  dependents(id: string): readonly SchemaObject[];
  /** Objects of a snapshot whose parent is `id`, in position order, then by id. */
  members(snapshot: Snapshot, id: string): readonly SchemaObject[];
  /** What the plan does with an object of either snapshot; `keep` when nothing. */
  action(id: string): "keep" | "create" | "drop" | "alter" | "replace";
}

/** What it takes to get from one object to the other without dropping it. */
export interface Alteration {
  readonly statements: readonly PlannedStatement[];
  /** Statements in front of those, by which it gives up its place: earlier where another object takes that. */
  readonly first?: readonly PlannedStatement[];
  /** Statements once other objects are there too. */
  readonly last?: {
    readonly statements: readonly PlannedStatement[];
    /** Ids of those objects. */
    readonly after: readonly string[];
  };
  /**
   * Ids of objects of `from` that prevent it: they are dropped before and, where `to` still has them, recreated after
   * (a view on a column whose type changes). So are their own dependents, by themselves.
   */
  readonly recreates?: readonly string[];
  /** Ids of objects of `from` that the statements themselves drop (indexes of a table that is copied); recreated after where `to` has them. */
  readonly alsoDrops?: readonly string[];
  /** Ids of objects whose own alteration or creation, where there is one, must come after this one. */
  readonly alteredBefore?: readonly string[];
  /** Ids of objects whose own change of any kind, where there is one, must come before this one. */
  readonly alteredAfter?: readonly string[];
}

/** Rows of an object that is dropped, and recreated or replaced by others: how they are saved and restored. */
export interface PreservedRows {
  /** Statements that save them, before anything of the object is dropped. */
  readonly save: readonly PlannedStatement[];
  /** Statements that restore them. */
  readonly restore: readonly PlannedStatement[];
  /** Ids of other objects of `from` that store some of the rows: altered before the rows are saved, dropped after. */
  readonly sources: readonly string[];
  /** Ids of objects of `to` that must be there before the rows are restored. */
  readonly targets: readonly string[];
  /** Ids of objects of `to` that are created after the rows are restored, each by a statement of its own. */
  readonly createdAfter: readonly string[];
}

/** One kind of object in `create / alter / drop` shape. */
export interface ObjectKind {
  readonly kind: string;
  /** Order among objects that are otherwise free: lower is created earlier and dropped later. Convention: containers 0-9, types 10-19, tables 20-29, table members 30-39, code 40-49, views 50-59, triggers and policies 60-69, privileges and comments 90-99. */
  readonly rank: number;
  /** True when the CREATE of `parent` can carry this member (a column, a primary key); it is then passed in `members` and not created on its own. */
  inline?(member: SchemaObject, parent: SchemaObject, to: Snapshot): boolean;
  /** Names that cannot exist twice at a time (`relation public.users`), so that a drop comes before a create of the same name; default none. */
  reservedNames?(object: SchemaObject): readonly string[];
  /** What it has a place in that no two can share: the table that it is a partition of, the place being its bound; default null. */
  placedIn?(object: SchemaObject): string | null;
  /** True when the place of `before` must be given up before `after` can have its own. */
  overlaps?(before: SchemaObject, after: SchemaObject): boolean;
  /** Statements that make the object with the given inlined members; the reason of the one that does is `created`. */
  create(
    object: SchemaObject,
    members: readonly SchemaObject[],
    context: PlanContext,
  ): readonly PlannedStatement[];
  /** Statements that drop it, for the reason `dropped`. Not called when its parent, or something that it is `droppedWith`, is dropped too. */
  drop(object: SchemaObject, context: PlanContext): readonly PlannedStatement[];
  /** In place, or `replace` for drop and create with all dependents. `change.facts` names what differs. */
  alter(change: AlterChange, context: PlanContext): Alteration | "replace";
  /**
   * Ids of objects of `to` that must not be there before the new object: they would give it something that it is not to have (indexes
   * of a partitioned table, to a partition), or stand in its place (a parent's column that a child has by itself as well). They are
   * created after it, and so recreated where they are there already.
   */
  createdBefore?(object: SchemaObject, context: PlanContext): readonly string[];
  /** Ids of objects of either snapshot whose own change of any kind comes before this one is created, where it can: it takes over what they are. */
  takesOver?(object: SchemaObject, context: PlanContext): readonly string[];
  /** How the rows of an object that is dropped and recreated are preserved; null where they are lost. Absent where there are no rows. */
  preserveRows?(
    before: SchemaObject,
    after: SchemaObject,
    context: PlanContext,
  ): PreservedRows | null;
  /** How the rows of an object that is dropped get to others that take its place; null where they are lost. */
  moveRows?(before: SchemaObject, context: PlanContext): PreservedRows | null;
  /** True where the alteration of another object frees it from what is to leave (a column that a table had from its type). */
  isFreed?(object: SchemaObject, leaving: string, context: PlanContext): boolean;
  /** The object whose `alter` carries this change out, when that object is on both sides (SQLite: a column's table); its alter is then called with the facts that differ, often none. */
  alteredBy?(change: Change, context: PlanContext): string | null;
  /** Text that may name other objects without the catalog knowing (a function's body); they are made before it where possible. */
  mentions?(object: SchemaObject): string | null;
  /** Ids of tables that it stores whole rows of: where possible their columns change before it is created, and after it is dropped. */
  storesRowsOf?(object: SchemaObject): readonly string[];
  /** True when a rename must be answered by the user because rows or uses hang on it (tables, columns, types); otherwise equal facts are enough. */
  readonly asksRename?: boolean;
  /** True for an object that is renamed along with another one (an inherited column), so that nobody is asked about it. */
  followsRename?(object: SchemaObject): boolean;
  /** True where the values of one usually fit the other although their types differ (varchar and text), so that it may be one under two names. */
  isCompatible?(before: SchemaObject, after: SchemaObject): boolean;
  /** True where the two can only be one object under two names, whatever else differs (the part that a partition has of an index). */
  isSame?(before: SchemaObject, after: SchemaObject): boolean;
  /** Statements that move an object which keeps its id, where all that depends on it is written otherwise after: they run among the renames. Empty where it does not move, or cannot. */
  move?(before: SchemaObject, after: SchemaObject): readonly PlannedStatement[];
  /** Set where a rename keeps something worth keeping (rows, dependents): gives the statement. Names are the full `name`s. */
  rename?(object: SchemaObject, to: SchemaObject, from: Snapshot): readonly PlannedStatement[];
}

/** Planned statements and their usual reasons. */

import type { Because, Reason, RowDeed, Subject } from "../../core/reason.ts";
import type { SchemaObject } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";

/** What a statement carries besides its text, what it serves and its reason. */
export type StatementFacts = Partial<
  Pick<
    PlannedStatement,
    "transactional" | "alone" | "comment" | "destroys" | "rewrites" | "reversible" | "failsOn"
  >
>;

/** A statement for one or more objects, the first the one that it is grouped under; transactional unless `facts` say otherwise. */
export function statement(
  sql: string,
  serves: SchemaObject | readonly SchemaObject[],
  reason: Reason,
  facts: StatementFacts = {},
): PlannedStatement {
  const objects = "id" in serves ? [serves] : serves;
  return { sql, serves: objects.map(({ id }) => id), reason, transactional: true, ...facts };
}

/** The statements under a comment that says which step they are. */
export function step(
  comment: string,
  [first, ...rest]: readonly PlannedStatement[],
): readonly PlannedStatement[] {
  return first === undefined ? [] : [{ ...first, comment }, ...rest];
}

/** An object as a reason names it. */
export function subjectOf({ kind, name }: Subject): Subject {
  return { kind, name };
}

/** The object is created. */
export function created(object: Subject): Reason {
  return { action: "create", object: subjectOf(object) };
}

/** The object is dropped. */
export function dropped(object: Subject): Reason {
  return { action: "drop", object: subjectOf(object) };
}

/** The object gets another definition in its place. */
export function replaced(object: Subject): Reason {
  return { action: "replace", object: subjectOf(object) };
}

/** An attribute of the object gets a value; null takes it away, without one it only changes. */
export function attributeSet(
  object: Subject,
  attribute: string,
  to?: string | null,
): Extract<Reason, { readonly action: "set" }> {
  const reason = { action: "set", object: subjectOf(object), attribute } as const;
  return to === undefined ? reason : { ...reason, to };
}

/** The object becomes something: `NOT NULL`, `unlogged`. */
export function becomes(object: Subject, state: string): Reason {
  return { action: "become", object: subjectOf(object), state };
}

/** The object is no longer something. */
export function ceases(object: Subject, state: string): Reason {
  return { action: "cease", object: subjectOf(object), state };
}

/** The object is renamed. */
export function renamed(
  before: Subject,
  after: Pick<Subject, "name">,
): Extract<Reason, { readonly action: "rename" }> {
  return { action: "rename", object: subjectOf(before), to: after.name };
}

/** The object is dropped, or created again, because the server cannot do `operation` in place. */
export function recreated(
  action: "drop" | "recreate",
  object: Subject,
  operation: "replace" | "alter",
): Reason {
  return { action, object: subjectOf(object), because: { cause: "unsupported", operation } };
}

/** Something is done to the rows of the object. */
export function rowReason(action: RowDeed, object: Subject, because?: Because): Reason {
  const reason = { action, object: subjectOf(object) };
  return because === undefined ? reason : { ...reason, because };
}

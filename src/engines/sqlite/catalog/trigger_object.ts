/** A trigger: its stored statement, and the object that it gives. */

import { objectId, type SchemaObject } from "../../../core/snapshot.ts";
import { withoutOuterParentheses } from "../expression.ts";
import { makeObject } from "../facts.ts";
import { fold, isMark, type Token } from "../tokens.ts";
import { Cursor, type Fragment } from "./cursor.ts";
import { type Catalog, queryText, relationsNamed } from "./scope.ts";

/** What is true of a trigger. */
export interface TriggerFacts {
  /** Folded name of its table or view. */
  readonly on: string;
  /** `before`, `after` or `instead of`. */
  readonly timing: string;
  readonly event: string;
  /** Sorted columns of UPDATE OF. */
  readonly columns?: readonly string[];
  readonly when?: string;
  /** Its statements, without their semicolons. */
  readonly body: readonly string[];
}

/** How a trigger is written. */
export interface TriggerStyle {
  /** `AFTER UPDATE OF a, b`. */
  readonly head: string;
  readonly for_each_row?: boolean;
  readonly when?: string;
  readonly body: string;
}

/** A trigger as its statement says it. */
export interface TriggerText {
  readonly name: string;
  /** `before`, `after` or `instead of`. */
  readonly timing: string;
  readonly event: string;
  /** Columns of `UPDATE OF`. */
  readonly columns: readonly string[] | null;
  readonly table: string;
  readonly when: Fragment | null;
  /** Its statements, without their semicolons. */
  readonly body: readonly Fragment[];
  /** All of the body as its author wrote it. */
  readonly bodySource: string;
  /** As its author wrote it: `AFTER UPDATE OF a, b`. */
  readonly head: string;
  readonly forEachRow: boolean;
}

/** A trigger; its parent is its table or view. */
export function triggerObject(trigger: TriggerText, catalog: Catalog): SchemaObject {
  const id = objectId("trigger", fold(trigger.name));
  const parent = catalog.relations.get(fold(trigger.table)) ??
    objectId("table", fold(trigger.table));
  const tokens = [
    ...(trigger.when?.tokens ?? []),
    ...trigger.body.flatMap((statement) => statement.tokens),
  ];
  return makeObject({
    id,
    kind: "trigger",
    name: trigger.name,
    parent,
    facts: {
      on: fold(trigger.table),
      timing: trigger.timing,
      event: trigger.event,
      columns: trigger.columns === null ? null : [...trigger.columns].map(fold).sort(),
      when: trigger.when === null ? null : queryText(condition(trigger.when), catalog),
      body: trigger.body.map((statement) => queryText(statement, catalog)),
    },
    style: {
      head: trigger.head,
      for_each_row: trigger.forEachRow,
      when: trigger.when?.source ?? null,
      body: trigger.bodySource,
    },
    dependsOn: [parent, ...relationsNamed(tokens, catalog, parent)],
    droppedWith: [parent],
  });
}

function condition(fragment: Fragment): Fragment {
  return { ...fragment, tokens: withoutOuterParentheses(fragment.tokens) };
}

/** Reads a stored CREATE TRIGGER. Throws UnreadableStatement. */
export function readTrigger(sql: string): TriggerText {
  const cursor = new Cursor(sql);
  cursor.expect("create");
  if (!cursor.takes("temp")) cursor.takes("temporary");
  cursor.expect("trigger");
  cursor.takes("if", "not", "exists");
  const name = cursor.qualifiedName();
  const start = cursor.mark();
  let timing = "before";
  if (cursor.takes("after")) timing = "after";
  else if (cursor.takes("instead", "of")) timing = "instead of";
  else cursor.takes("before");
  const event = cursor.word();
  const columns = cursor.takes("of") ? readNames(cursor) : null;
  const head = cursor.source(cursor.since(start));
  cursor.expect("on");
  const table = cursor.qualifiedName();
  const forEachRow = cursor.takes("for", "each", "row");
  const when = cursor.takes("when") ? cursor.fragment(cursor.until("begin")) : null;
  cursor.expect("begin");
  const inside = cursor.rest().slice(0, -1);
  const body = statements(inside).map((tokens) => cursor.fragment(tokens));
  const bodySource = cursor.source(inside);
  return { name, timing, event, columns, table, when, body, bodySource, head, forEachRow };
}

function readNames(cursor: Cursor): readonly string[] {
  const names = [cursor.name()];
  while (cursor.takesMark(",")) names.push(cursor.name());
  return names;
}

function statements(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const found: Token[][] = [[]];
  for (const token of tokens) {
    if (isMark(token, ";")) found.push([]);
    else found.at(-1)?.push(token);
  }
  return found.filter((statement) => statement.length > 0);
}

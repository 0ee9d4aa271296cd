/** Reads the stored statements of everything but tables. */

import { isMark, type Token } from "../tokens.ts";
import { Cursor, listItems, UnreadableStatement } from "./cursor.ts";
import type { Fragment } from "./table_text.ts";

/** An index as its statement says it. */
export interface IndexText {
  readonly name: string;
  readonly table: string;
  readonly unique: boolean;
  readonly terms: readonly IndexTerm[];
  readonly where: Fragment | null;
}

/** One indexed column or expression. */
export interface IndexTerm {
  readonly expression: Fragment;
  readonly collate: string | null;
  readonly descending: boolean;
  /** All of it. */
  readonly tokens: readonly Token[];
}

/** Reads a stored CREATE INDEX. Throws UnreadableStatement. */
export function readIndex(sql: string): IndexText {
  const cursor = new Cursor(sql);
  cursor.expect("create");
  const unique = cursor.takes("unique");
  cursor.expect("index");
  cursor.takes("if", "not", "exists");
  const name = cursor.qualifiedName();
  cursor.expect("on");
  const table = cursor.name();
  const terms = listItems(cursor.parenthesis()).map((item) => readTerm(cursor, item));
  const where = cursor.takes("where") ? fragment(cursor, cursor.rest()) : null;
  if (!cursor.done) throw new UnreadableStatement("the end", cursor.peek());
  return { name, table, unique, terms, where };
}

function readTerm(cursor: Cursor, item: readonly Token[]): IndexTerm {
  let tokens = item;
  const last = (word: string) => {
    const token = tokens.at(-1);
    return tokens.length > 1 && token?.kind === "name" && token.text.toLowerCase() === word;
  };
  const descending = last("desc");
  if (descending || last("asc")) tokens = tokens.slice(0, -1);
  let collate: string | null = null;
  const word = tokens.at(-2);
  if (tokens.length > 2 && word?.kind === "name" && word.text.toLowerCase() === "collate") {
    collate = tokens.at(-1)?.value ?? null;
    tokens = tokens.slice(0, -2);
  }
  return { expression: fragment(cursor, tokens), collate, descending, tokens: item };
}

/** A view as its statement says it. */
export interface ViewText {
  readonly name: string;
  readonly columns: readonly string[] | null;
  readonly query: Fragment;
}

/** Reads a stored CREATE VIEW. Throws UnreadableStatement. */
export function readView(sql: string): ViewText {
  const cursor = new Cursor(sql);
  cursor.expect("create");
  if (!cursor.takes("temp")) cursor.takes("temporary");
  cursor.expect("view");
  cursor.takes("if", "not", "exists");
  const name = cursor.qualifiedName();
  const columns = cursor.seesMark("(")
    ? listItems(cursor.parenthesis()).map((item) => cursor.over(item).name())
    : null;
  cursor.expect("as");
  return { name, columns, query: fragment(cursor, cursor.rest()) };
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
  const when = cursor.takes("when") ? fragment(cursor, cursor.until("begin")) : null;
  cursor.expect("begin");
  const inside = cursor.rest().slice(0, -1);
  const body = statements(inside).map((tokens) => fragment(cursor, tokens));
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

/** A virtual table as its statement says it. */
export interface VirtualTableText {
  readonly name: string;
  readonly module: string;
  readonly args: readonly Fragment[];
}

/** Reads a stored CREATE VIRTUAL TABLE. Throws UnreadableStatement. */
export function readVirtualTable(sql: string): VirtualTableText {
  const cursor = new Cursor(sql);
  cursor.expect("create", "virtual", "table");
  cursor.takes("if", "not", "exists");
  const name = cursor.qualifiedName();
  cursor.expect("using");
  const module = cursor.name();
  const inside = cursor.seesMark("(") ? cursor.parenthesis() : [];
  const args = inside.length === 0
    ? []
    : listItems(inside).map((tokens) => fragment(cursor, tokens));
  return { name, module, args };
}

function fragment(cursor: Cursor, tokens: readonly Token[]): Fragment {
  return { tokens, source: cursor.source(tokens) };
}

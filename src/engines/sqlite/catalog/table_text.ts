/** Reads a stored CREATE TABLE: all that the pragmas do not tell. */

import { fold, isMark, isWord, type Token } from "../tokens.ts";
import { Cursor, listItems, UnreadableStatement } from "./cursor.ts";

/** A table as its statement says it. */
export interface TableText {
  readonly name: string;
  readonly columns: readonly ColumnText[];
  /** Those of columns and of the table, in the order of the text. */
  readonly constraints: readonly ConstraintText[];
  readonly strict: boolean;
  readonly withoutRowid: boolean;
  /** What follows the members. */
  readonly options: readonly Token[];
}

/** A run of tokens and the text they stand in. */
export interface Fragment {
  readonly tokens: readonly Token[];
  readonly source: string;
}

/** One column definition. */
export interface ColumnText {
  readonly name: string;
  /** Empty when it has no type. */
  readonly type: Fragment;
  readonly notNull: { readonly onConflict: string | null; readonly name: string | null } | null;
  readonly default: Fragment | null;
  readonly collate: string | null;
  readonly generated: { readonly expression: Fragment; readonly stored: boolean } | null;
  /** Its clauses in the order of the text; empty for one that is a constraint. */
  readonly clauses: readonly (readonly Token[])[];
}

/** One constraint; `inline` when it stands in a column definition. */
export type ConstraintText =
  & {
    readonly name: string | null;
    readonly inline: boolean;
    /** All of it, its name included. */
    readonly tokens: readonly Token[];
  }
  & (
    | {
      readonly type: "primary key" | "unique";
      readonly columns: readonly KeyPart[];
      readonly onConflict: string | null;
      readonly autoincrement: boolean;
    }
    | { readonly type: "check"; readonly expression: Fragment; readonly column: string | null }
    | {
      readonly type: "foreign key";
      readonly columns: readonly string[];
      readonly table: string;
      readonly references: readonly string[] | null;
      readonly onDelete: string | null;
      readonly onUpdate: string | null;
      readonly match: string | null;
      readonly deferred: boolean;
    }
  );

/** A column of a key. */
export interface KeyPart {
  readonly column: string;
  readonly collate: string | null;
  readonly descending: boolean;
}

/** Reads a stored CREATE TABLE. Throws UnreadableStatement. */
export function readTable(sql: string): TableText {
  const cursor = new Cursor(sql);
  cursor.expect("create");
  if (!cursor.takes("temp")) cursor.takes("temporary");
  cursor.expect("table");
  cursor.takes("if", "not", "exists");
  const name = cursor.qualifiedName();
  const items = listItems(cursor.parenthesis());
  const columns: ColumnText[] = [];
  const constraints: ConstraintText[] = [];
  for (const item of items) {
    const part = cursor.over(item);
    if (startsTableConstraint(item)) readTableConstraints(part, constraints);
    else columns.push(readColumn(part, constraints));
  }
  const options = readOptions(cursor);
  return { name, columns, constraints, ...options };
}

function readOptions(cursor: Cursor): Pick<TableText, "strict" | "withoutRowid" | "options"> {
  const start = cursor.mark();
  let strict = false;
  let withoutRowid = false;
  while (!cursor.done) {
    if (cursor.takes("strict")) strict = true;
    else if (cursor.takes("without", "rowid")) withoutRowid = true;
    else if (!cursor.takesMark(",")) throw new UnreadableStatement("table options", cursor.peek());
  }
  return { strict, withoutRowid, options: cursor.since(start) };
}

function startsTableConstraint(item: readonly Token[]): boolean {
  const first = item[0];
  return ["constraint", "unique", "check", "foreign", "primary"].some((word) =>
    isWord(first, word)
  );
}

const COLUMN_CLAUSES = [
  "constraint",
  "primary",
  "not",
  "null",
  "unique",
  "check",
  "default",
  "collate",
  "references",
  "as",
  "deferrable",
];

function readColumn(cursor: Cursor, constraints: ConstraintText[]): ColumnText {
  const name = cursor.name();
  const type = readType(cursor);
  let notNull: ColumnText["notNull"] = null;
  let fallback: Fragment | null = null;
  let collate: string | null = null;
  let generated: ColumnText["generated"] = null;
  const clauses: (readonly Token[])[] = [];
  while (!cursor.done) {
    const start = cursor.mark();
    const label = readLabel(cursor);
    if (cursor.done || cursor.sees("constraint")) continue;
    let isConstraint = false;
    if (cursor.takes("not", "null")) {
      notNull = { onConflict: readOnConflict(cursor), name: label };
    } else if (cursor.takes("null")) readOnConflict(cursor);
    else if (cursor.takes("default")) fallback = readDefault(cursor);
    else if (cursor.takes("collate")) collate = cursor.name();
    else if (cursor.sees("generated") || cursor.sees("as")) generated = readGenerated(cursor);
    else {
      const constraint = readColumnConstraint(cursor, name, label);
      constraints.push({ ...constraint, tokens: cursor.since(start) });
      isConstraint = true;
    }
    clauses.push(isConstraint ? [] : cursor.since(start));
  }
  return { name, type, notNull, default: fallback, collate, generated, clauses };
}

/** `CONSTRAINT name`; SQLite takes one that nothing follows. */
function readLabel(cursor: Cursor): string | null {
  return cursor.takes("constraint") ? cursor.name() : null;
}

function readType(cursor: Cursor): Fragment {
  const tokens: Token[] = [];
  for (let token = cursor.peek(); token !== undefined; token = cursor.peek()) {
    if (token.kind !== "name" && token.kind !== "quoted" && token.kind !== "string") break;
    if (COLUMN_CLAUSES.some((word) => isWord(token, word))) break;
    if (cursor.sees("generated", "always")) break;
    tokens.push(cursor.token());
  }
  if (tokens.length > 0 && cursor.seesMark("(")) {
    tokens.push(cursor.token());
    while (!isMark(tokens.at(-1), ")")) tokens.push(cursor.token());
  }
  return { tokens, source: cursor.source(tokens) };
}

/** A literal with or without a sign, a word, or an expression in parentheses; these are kept. */
function readDefault(cursor: Cursor): Fragment {
  const tokens: Token[] = [];
  if (cursor.seesMark("(")) {
    const open = cursor.peek();
    const inside = cursor.parenthesis();
    const close = cursor.peek(-1);
    if (open !== undefined && close !== undefined) tokens.push(open, ...inside, close);
  } else {
    if (cursor.seesMark("+") || cursor.seesMark("-")) tokens.push(cursor.token());
    tokens.push(cursor.token());
  }
  return { tokens, source: cursor.source(tokens) };
}

function readGenerated(cursor: Cursor): ColumnText["generated"] {
  cursor.takes("generated", "always");
  cursor.expect("as");
  const tokens = cursor.parenthesis();
  const stored = cursor.takes("stored");
  if (!stored) cursor.takes("virtual");
  return { expression: { tokens, source: cursor.source(tokens) }, stored };
}

/** A constraint before its tokens are known. */
type Wordless = ConstraintText extends infer One
  ? One extends ConstraintText ? Omit<One, "tokens"> : never
  : never;

function readColumnConstraint(
  cursor: Cursor,
  column: string,
  name: string | null,
): Wordless {
  if (cursor.takes("primary", "key")) {
    const descending = readDescending(cursor);
    const onConflict = readOnConflict(cursor);
    const autoincrement = cursor.takes("autoincrement");
    const columns = [{ column, collate: null, descending }];
    return { name, inline: true, type: "primary key", columns, onConflict, autoincrement };
  }
  if (cursor.takes("unique")) {
    const columns = [{ column, collate: null, descending: false }];
    const onConflict = readOnConflict(cursor);
    return { name, inline: true, type: "unique", columns, onConflict, autoincrement: false };
  }
  if (cursor.takes("check")) {
    return { name, inline: true, type: "check", expression: readCheck(cursor), column };
  }
  return { name, inline: true, ...readReferences(cursor, [column]) };
}

/** One or more constraints; SQLite does not insist on commas between them. */
function readTableConstraints(cursor: Cursor, constraints: ConstraintText[]): void {
  while (!cursor.done) {
    const start = cursor.mark();
    const name = readLabel(cursor);
    if (cursor.done || cursor.sees("constraint")) continue;
    const constraint = readTableConstraint(cursor, name);
    constraints.push({ ...constraint, tokens: cursor.since(start) });
  }
}

function readTableConstraint(cursor: Cursor, name: string | null): Wordless {
  if (cursor.takes("primary", "key")) return readKey(cursor, name, "primary key");
  if (cursor.takes("unique")) return readKey(cursor, name, "unique");
  if (cursor.takes("check")) {
    const expression = readCheck(cursor);
    readOnConflict(cursor);
    return { name, inline: false, type: "check", expression, column: null };
  }
  cursor.expect("foreign", "key");
  const columns = readNames(cursor);
  return { name, inline: false, ...readReferences(cursor, columns) };
}

function readKey(
  cursor: Cursor,
  name: string | null,
  type: "primary key" | "unique",
): Wordless {
  const inside = cursor.parenthesis();
  const autoincrement = isWord(inside.at(-1), "autoincrement");
  const columns = listItems(autoincrement ? inside.slice(0, -1) : inside).map((item) => {
    const part = cursor.over(item);
    const column = part.name();
    const collate = part.takes("collate") ? part.name() : null;
    return { column, collate, descending: readDescending(part) };
  });
  const onConflict = readOnConflict(cursor);
  return { name, inline: false, type, columns, onConflict, autoincrement };
}

function readCheck(cursor: Cursor): Fragment {
  const tokens = cursor.parenthesis();
  return { tokens, source: cursor.source(tokens) };
}

type ForeignKey = Omit<Extract<Wordless, { type: "foreign key" }>, "name" | "inline">;

function readReferences(cursor: Cursor, columns: readonly string[]): ForeignKey {
  cursor.expect("references");
  const table = cursor.name();
  const references = cursor.seesMark("(") ? readNames(cursor) : null;
  let [onDelete, onUpdate, match]: (string | null)[] = [null, null, null];
  let deferred = false;
  for (;;) {
    if (cursor.takes("on", "delete")) onDelete = readAction(cursor);
    else if (cursor.takes("on", "update")) onUpdate = readAction(cursor);
    else if (cursor.takes("on", "insert")) readAction(cursor);
    else if (cursor.takes("match")) match = fold(cursor.name());
    else if (cursor.sees("not", "deferrable") || cursor.sees("deferrable")) {
      deferred = readDeferred(cursor);
    } else break;
  }
  return {
    type: "foreign key",
    columns,
    table,
    references,
    onDelete: onDelete ?? null,
    onUpdate: onUpdate ?? null,
    match: match ?? null,
    deferred,
  };
}

/** `NO ACTION` is what holds without the clause. */
function readAction(cursor: Cursor): string | null {
  if (cursor.takes("no", "action")) return null;
  if (cursor.takes("set")) return `set ${cursor.word()}`;
  return cursor.word();
}

/** Only `DEFERRABLE INITIALLY DEFERRED` differs from no clause. */
function readDeferred(cursor: Cursor): boolean {
  const never = cursor.takes("not");
  cursor.expect("deferrable");
  const deferred = cursor.takes("initially", "deferred");
  if (!deferred) cursor.takes("initially", "immediate");
  return deferred && !never;
}

function readDescending(cursor: Cursor): boolean {
  const descending = cursor.takes("desc");
  if (!descending) cursor.takes("asc");
  return descending;
}

/** `ABORT` is what holds without the clause. */
function readOnConflict(cursor: Cursor): string | null {
  if (!cursor.takes("on", "conflict")) return null;
  const action = cursor.word();
  return action === "abort" ? null : action;
}

function readNames(cursor: Cursor): readonly string[] {
  return listItems(cursor.parenthesis()).map((item) => cursor.over(item).name());
}

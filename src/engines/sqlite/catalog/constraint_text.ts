/** Reads the constraints of a stored CREATE TABLE. */

import { fold, isWord, type Token } from "../tokens.ts";
import { type Cursor, type Fragment, listItems } from "./cursor.ts";

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

/** A constraint before its tokens are known. */
type Wordless = ConstraintText extends infer One
  ? One extends ConstraintText ? Omit<One, "tokens"> : never
  : never;

/** Reads `CONSTRAINT name`; SQLite takes one that nothing follows. */
export function readLabel(cursor: Cursor): string | null {
  return cursor.takes("constraint") ? cursor.name() : null;
}

/** Reads a constraint in a column definition, behind its name. Throws UnreadableStatement. */
export function readColumnConstraint(
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

/** Reads one or more constraints of a table; SQLite does not insist on commas between them. Throws UnreadableStatement. */
export function readTableConstraints(cursor: Cursor, constraints: ConstraintText[]): void {
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
  const columns = cursor.names();
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
  return cursor.fragment(tokens);
}

type ForeignKey = Omit<Extract<Wordless, { type: "foreign key" }>, "name" | "inline">;

function readReferences(cursor: Cursor, columns: readonly string[]): ForeignKey {
  cursor.expect("references");
  const table = cursor.name();
  const references = cursor.seesMark("(") ? cursor.names() : null;
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

/** Reads `ON CONFLICT action`; null for `ABORT`, which is what holds without the clause. */
export function readOnConflict(cursor: Cursor): string | null {
  if (!cursor.takes("on", "conflict")) return null;
  const action = cursor.word();
  return action === "abort" ? null : action;
}

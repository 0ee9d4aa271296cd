/** Reads a column definition of a stored CREATE TABLE. */

import { isMark, isWord, type Token } from "../tokens.ts";
import {
  type ConstraintText,
  readColumnConstraint,
  readLabel,
  readOnConflict,
} from "./constraint_text.ts";
import type { Cursor, Fragment } from "./cursor.ts";

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

/** Reads one column definition; the constraints that stand in it are added to `constraints`. Throws UnreadableStatement. */
export function readColumn(cursor: Cursor, constraints: ConstraintText[]): ColumnText {
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
  return cursor.fragment(tokens);
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
  return cursor.fragment(tokens);
}

function readGenerated(cursor: Cursor): ColumnText["generated"] {
  cursor.takes("generated", "always");
  cursor.expect("as");
  const tokens = cursor.parenthesis();
  const stored = cursor.takes("stored");
  if (!stored) cursor.takes("virtual");
  return { expression: cursor.fragment(tokens), stored };
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

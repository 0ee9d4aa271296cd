/** Reads a stored CREATE TABLE: all that the pragmas do not tell. */

import { isWord, type Token } from "../tokens.ts";
import { type ColumnText, readColumn } from "./column_text.ts";
import { type ConstraintText, readTableConstraints } from "./constraint_text.ts";
import { UnreadableStatement } from "../../common/token_cursor.ts";
import { Cursor, listItems } from "./cursor.ts";

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

/** A column as SHOW CREATE TABLE writes it. */

import { UnreadableStatement } from "../../common/token_cursor.ts";
import type { Cursor } from "./cursor.ts";
import { withoutParentheses } from "./expression.ts";

/** What a column's line says. */
export interface ColumnText {
  readonly name: string;
  readonly type: string;
  charset: string | null;
  collation: string | null;
  notNull: boolean;
  /** Null where there is no DEFAULT; `NULL` for DEFAULT NULL. */
  default: string | null;
  onUpdate: string | null;
  autoIncrement: boolean;
  generated: string | null;
  stored: boolean;
  invisible: boolean;
  comment: string | null;
  srid: number | null;
  check: string | null;
  row: "start" | "end" | null;
  versioning: "with" | "without" | null;
  compressed: string | null;
  readonly options: Record<string, string>;
}

/** Reads a column, whose name comes next. */
export function readColumn(cursor: Cursor): ColumnText {
  const column: ColumnText = {
    name: cursor.name(),
    type: readType(cursor),
    charset: null,
    collation: null,
    notNull: false,
    default: null,
    onUpdate: null,
    autoIncrement: false,
    generated: null,
    stored: false,
    invisible: false,
    comment: null,
    srid: null,
    check: null,
    row: null,
    versioning: null,
    compressed: null,
    options: {},
  };
  while (!cursor.done && !cursor.seesMark(",") && !cursor.seesMark(")")) {
    readAttribute(cursor, column);
  }
  return column;
}

/** `int(10) unsigned zerofill`, `enum('a','B')`. */
function readType(cursor: Cursor): string {
  const first = cursor.peek();
  let type = cursor.word().toLowerCase();
  if (type === "double" && cursor.takes("PRECISION")) type = "double";
  if (cursor.seesMark("(")) {
    const open = cursor.peek();
    cursor.parenthesis();
    type = `${type}${cursor.since(open)}`;
  }
  for (const word of ["UNSIGNED", "ZEROFILL"]) {
    if (cursor.takes(word)) type += ` ${word.toLowerCase()}`;
  }
  if (first === undefined) throw new UnreadableStatement("a type", first);
  return type;
}

function readAttribute(cursor: Cursor, column: ColumnText): void {
  if (cursor.takes("CHARACTER", "SET") || cursor.takes("CHARSET")) column.charset = cursor.name();
  else if (cursor.takes("COLLATE")) column.collation = cursor.name();
  else if (cursor.takes("NOT", "NULL")) column.notNull = true;
  else if (cursor.takes("NULL")) return;
  else if (cursor.takes("DEFAULT")) column.default = readDefault(cursor);
  else if (cursor.takes("ON", "UPDATE")) column.onUpdate = readDefault(cursor);
  else if (cursor.takes("AUTO_INCREMENT")) column.autoIncrement = true;
  else if (cursor.takes("COMMENT")) column.comment = cursor.string();
  else if (cursor.takes("INVISIBLE")) column.invisible = true;
  else if (cursor.takes("CHECK")) column.check = withoutParentheses(cursor.parenthesis());
  else if (cursor.takes("SRID")) column.srid = Number(cursor.token().text);
  else if (cursor.takes("WITHOUT", "SYSTEM", "VERSIONING")) column.versioning = "without";
  else if (cursor.takes("WITH", "SYSTEM", "VERSIONING")) column.versioning = "with";
  else if (cursor.takes("GENERATED", "ALWAYS", "AS", "ROW")) readRow(cursor, column);
  else if (cursor.takes("GENERATED", "ALWAYS", "AS")) readGenerated(cursor, column);
  else if (cursor.takes("COMPRESSED")) {
    column.compressed = cursor.takesMark("=") ? cursor.name() : "zlib";
  } else if (cursor.takes("NOT", "SECONDARY")) column.options["not secondary"] = "";
  else readOption(cursor, column);
}

function readRow(cursor: Cursor, column: ColumnText): void {
  if (cursor.takes("START")) column.row = "start";
  else {
    cursor.expect("END");
    column.row = "end";
  }
}

function readGenerated(cursor: Cursor, column: ColumnText): void {
  column.generated = withoutParentheses(cursor.parenthesis());
  if (cursor.takes("STORED")) column.stored = true;
  else cursor.expect("VIRTUAL");
}

/** `REF_SYSTEM_ID=4326`, `COLUMN_FORMAT FIXED`, `ENGINE_ATTRIBUTE '{}'`; MariaDB's engines have their own, in quotes. */
function readOption(cursor: Cursor, column: ColumnText): void {
  const token = cursor.peek();
  if (token?.kind !== "word" && token?.kind !== "name") {
    throw new UnreadableStatement("an attribute", token);
  }
  const name = cursor.name().toLowerCase();
  const isAssigned = cursor.takesMark("=");
  if (!isAssigned && !SPACED.has(name)) throw new UnreadableStatement("an attribute", token);
  const value = cursor.token().text;
  if (name === "ref_system_id") column.srid = Number(value);
  else column.options[name] = value;
}

/** Options without a sign in front of their values. */
const SPACED = new Set([
  "column_format",
  "storage",
  "engine_attribute",
  "secondary_engine_attribute",
]);

/** A constant, a call or an expression in parentheses. */
function readDefault(cursor: Cursor): string {
  const first = cursor.peek();
  if (cursor.seesMark("-") || cursor.seesMark("+")) cursor.token();
  if (cursor.seesMark("(")) {
    cursor.parenthesis();
    return cursor.since(first);
  }
  const token = cursor.token();
  if (token.kind !== "word") return cursor.since(first);
  if (cursor.seesMark("(")) {
    cursor.parenthesis();
    return cursor.since(first);
  }
  // `_utf8mb4'a'`
  if (token.text.startsWith("_") && cursor.peek()?.kind === "string") cursor.token();
  return cursor.since(first);
}

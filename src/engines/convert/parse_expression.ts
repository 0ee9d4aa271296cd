/** Reads an expression of a dialect into the tree. */

import { castOf, intervalOf, stringOf, UNITS } from "./constants.ts";
import { BINDS, OPERATORS } from "./operators.ts";
import type { Reading, TreeCursor } from "./reading.ts";
import {
  call,
  type Expression,
  type OrderTerm,
  type Query,
  Untranslatable,
  type Window,
} from "./tree.ts";

/** Reads one expression at the cursor. */
export function expressionAt(cursor: TreeCursor, least = 0): Expression {
  using _level = cursor.deeper();
  let left = prefixed(cursor);
  for (let length = 0; length < LONGEST; length++) {
    const next = suffix(cursor, left, least) ?? operation(cursor, left, least);
    if (next === null) return left;
    left = next;
  }
  throw new Untranslatable("it is too long");
}

/** Operators of one expression: each is a level of its tree. */
const LONGEST = 500;

function prefixed(cursor: TreeCursor): Expression {
  if (cursor.takes("NOT")) {
    return { node: "unary", op: "not", of: expressionAt(cursor, BINDS.not) };
  }
  for (const op of ["-", "+", "~"] as const) {
    if (!cursor.takesMark(op)) continue;
    const of = expressionAt(cursor, BINDS.unary);
    return op === "-" && of.node === "number" && !of.text.startsWith("-")
      ? { node: "number", text: `-${of.text}` }
      : { node: "unary", op, of };
  }
  if (cursor.takesMark("!")) {
    return { node: "unary", op: "not", of: expressionAt(cursor, BINDS.unary) };
  }
  return primary(cursor);
}

/** IS, IN, BETWEEN, casts and what else stands behind an operand; null for nothing of the kind. */
function suffix(cursor: TreeCursor, of: Expression, least: number): Expression | null {
  if (cursor.takesMark("::")) return castOf(cursor.reading, of, typeText(cursor));
  if (cursor.takes("COLLATE")) {
    cursor.name();
    while (cursor.takesMark(".")) cursor.name();
    return of;
  }
  if (cursor.sees("AT", "TIME", "ZONE")) throw new Untranslatable("AT TIME ZONE has no equal");
  if (BINDS.compare < least) return null;
  if (cursor.takes("ISNULL")) return { node: "is", not: false, of, what: "null" };
  if (cursor.takes("NOTNULL") || cursor.takes("NOT", "NULL")) {
    return { node: "is", not: true, of, what: "null" };
  }
  if (cursor.takes("IS")) return isTest(cursor, of);
  const not = cursor.sees("NOT") && ["IN", "BETWEEN"].includes(cursor.peek(1)?.upper ?? "");
  if (not) cursor.take();
  if (cursor.takes("IN")) return { node: "in", not, of, list: listOrQuery(cursor) };
  if (cursor.takes("BETWEEN")) {
    const low = expressionAt(cursor, BINDS.compare + 1);
    cursor.expect("AND");
    return { node: "between", not, of, low, high: expressionAt(cursor, BINDS.compare + 1) };
  }
  return null;
}

function isTest(cursor: TreeCursor, of: Expression): Expression {
  const not = cursor.takes("NOT");
  if (cursor.takes("DISTINCT", "FROM")) {
    const right = expressionAt(cursor, BINDS.compare + 1);
    return { node: "binary", op: not ? "same" : "differs", left: of, right };
  }
  for (const what of ["null", "true", "false"] as const) {
    if (cursor.takes(what.toUpperCase())) return { node: "is", not, of, what };
  }
  const right = expressionAt(cursor, BINDS.compare + 1);
  return { node: "binary", op: not ? "differs" : "same", left: of, right };
}

function listOrQuery(cursor: TreeCursor): readonly Expression[] | Query {
  cursor.expectMark("(");
  if (cursor.sees("SELECT") || cursor.sees("WITH") || cursor.sees("VALUES")) {
    const query = cursor.query();
    cursor.expectMark(")");
    return query;
  }
  const items = listUntil(cursor, ")");
  return items;
}

function listUntil(cursor: TreeCursor, mark: string): readonly Expression[] {
  const items: Expression[] = [];
  if (cursor.takesMark(mark)) return items;
  do items.push(expressionAt(cursor)); while (cursor.takesMark(","));
  cursor.expectMark(mark);
  return items;
}

function operation(cursor: TreeCursor, left: Expression, least: number): Expression | null {
  const not = cursor.sees("NOT");
  const piece = cursor.peek(not ? 1 : 0);
  if (piece === undefined || piece.kind === "string" || piece.kind === "name") return null;
  const key = piece.kind === "word" ? piece.upper : piece.text;
  const { reading } = cursor;
  const operator = reading.operators[key] ?? OPERATORS[key];
  if (operator === undefined || operator.binds <= least) return null;
  const { binds, as } = operator;
  if (not && !("match" in as)) return null;
  if (not) cursor.take();
  cursor.take();
  if ("match" in as) {
    const pattern = expressionAt(cursor, BINDS.compare + 1);
    const escape = cursor.takes("ESCAPE") ? expressionAt(cursor, BINDS.compare + 1) : null;
    return { node: "match", op: as.match, not: as.not !== not, of: left, pattern, escape };
  }
  if (as.binary === "=" || as.binary === "<>") {
    const several = anyOf(cursor, left, as.binary);
    if (several !== null) return several;
  }
  const right = expressionAt(cursor, binds);
  return { node: "binary", op: as.binary === "/" ? reading.division : as.binary, left, right };
}

/** `= ANY (ARRAY[...])` and `<> ALL (...)` are lists. */
function anyOf(cursor: TreeCursor, of: Expression, op: "=" | "<>"): Expression | null {
  const word = op === "=" ? "ANY" : "ALL";
  if (!cursor.sees(word) || !cursor.seesMark("(", 1)) return null;
  cursor.take();
  cursor.take();
  if (cursor.sees("SELECT") || cursor.sees("WITH")) {
    const query = cursor.query();
    cursor.expectMark(")");
    return { node: "in", not: op === "<>", of, list: query };
  }
  let array = expressionAt(cursor);
  cursor.expectMark(")");
  while (array.node === "cast") array = array.of;
  if (array.node !== "array") throw new Untranslatable(`${word} of an array has no equal`);
  return { node: "in", not: op === "<>", of, list: array.items };
}

function primary(cursor: TreeCursor): Expression {
  const { reading } = cursor;
  const piece = cursor.take();
  switch (piece.kind) {
    case "number":
      return { node: "number", text: piece.text.toLowerCase() };
    case "string":
      return stringOf(piece.text, reading);
    case "name":
      return columnAt(cursor, piece.text, true);
    case "operator":
      if (piece.text === "(") return parenthesis(cursor);
      if (piece.text === "*") return { node: "star", path: [] };
      throw new Untranslatable(`${piece.text} has no equal`);
    case "word":
      return wordAt(cursor, piece.text, piece.upper);
  }
}

function parenthesis(cursor: TreeCursor): Expression {
  if (cursor.sees("SELECT") || cursor.sees("WITH") || cursor.sees("VALUES")) {
    const query = cursor.query();
    cursor.expectMark(")");
    return { node: "query", query };
  }
  const [first, ...others] = listUntil(cursor, ")");
  if (first === undefined) throw cursor.unexpected("an expression");
  return others.length === 0 ? first : { node: "row", items: [first, ...others] };
}

function columnAt(cursor: TreeCursor, first: string, isQuoted: boolean): Expression {
  const { reading } = cursor;
  const bare = isQuoted ? first.slice(1, -1) : first;
  if (isQuoted && !cursor.seesMark(".") && !cursor.seesMark("(")) {
    const string = reading.looseStrings?.(bare) ?? null;
    if (string !== null && first.startsWith('"')) return string;
  }
  const open = isQuoted ? first.charAt(0) : "";
  const path = [isQuoted ? bare.replaceAll(open + open, open) : reading.foldName(first)];
  while (cursor.takesMark(".")) {
    if (cursor.takesMark("*")) return { node: "star", path };
    path.push(cursor.name());
  }
  if (cursor.seesMark("(")) return callAt(cursor, path.at(-1) ?? "");
  return { node: "column", path };
}

/** Words that are a value, as calls of the tree without arguments. */
const MOMENTS: Readonly<Record<string, string>> = {
  CURRENT_TIMESTAMP: "now",
  LOCALTIMESTAMP: "now",
  CURRENT_DATE: "today",
  CURRENT_TIME: "time_of_day",
  LOCALTIME: "time_of_day",
};

function wordAt(cursor: TreeCursor, text: string, upper: string): Expression {
  switch (upper) {
    case "NULL":
      return { node: "null" };
    case "TRUE":
    case "FALSE":
      return { node: "bool", value: upper === "TRUE" };
    case "CASE":
      return caseAt(cursor);
    case "CAST":
      return castAt(cursor);
    case "EXISTS": {
      cursor.expectMark("(");
      const query = cursor.query();
      cursor.expectMark(")");
      return { node: "exists", query };
    }
    case "ARRAY":
      cursor.expectMark("[");
      return { node: "array", items: listUntil(cursor, "]") };
    case "ROW":
      cursor.expectMark("(");
      return { node: "row", items: listUntil(cursor, ")") };
    case "INTERVAL":
      return intervalAt(cursor);
    case "BINARY":
      return expressionAt(cursor, BINDS.unary);
    case "DATE":
    case "TIME":
    case "TIMESTAMP":
      if (cursor.peek()?.kind === "string") return primary(cursor);
  }
  const moment = MOMENTS[upper];
  if (moment !== undefined && !cursor.seesMark(".")) {
    if (cursor.takesMark("(")) listUntil(cursor, ")");
    return call(moment);
  }
  // An introducer of a character set: _utf8mb4'text'
  if (text.startsWith("_") && cursor.peek()?.kind === "string") return primary(cursor);
  return columnAt(cursor, text, false);
}

function caseAt(cursor: TreeCursor): Expression {
  const of = cursor.sees("WHEN") ? null : expressionAt(cursor);
  const branches: { when: Expression; then: Expression }[] = [];
  while (cursor.takes("WHEN")) {
    const when = expressionAt(cursor);
    cursor.expect("THEN");
    branches.push({ when, then: expressionAt(cursor) });
  }
  const otherwise = cursor.takes("ELSE") ? expressionAt(cursor) : null;
  cursor.expect("END");
  return { node: "case", of, branches, otherwise };
}

function castAt(cursor: TreeCursor): Expression {
  cursor.expectMark("(");
  const of = expressionAt(cursor);
  cursor.expect("AS");
  const type = typeText(cursor);
  if (cursor.takes("CHARACTER", "SET") || cursor.takes("CHARSET")) cursor.name();
  cursor.expectMark(")");
  return castOf(cursor.reading, of, type);
}

/** The words of a type: `character varying(20)[]`. */
function typeText(cursor: TreeCursor): string {
  const words = [cursor.name()];
  while (cursor.takesMark(".")) words.splice(0, 1, cursor.name());
  while (TYPE_WORDS.has(cursor.peek()?.upper ?? "")) words.push(cursor.take().text);
  let text = words.join(" ");
  if (cursor.takesMark("(")) {
    const inside: string[] = [];
    while (!cursor.takesMark(")")) inside.push(cursor.take().text);
    text += `(${inside.join("")})`;
  }
  while (TYPE_WORDS.has(cursor.peek()?.upper ?? "")) text += ` ${cursor.take().text}`;
  while (cursor.seesMark("[") && cursor.seesMark("]", 1)) {
    cursor.take();
    cursor.take();
    text += "[]";
  }
  return text;
}

const TYPE_WORDS = new Set([
  "VARYING",
  "PRECISION",
  "WITH",
  "WITHOUT",
  "TIME",
  "ZONE",
  "UNSIGNED",
  "SIGNED",
  "INTEGER",
]);

function intervalAt(cursor: TreeCursor): Expression {
  const piece = cursor.peek();
  if (piece?.kind === "string") {
    cursor.take();
    const value = cursor.reading.stringValue(piece.text);
    const unit = cursor.peek();
    if (unit?.kind === "word" && UNITS.has(unit.upper)) {
      cursor.take();
      return { node: "interval", amount: value, unit: unit.upper.toLowerCase() };
    }
    return intervalOf(value);
  }
  const amount = expressionAt(cursor, BINDS.unary);
  const unit = cursor.name().toLowerCase();
  if (amount.node !== "number" || !UNITS.has(unit.toUpperCase())) {
    throw new Untranslatable(`an interval of ${unit} has no equal`);
  }
  return { node: "interval", amount: amount.text, unit };
}

/** A call, from its opening parenthesis on. */
function callAt(cursor: TreeCursor, written: string): Expression {
  const name = written.toLowerCase();
  cursor.expectMark("(");
  if (name === "extract") return extractAt(cursor);
  const isDistinct = cursor.takes("DISTINCT");
  if (!isDistinct) cursor.takes("ALL");
  const args: Expression[] = [];
  const order: OrderTerm[] = [];
  if (name === "trim" || name === "ltrim" || name === "rtrim") {
    cursor.takes("BOTH");
    if (cursor.sees("LEADING") || cursor.sees("TRAILING")) {
      throw new Untranslatable("TRIM of one side has no equal");
    }
    cursor.takes("FROM");
  }
  if (name === "convert" || name === "position") {
    const first = expressionAt(cursor, name === "position" ? BINDS.compare : 0);
    args.push(first);
    if (cursor.takes("USING")) {
      cursor.name();
      cursor.expectMark(")");
      return first;
    }
    if (cursor.takes("IN")) {
      args.unshift(expressionAt(cursor));
      cursor.expectMark(")");
      return call("position", ...args);
    }
    if (cursor.takesMark(",")) args.push(expressionAt(cursor));
  } else if (!cursor.seesMark(")")) {
    do args.push(expressionAt(cursor)); while (
      cursor.takesMark(",") ||
      (name === "substring" && (cursor.takes("FROM") || cursor.takes("FOR")))
    );
  }
  if (cursor.takes("ORDER", "BY")) order.push(...orderTerms(cursor));
  if (cursor.takes("SEPARATOR")) args.push(primary(cursor));
  cursor.expectMark(")");
  if (cursor.sees("FILTER")) throw new Untranslatable("FILTER of an aggregate has no equal");
  const over = cursor.takes("OVER") ? windowAt(cursor) : null;
  return made(cursor.reading, name, { args, isDistinct, order, over });
}

function made(
  reading: Reading,
  name: string,
  rest: {
    readonly args: readonly Expression[];
    readonly isDistinct: boolean;
    readonly order: readonly OrderTerm[];
    readonly over: Window | null;
  },
): Expression {
  const known = Object.hasOwn(reading.functions, name) ? reading.functions[name] : undefined;
  if (known === undefined) throw new Untranslatable(`the function ${name}() has no equal`);
  if (typeof known === "string") return { node: "call", name: known, ...rest };
  const result = known(rest.args);
  if (result.node !== "call") return result;
  return { ...result, isDistinct: rest.isDistinct, order: rest.order, over: rest.over };
}

function extractAt(cursor: TreeCursor): Expression {
  const field = cursor.take();
  const unit = (field.kind === "string" ? cursor.reading.stringValue(field.text) : field.text)
    .toLowerCase();
  cursor.expect("FROM");
  const of = expressionAt(cursor);
  cursor.expectMark(")");
  if (!["year", "month", "day", "hour", "minute", "second", "epoch"].includes(unit)) {
    throw new Untranslatable(`EXTRACT of ${unit} has no equal`);
  }
  return call(unit, of);
}

function windowAt(cursor: TreeCursor): Window {
  cursor.expectMark("(");
  const partition: Expression[] = [];
  if (cursor.takes("PARTITION", "BY")) {
    do partition.push(expressionAt(cursor)); while (cursor.takesMark(","));
  }
  const order = cursor.takes("ORDER", "BY") ? orderTerms(cursor) : [];
  cursor.expectMark(")");
  return { partition, order };
}

/** Terms of ORDER BY. */
export function orderTerms(cursor: TreeCursor): readonly OrderTerm[] {
  const terms: OrderTerm[] = [];
  do {
    const by = expressionAt(cursor);
    const isDescending = cursor.takes("DESC");
    if (!isDescending) cursor.takes("ASC");
    const nulls = cursor.takes("NULLS", "FIRST")
      ? "first"
      : cursor.takes("NULLS", "LAST")
      ? "last"
      : null;
    terms.push({ by, isDescending, nulls });
  } while (cursor.takesMark(","));
  return terms;
}

/** Reads queries, and statements about rows, into the tree. */

import { expressionAt, orderTerms } from "./parse_expression.ts";
import type { TreeCursor } from "./reading.ts";
import {
  type CommonTable,
  type DataStatement,
  type Expression,
  type Query,
  type QueryBody,
  type Select,
  type Source,
  Untranslatable,
} from "./tree.ts";

/** A query at the cursor. */
export function parseQueryAt(cursor: TreeCursor): Query {
  const { tables, isRecursive } = commonTables(cursor);
  const body = setOperation(cursor);
  const order = cursor.takes("ORDER", "BY") ? orderTerms(cursor) : [];
  let limit: Expression | null = null;
  let offset: Expression | null = null;
  for (;;) {
    if (cursor.takes("LIMIT")) {
      limit = expressionAt(cursor);
      if (cursor.takesMark(",")) {
        offset = limit;
        limit = expressionAt(cursor);
      }
    } else if (cursor.takes("OFFSET")) {
      offset = expressionAt(cursor);
      if (!cursor.takes("ROWS")) cursor.takes("ROW");
    } else break;
  }
  return { with: tables, isRecursive, body, order, limit, offset };
}

function commonTables(
  cursor: TreeCursor,
): { readonly tables: readonly CommonTable[]; readonly isRecursive: boolean } {
  const tables: CommonTable[] = [];
  if (!cursor.takes("WITH")) return { tables, isRecursive: false };
  const isRecursive = cursor.takes("RECURSIVE");
  do {
    const name = cursor.name();
    const columns = cursor.seesMark("(") ? cursor.names() : [];
    cursor.expect("AS");
    if (!cursor.takes("MATERIALIZED")) cursor.takes("NOT", "MATERIALIZED");
    cursor.expectMark("(");
    tables.push({ name, columns, query: parseQueryAt(cursor) });
    cursor.expectMark(")");
  } while (cursor.takesMark(","));
  return { tables, isRecursive };
}

function setOperation(cursor: TreeCursor): QueryBody {
  let left = queryTerm(cursor);
  for (;;) {
    const op = cursor.takes("UNION", "ALL")
      ? "union all"
      : cursor.takes("UNION")
      ? "union"
      : cursor.takes("INTERSECT")
      ? "intersect"
      : cursor.takes("EXCEPT")
      ? "except"
      : null;
    if (op === null) return left;
    cursor.takes("DISTINCT");
    left = { node: "set", op, left, right: queryTerm(cursor) };
  }
}

function queryTerm(cursor: TreeCursor): QueryBody {
  if (cursor.takesMark("(")) {
    const query = parseQueryAt(cursor);
    cursor.expectMark(")");
    const isBare = query.with.length === 0 && query.order.length === 0 && query.limit === null &&
      query.offset === null;
    return isBare ? query.body : { node: "nested", query };
  }
  if (cursor.takes("VALUES")) {
    const rows: (readonly Expression[])[] = [];
    do {
      cursor.takes("ROW");
      cursor.expectMark("(");
      const row: Expression[] = [];
      do row.push(expressionAt(cursor)); while (cursor.takesMark(","));
      cursor.expectMark(")");
      rows.push(row);
    } while (cursor.takesMark(","));
    return { node: "values", rows };
  }
  return selectAt(cursor);
}

function selectAt(cursor: TreeCursor): Select {
  cursor.expect("SELECT");
  const isDistinct = cursor.takes("DISTINCT");
  if (!isDistinct) cursor.takes("ALL");
  if (isDistinct && cursor.sees("ON")) throw new Untranslatable("DISTINCT ON has no equal");
  const items: { value: Expression; alias: string | null }[] = [];
  do {
    const value = expressionAt(cursor);
    items.push({ value, alias: aliasAt(cursor) });
  } while (cursor.takesMark(","));
  const from: Source[] = [];
  if (cursor.takes("FROM")) {
    do from.push(joinedSource(cursor)); while (cursor.takesMark(","));
  }
  const where = cursor.takes("WHERE") ? expressionAt(cursor) : null;
  const group: Expression[] = [];
  if (cursor.takes("GROUP", "BY")) {
    do group.push(expressionAt(cursor)); while (cursor.takesMark(","));
  }
  const having = cursor.takes("HAVING") ? expressionAt(cursor) : null;
  if (cursor.sees("WINDOW")) throw new Untranslatable("WINDOW has no equal");
  return { node: "select", isDistinct, items, from, where, group, having };
}

function aliasAt(cursor: TreeCursor): string | null {
  if (cursor.takes("AS")) {
    const piece = cursor.peek();
    if (piece?.kind === "string") {
      cursor.take();
      return cursor.reading.stringValue(piece.text);
    }
    return cursor.name();
  }
  const piece = cursor.peek();
  if (piece?.kind === "name") return cursor.name();
  return piece?.kind === "word" && !BEHIND_ITEM.has(piece.upper) ? cursor.name() : null;
}

/** Words that are no alias. */
const BEHIND_ITEM = new Set(
  ("FROM WHERE GROUP HAVING ORDER LIMIT OFFSET UNION INTERSECT EXCEPT ON USING JOIN INNER LEFT RIGHT FULL CROSS NATURAL " +
    "STRAIGHT_JOIN WINDOW SET AND OR NOT WHEN THEN ELSE END AS RETURNING FETCH FOR").split(" "),
);

function joinedSource(cursor: TreeCursor): Source {
  let left = sourceAt(cursor);
  for (;;) {
    const kind = joinKind(cursor);
    if (kind === null) return left;
    const right = sourceAt(cursor);
    const on = cursor.takes("ON") ? expressionAt(cursor) : null;
    const using = on === null && cursor.takes("USING") ? cursor.names() : [];
    const isCross = kind === "cross" || (kind === "inner" && on === null && using.length === 0);
    left = { node: "join", kind: isCross && on === null ? "cross" : kind, left, right, on, using };
  }
}

function joinKind(cursor: TreeCursor): "inner" | "left" | "right" | "full" | "cross" | null {
  if (cursor.sees("NATURAL")) throw new Untranslatable("NATURAL JOIN has no equal");
  if (cursor.takes("JOIN") || cursor.takes("INNER", "JOIN") || cursor.takes("STRAIGHT_JOIN")) {
    return "inner";
  }
  if (cursor.takes("CROSS", "JOIN")) return "cross";
  for (const kind of ["left", "right", "full"] as const) {
    const word = kind.toUpperCase();
    if (cursor.takes(word, "JOIN") || cursor.takes(word, "OUTER", "JOIN")) return kind;
  }
  return null;
}

function sourceAt(cursor: TreeCursor): Source {
  cursor.takes("LATERAL");
  if (cursor.takesMark("(")) {
    if (cursor.sees("SELECT") || cursor.sees("WITH") || cursor.sees("VALUES")) {
      const query = parseQueryAt(cursor);
      cursor.expectMark(")");
      return { node: "derived", query, alias: aliasAt(cursor) };
    }
    const source = joinedSource(cursor);
    cursor.expectMark(")");
    return source;
  }
  cursor.takes("ONLY");
  const name = tableName(cursor);
  if (cursor.seesMark("(")) throw new Untranslatable(`the function ${name}() in FROM has no equal`);
  return { node: "table", name, alias: aliasAt(cursor) };
}

/** A table's name; that of a schema before it is joined to it. */
function tableName(cursor: TreeCursor): string {
  const path = [cursor.name()];
  while (cursor.takesMark(".")) path.push(cursor.name());
  return path.filter((part) => part !== "public" && part !== "main").join("_");
}

/** A statement about rows at the cursor. */
export function statementAt(cursor: TreeCursor): DataStatement {
  if (cursor.takes("INSERT", "INTO")) return insertAt(cursor);
  if (cursor.takes("UPDATE")) return updateAt(cursor);
  if (cursor.takes("DELETE", "FROM")) {
    const table = tableName(cursor);
    const where = cursor.takes("WHERE") ? expressionAt(cursor) : null;
    return { node: "delete", table, where };
  }
  throw new Untranslatable(`${cursor.peek()?.text ?? "an empty statement"} has no equal`);
}

function insertAt(cursor: TreeCursor): DataStatement {
  const table = tableName(cursor);
  const columns = cursor.seesMark("(") ? cursor.names() : [];
  return { node: "insert", table, columns, query: parseQueryAt(cursor) };
}

function updateAt(cursor: TreeCursor): DataStatement {
  const table = tableName(cursor);
  cursor.expect("SET");
  const set: { column: string; value: Expression }[] = [];
  do {
    let column = cursor.name();
    while (cursor.takesMark(".")) column = cursor.name();
    cursor.expectMark("=");
    set.push({ column, value: expressionAt(cursor) });
  } while (cursor.takesMark(","));
  if (cursor.sees("FROM")) throw new Untranslatable("UPDATE ... FROM has no equal");
  const where = cursor.takes("WHERE") ? expressionAt(cursor) : null;
  return { node: "update", table, set, where };
}

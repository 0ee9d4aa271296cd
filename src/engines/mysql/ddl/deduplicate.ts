/** What becomes of rows that a new key, or a key over other characters, forbids. */

import { lastName } from "../../../core/name.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { askDuplicates } from "../../common/data_choice.ts";
import { statement, subjectOf } from "../../common/statement.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf, type IndexPart } from "../facts.ts";
import { quote } from "../quote.ts";
import { indexColumns, isPrimaryKey, isUnique } from "./member.ts";

/** Asks about rows that are equal in what becomes unique, where that is not certain already; the statement that deletes them, or nothing. */
export function deduplicate(
  index: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const table = context.from.objects.get(index.parent ?? "");
  if (table === undefined || !isUnique(index)) return [];
  const before = context.members(context.from, table.id);
  const parts = factsOf(index, "index").columns;
  if (isUniqueAlready(parts, before, context) || differsAnew(parts, index, context)) return [];
  const columns = parts.map(({ column, expression }) => column ?? expression ?? "");
  const isPlain = parts.every(({ column, length }) => column !== undefined && length === undefined);
  const areThere = columns.every((column) =>
    before.some(({ kind, name }) => kind === "column" && lastName(name) === column)
  );
  const key = before.find(isPrimaryKey);
  const keyColumns = key === undefined ? [] : indexColumns(key);
  const canDelete = isPlain && areThere && keyColumns.length > 0 &&
    keyColumns.every((column) => !columns.includes(column));
  const answer = askDuplicates({ object: index, table: table.name, columns, canDelete }, context);
  if (answer?.option !== "delete" || !canDelete) return [];
  const equal = columns.map((column) => `earlier.${quote(column)} = later.${quote(column)}`);
  const row = (alias: string) => {
    const list = keyColumns.map((column) => `${alias}.${quote(column)}`).join(", ");
    return keyColumns.length === 1 ? list : `(${list})`;
  };
  return [
    statement(
      `DELETE later FROM ${quote(table.name)} AS later\nJOIN ${quote(table.name)} AS earlier ON ${
        equal.join(" AND ")
      } AND ${row("earlier")} < ${row("later")}`,
      index,
      { action: "deduplicate", object: subjectOf(index), columns },
      {
        destroys: `rows of ${table.name} that are equal in ${columns.join(", ")}`,
        reversible: "structure",
      },
    ),
  ];
}

/** True where a key that is there tells the rows apart by some of the columns, whose values stay as they are. */
function isUniqueAlready(
  parts: readonly IndexPart[],
  members: readonly SchemaObject[],
  context: PlanContext,
): boolean {
  return members.some((key) =>
    isUnique(key) &&
    factsOf(key, "index").columns.every((had) =>
      had.column !== undefined && staysEqual(key.parent ?? "", had.column, context) &&
      parts.some(({ column, length = Infinity }) =>
        column === had.column && length >= (had.length ?? Infinity)
      )
    )
  );
}

/** True for a column in which what differed goes on to differ. */
function staysEqual(table: string, name: string, context: PlanContext): boolean {
  const own = (object: SchemaObject) => object.kind === "column" && lastName(object.name) === name;
  const before = context.members(context.from, table).find(own);
  const after = context.members(context.to, table).find(own);
  if (before === undefined || after === undefined) return false;
  const [had, has] = [factsOf(before, "column"), factsOf(after, "column")];
  return had.type === has.type && had.collation === has.collation &&
    had.generated === has.generated;
}

/** True where a new column tells the rows apart: by NULL, by its numbers, or as is asked about it. */
function differsAnew(
  parts: readonly IndexPart[],
  index: SchemaObject,
  context: PlanContext,
): boolean {
  const columns = context.members(context.to, index.parent ?? "");
  return parts.some(({ column }) => {
    const found = columns.find(({ kind, name }) => kind === "column" && lastName(name) === column);
    if (found === undefined || context.from.objects.has(found.id)) return false;
    const facts = factsOf(found, "column");
    if (facts.auto_increment === true) return true;
    if (facts.default !== undefined || facts.generated !== undefined) return false;
    return !isPrimaryKey(index) && facts.not_null !== true || parts.length === 1;
  });
}

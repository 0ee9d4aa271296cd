/** What becomes of rows that a new UNIQUE or PRIMARY KEY forbids. */

import { sameJson } from "../../../core/change.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { statement, subjectOf } from "../../common/statement.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { quote } from "../quote.ts";
import { fold, tokenize } from "../tokens.ts";
import { rowidName } from "./rowid.ts";
import { askDuplicates } from "../../common/data_choice.ts";
import { isKey, isUniqueIndex, isWithoutRowid, localName, partsOf } from "./member.ts";
import { columnsOf } from "../../common/table_change.ts";

/**
 * Asks what becomes of equal rows of a table that is there, where a constraint or an index over columns that are there
 * is new. Gives the statement that removes them, or nothing.
 */
export function deduplicate(
  object: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const table = context.from.objects.get(object.parent ?? "");
  if (table === undefined || !context.to.objects.has(table.id)) return [];
  const members = columnsOf(context.members(context.from, table.id));
  const columns = partsOf(object).map((part) =>
    members.find((column) => fold(localName(column)) === plainColumn(part))
  );
  const found = columns.filter((column) => column !== undefined).map(localName);
  const rowid = isWithoutRowid(table) ? null : rowidName(members);
  if (differAlready(object, table.id, context) || differAnew(object, context)) return [];
  if (found.length !== columns.length || isPartial(object)) {
    if (!isAsBefore(object, context)) {
      const parts = partsOf(object);
      askDuplicates({ object, table: table.name, columns: parts, canDelete: false }, context);
    }
    return [];
  }
  const list = found.join(", ");
  const answer = askDuplicates(
    { object, table: table.name, columns: found, canDelete: rowid !== null },
    context,
  );
  if (answer?.option !== "delete" || rowid === null) return [];
  const equal = found.map((column) => `earlier.${quote(column)} = later.${quote(column)}`);
  return [
    statement(
      `DELETE FROM ${quote(table.name)} AS later\nWHERE EXISTS (\n  SELECT 1 FROM ${
        quote(table.name)
      } AS earlier\n  WHERE earlier.${rowid} < later.${rowid} AND ${equal.join(" AND ")}\n)`,
      object,
      { action: "deduplicate", object: subjectOf(object), columns: found },
      {
        destroys: `rows of ${table.name} that are equal in ${list}`,
        reversible: "structure",
      },
    ),
  ];
}

/** True when it is the key that was there, or when no two rows can be equal, since they differ in some of the columns, which stay as they are. */
function differAlready(object: SchemaObject, table: string, context: PlanContext): boolean {
  const before = context.from.objects.get(object.id);
  if (before !== undefined && !isPartial(before)) {
    if (sameJson(partsOf(before), partsOf(object))) return true;
  }
  const members = context.members(context.from, table);
  const parts = new Set(partsOf(object));
  const stays = new Set(
    members.filter(({ id, kind }) => kind === "column" && context.action(id) === "keep")
      .map((column) => fold(localName(column))),
  );
  return members.some((key) => {
    if ((!isKey(key) && !isUniqueIndex(key)) || isPartial(key)) return false;
    return partsOf(key).every((part) => parts.has(part) && stays.has(plainColumn(part) ?? ""));
  });
}

/** True for an index that was there with the same parts and the same condition. */
function isAsBefore(object: SchemaObject, context: PlanContext): boolean {
  const before = context.from.objects.get(object.id);
  return before !== undefined && sameJson(partsOf(before), partsOf(object)) &&
    sameJson(before.facts.where ?? null, object.facts.where ?? null);
}

/** True when a new column tells the rows apart: by NULL, or as `fill` is answered, since one value for all rows is not offered. */
function differAnew(object: SchemaObject, context: PlanContext): boolean {
  const members = columnsOf(context.members(context.to, object.parent ?? ""));
  return partsOf(object).some((part) => {
    const column = members.find((member) => fold(localName(member)) === plainColumn(part));
    if (column === undefined || context.from.objects.has(column.id)) return false;
    const { default: value, generated } = factsOf(column, "column");
    return (value === undefined || value === "NULL") && generated === undefined;
  });
}

function isPartial(object: SchemaObject): boolean {
  return object.kind === "index" && factsOf(object, "index").where !== undefined;
}

/** The folded column of a key part; null for an expression. */
function plainColumn(part: string): string | null {
  const tokens = tokenize(part);
  const [first, second] = tokens;
  const word = second?.text.toLowerCase();
  if (first === undefined || (second !== undefined && word !== "desc" && word !== "collate")) {
    return null;
  }
  return first.kind === "name" || first.kind === "quoted" ? fold(first.value) : null;
}

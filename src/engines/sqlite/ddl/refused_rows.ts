/** What becomes of rows that a new CHECK refuses. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { askRefused } from "../../common/data_choice.ts";
import { isLooser } from "../../common/looser_check.ts";
import { statement } from "../../common/statement.ts";
import type { TableChange } from "../../common/table_change.ts";
import type { PlanContext } from "../../object_kind.ts";
import { quote } from "../quote.ts";
import { fold, tokenize } from "../tokens.ts";
import { sameJson } from "../../../core/change.ts";
import { askDuplicates } from "../../common/data_choice.ts";
import { factsOf } from "../facts.ts";
import { keepsValues } from "./affinity.ts";
import {
  checkFacts,
  columnNames,
  foreignKeyFacts,
  isKey,
  isUniqueIndex,
  localName,
} from "./member.ts";

/** Asks about rows of a table that is rebuilt; the statement that removes them, or nothing. */
export function settleRefused(
  constraint: SchemaObject,
  { before: table, columns, constraints }: TableChange,
  context: PlanContext,
): readonly PlannedStatement[] {
  const check = checkFacts(constraint);
  if (check === null) return [];
  const { expression } = check;
  const words = new Set(tokenize(expression).map(({ value }) => fold(value)));
  const reads = (list: readonly SchemaObject[]) =>
    list.some((column) => words.has(fold(localName(column))));
  const readsNew = reads(columns.added);
  if (readsNew && !reads(columns.from)) return [];
  const isKnown = constraints.from.some((other) =>
    isLooser(checkFacts(other)?.expression ?? "", expression)
  );
  if (isKnown) return [];
  const rule = `CHECK (${expression})`;
  const answer = askRefused({
    object: constraint,
    kind: "check",
    rows: `rows of ${table.name}`,
    must: `satisfy ${rule}`,
    options: readsNew ? [] : [{ id: "delete", label: "Delete the rows that it refuses" }],
  }, context);
  if (answer?.option !== "delete") return [];
  const what = `rows of ${table.name} that ${rule} refuses`;
  return [
    statement(
      `DELETE FROM ${quote(table.name)} WHERE NOT (${expression})`,
      constraint,
      { action: "describe", text: `The constraint refuses them: ${what} are deleted` },
      { destroys: what, reversible: "structure" },
    ),
  ];
}

/** Asks about rows that refer to what is not there, by a new foreign key; the statement that removes them, or nothing. */
export function settleReference(
  constraint: SchemaObject,
  { before: table, columns, constraints }: TableChange,
  context: PlanContext,
): readonly PlannedStatement[] {
  const wanted = foreignKeyFacts(constraint);
  if (wanted === null) return [];
  const target = (one: SchemaObject) => {
    const facts = foreignKeyFacts(one);
    return facts === null ? null : [facts.columns, facts.table, facts.references ?? null];
  };
  if (constraints.from.some((other) => sameJson(target(other), target(constraint)))) return [];
  const names = columnNames(constraint);
  if (columns.added.some((column) => names.includes(fold(localName(column))))) return [];
  const list = wanted.columns.map(quote).join(", ");
  const references = wanted.references ?? [];
  const answer = askRefused({
    object: constraint,
    kind: "reference",
    rows: `rows of ${table.name}`,
    must: `have a ${wanted.columns.join(", ")} that is in ${wanted.table}`,
    options: references.length !== wanted.columns.length
      ? []
      : [{ id: "delete", label: "Delete the rows that refer to what is not there" }],
  }, context);
  if (answer?.option !== "delete") return [];
  const equal = references.map((name, at) =>
    `b.${quote(name)} = ${quote(table.name)}.${quote(wanted.columns[at] ?? "")}`
  );
  const present = wanted.columns.map((name) => `${quote(name)} IS NOT NULL`);
  const what = `rows of ${table.name} with a ${list} that is not in ${wanted.table}`;
  return [
    statement(
      `DELETE FROM ${quote(table.name)} WHERE ${
        present.join(" AND ")
      } AND NOT EXISTS (\n  SELECT 1 FROM ${quote(wanted.table)} AS b WHERE ${
        equal.join(" AND ")
      }\n)`,
      constraint,
      { action: "describe", text: `The foreign key refuses ${what}` },
      { destroys: what, reversible: "structure" },
    ),
  ];
}

/** Asks about values that are not of the declared types, where a table becomes STRICT. */
export function askOfTypes({ before, after }: TableChange, context: PlanContext): void {
  const isStrict = (one: SchemaObject) => factsOf(one, "table").strict === true;
  if (isStrict(before) || !isStrict(after)) return;
  askRefused({
    object: { name: `${after.name}.strict` },
    kind: "check",
    rows: `values of ${after.name}`,
    must: "be of the declared types, since the table becomes STRICT",
    options: [],
  }, context);
}

/** Asks about rows that were apart in a key and become equal, by another collation or by values of another type. */
export function askOfMerged(change: TableChange, context: PlanContext): void {
  const { before, after, columns } = change;
  const isStrict = (one: SchemaObject) => factsOf(one, "table").strict === true;
  const merged = columns.changed.flatMap(({ before: had, after: has }) => {
    const [old, wanted] = [factsOf(had, "column"), factsOf(has, "column")];
    const { collate = "BINARY" } = wanted;
    const isCoarser = collate.toUpperCase() !== "BINARY" &&
      collate.toUpperCase() !== (old.collate ?? "BINARY").toUpperCase();
    const keeps = keepsValues(
      { type: old.type, isStrict: isStrict(before) },
      { type: wanted.type, isStrict: isStrict(after) },
    );
    return isCoarser || !keeps ? [fold(localName(has))] : [];
  });
  for (const key of context.members(context.to, after.id)) {
    if (!isKey(key) && !isUniqueIndex(key)) continue;
    if (!context.from.objects.has(key.id)) continue;
    const names = columnNames(key);
    if (!names.some((name) => merged.includes(name))) continue;
    askDuplicates({ object: key, table: after.name, columns: names, canDelete: false }, context);
  }
}

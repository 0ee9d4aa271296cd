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
import { checkFacts, localName } from "./member.ts";

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

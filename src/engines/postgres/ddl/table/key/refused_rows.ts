/** What becomes of rows that a new check, exclusion or foreign key refuses. */

import type { ChoiceOption } from "../../../../../core/choice.ts";
import type { PlannedStatement } from "../../../../../core/statement.ts";
import { askRefused } from "../../../../common/data_choice.ts";
import { isLooser } from "../../../../common/looser_check.ts";
import {
  type Column,
  columnOf,
  type Constraint,
  defaultOf,
  type PostgresContext,
} from "../../../objects.ts";
import { ident } from "../../../quote.ts";
import { isKept } from "../../clauses/action.ts";
import { checkClause } from "../../clauses/brackets.ts";
import { columnIn, relationName, relationOf } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { withReplicaIdentity } from "../replica_identity.ts";

/** Asks about rows of a table that is there; the statements that remove them, or what they refer to, or nothing. */
export function settleRefused(
  constraint: Constraint,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const table = constraint.parent ?? "";
  if (!isKept(table, context) || !context.from.objects.has(table)) return [];
  const { type, not_valid: isUnchecked, not_enforced: isOff } = constraint.facts;
  if (isUnchecked === true || isOff === true || isSettled(constraint, context)) return [];
  switch (type) {
    case "check":
      return settleCheck(constraint, context);
    case "exclude":
      ask(constraint, [], context);
      return [];
    case "foreign key":
      return settleReference(constraint, context);
    default:
      return [];
  }
}

function ask(
  constraint: Constraint,
  options: readonly ChoiceOption[],
  context: PostgresContext,
): string | undefined {
  const { type, definition } = constraint.facts;
  const rule = checkClause(definition);
  return askRefused({
    object: constraint,
    kind: type === "foreign key" ? "reference" : type === "exclude" ? "exclude" : "check",
    rows: `rows of ${relationName(constraint)}`,
    must: `satisfy ${rule}`,
    options,
  }, context)?.option;
}

function settleCheck(
  constraint: Constraint,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const rule = checkClause(constraint.facts.definition);
  const condition = /^CHECK \((.*)\)(?: NO INHERIT)?$/s.exec(rule)?.[1];
  const options = condition === undefined
    ? []
    : [{ id: "delete", label: "Delete the rows that it refuses" }];
  if (ask(constraint, options, context) !== "delete" || condition === undefined) return [];
  return removal(constraint, `NOT (${condition})`, `that ${rule} refuses`, context);
}

function settleReference(
  constraint: Constraint,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const { columns = [], definition } = constraint.facts;
  const [, target, keys] = /\bREFERENCES (\S.*?)\(((?:[^()]|"[^"]*")*)\)/s.exec(definition) ?? [];
  const referred = keys?.split(/, (?=(?:[^"]*"[^"]*")*[^"]*$)/) ?? [];
  const isPlain = target !== undefined && referred.length === columns.length &&
    !/\bPERIOD\b|\bMATCH FULL\b/.test(definition);
  const canNull = columns.every((name) =>
    columnOf(context.to, columnIn(relationName(constraint), name))?.facts.not_null !== true
  );
  const options = !isPlain ? [] : [
    ...canNull ? [{ id: "null", label: "They refer to nothing: set to NULL" }] : [],
    { id: "delete", label: "Delete the rows that refer to what is not there" },
  ];
  const option = ask(constraint, options, context);
  if (option !== "delete" && option !== "null") return [];
  const own = columns.map((name) => `a.${ident(name)}`);
  const equal = own.map((name, at) => `b.${referred[at]} = ${name}`).join(" AND ");
  const orphans = [
    ...own.map((name) => `${name} IS NOT NULL`),
    `NOT EXISTS (SELECT FROM ${target} b WHERE ${equal})`,
  ].join(" AND ");
  const what = `a ${columns.join(", ")} that is not in ${target}`;
  if (option === "delete") return removal(constraint, orphans, `with ${what}`, context);
  const list = columns.map((name) => `${ident(name)} = NULL`).join(", ");
  const statement = planned(
    constraint,
    `UPDATE ${relationOf(constraint)} a SET ${list} WHERE ${orphans}`,
    { action: "describe", text: `What ${relationName(constraint)} refers to must be there` },
    {
      destroys: `the values of ${columns.join(", ")} in ${
        relationName(constraint)
      } that are not in ${target}`,
      reversible: "structure",
    },
  );
  return withReplicaIdentity("update", constraint, statement, context);
}

function removal(
  constraint: Constraint,
  condition: string,
  what: string,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const rows = `rows of ${relationName(constraint)} ${what}`;
  const statement = planned(
    constraint,
    `DELETE FROM ${relationOf(constraint)} a WHERE ${condition}`,
    { action: "describe", text: `The constraint refuses ${rows}` },
    { destroys: rows, reversible: "structure" },
  );
  return withReplicaIdentity("delete", constraint, statement, context);
}

/** True where no row that is there can be refused: the same was checked before, or only new columns are read, which pass by NULL. */
function isSettled(constraint: Constraint, context: PostgresContext): boolean {
  const { type, definition, columns = [] } = constraint.facts;
  const relation = relationName(constraint);
  const own = columns.map((name) => columnIn(relation, name));
  const read = type === "check"
    ? constraint.dependsOn.filter((id) => id.startsWith("column:"))
    : own;
  const isNew = (id: string) => !context.from.objects.has(id);
  if (type === "check" && read.length > 0 && read.every(isNew)) return true;
  if (
    type !== "check" && read.some((id) => isNew(id) && isEmpty(columnOf(context.to, id), context))
  ) {
    return true;
  }
  return context.members(context.from, constraint.parent ?? "").some((other) =>
    other.kind === "constraint" && other.facts.type === type &&
    other.facts.not_valid !== true && other.facts.not_enforced !== true &&
    isLooser(bodyOf(other.facts.definition), bodyOf(definition))
  );
}

/** True for a new column in which rows that are there have NULL. */
function isEmpty(column: Column | undefined, context: PostgresContext): boolean {
  return column !== undefined && column.facts.not_null !== true &&
    column.facts.identity === undefined && column.facts.generated === undefined &&
    defaultOf(context.to, column) === undefined;
}

/** A definition without what a foreign key does later. */
function bodyOf(definition: string): string {
  return definition.replace(/ ON (?:UPDATE|DELETE) .*$/s, "");
}

/** Rows that may be written once a key or a check is gone, and that it refuses when it comes back. */

import { sameJson } from "../../../../../core/change.ts";
import { type Constraint, type Index, isOf, type PostgresContext } from "../../../objects.ts";
import { relationName } from "../../clauses/relation.ts";
import type { StatementFacts } from "../../clauses/statement.ts";
import { keysOf } from "./index_columns.ts";

/** What a statement that drops it says; nothing where the table goes too, or where something as strict is there afterwards. */
export function refusedAgain(object: Constraint | Index, context: PostgresContext): StatementFacts {
  const rule = ruleOf(object);
  const table = object.parent ?? "";
  if (rule === null || !context.from.objects.has(table) || !context.to.objects.has(table)) {
    return {};
  }
  const stays = context.members(context.to, table).some((other) =>
    isOf(other, "constraint", "index") && isAsStrict(other, rule)
  );
  return stays ? {} : { failsOn: wordsOf(rule, relationName(object)) };
}

/** What rows must satisfy. */
type Rule =
  | { readonly kind: "unique"; readonly columns: readonly string[]; readonly where: string }
  | {
    readonly kind: "foreign key";
    readonly columns: readonly string[];
    readonly references: string;
    readonly definition: string;
  }
  | { readonly kind: "check"; readonly definition: string };

function ruleOf(object: Constraint | Index): Rule | null {
  if (object.kind === "index") {
    if (object.facts.unique !== true || object.facts.attached_to !== undefined) return null;
    const [, where = ""] = / WHERE (.*)$/s.exec(object.facts.definition) ?? [];
    return { kind: "unique", columns: keysOf(object), where };
  }
  const { type, columns = [], references = "", definition, not_enforced: isOff } = object.facts;
  if (isOff === true) return null;
  switch (type) {
    case "primary key":
    case "unique":
      return { kind: "unique", columns, where: "" };
    case "foreign key":
      return {
        kind: "foreign key",
        columns,
        references,
        definition: definition.replace(/ ON (?:UPDATE|DELETE) .*$/s, ""),
      };
    default:
      return { kind: "check", definition };
  }
}

function isAsStrict(object: Constraint | Index, rule: Rule): boolean {
  const other = ruleOf(object);
  if (other === null || other.kind !== rule.kind) return false;
  if (other.kind !== "unique" || rule.kind !== "unique") return sameJson(other, rule);
  return (other.where === "" || other.where === rule.where) &&
    other.columns.every((column) => rule.columns.includes(column));
}

function wordsOf(rule: Rule, table: string): string {
  switch (rule.kind) {
    case "unique":
      return `rows of ${table} that are equal in ${rule.columns.join(", ")}`;
    case "foreign key":
      return `rows of ${table} whose ${rule.columns.join(", ")} is not in ${rule.references}`;
    case "check":
      return `rows of ${table} that ${rule.definition} refuses`;
  }
}

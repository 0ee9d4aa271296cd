/** Rows that a migration fills are not written by anybody: the triggers of users do not fire for them. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import { lastName } from "../../names.ts";
import type { Column, ObjectOf, PostgresContext } from "../../objects.ts";
import { ident } from "../../quote.ts";
import { isKept } from "../clauses/action.ts";
import { kindOf, relationOf } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import { attributeSet } from "../../../common/statement.ts";

/**
 * Statements that update the table of a column, between others that disable its triggers for UPDATE and set them as they were.
 * Those that this plan itself creates, changes or drops are left alone: they may or may not be there by then.
 */
export function withoutTriggers(
  column: Column,
  statements: readonly PlannedStatement[],
  context: PostgresContext,
): readonly PlannedStatement[] {
  const table = column.parent ?? "";
  if (statements.length === 0 || kindOf(table) !== "table") return statements;
  const fired = context.members(context.from, table).flatMap((member) =>
    member.kind === "trigger" && firesOnUpdate(member) && isKept(member.id, context) ? [member] : []
  );
  const set = (trigger: ObjectOf<"trigger">, words: string, state: string) =>
    planned(
      trigger,
      `ALTER TABLE ${relationOf(column)} ${words} TRIGGER ${ident(lastName(trigger.name))}`,
      attributeSet(trigger, "state", state),
    );
  return [
    ...fired.map((trigger) => set(trigger, "DISABLE", "disabled")),
    ...statements,
    ...fired.map((trigger) =>
      trigger.facts.enabled === "always"
        ? set(trigger, "ENABLE ALWAYS", "always")
        : set(trigger, "ENABLE", "enabled")
    ),
  ];
}

function firesOnUpdate({ facts }: ObjectOf<"trigger">): boolean {
  if (facts.enabled === "disabled" || facts.enabled === "replica") return false;
  return /^[A-Z ]*?\bUPDATE\b/.test(facts.definition ?? "");
}

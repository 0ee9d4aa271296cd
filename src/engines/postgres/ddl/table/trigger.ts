/** Triggers. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import { lastName } from "../../names.ts";
import type { KindOf, ObjectOf } from "../../objects.ts";
import { ident } from "../../quote.ts";
import { inBrackets } from "../clauses/brackets.ts";
import { commentStatements } from "../clauses/comment.ts";
import { extensionDependencies } from "../clauses/extension_dependency.ts";
import { kindOf, majorOf, relationOf } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import { attributeSet, created, dropped, renamed, replaced } from "../../../common/statement.ts";

/** `trigger` of a table, foreign table or view; a clone is that of the partitioned table in another state. */
export const triggers: KindOf<"trigger"> = {
  kind: "trigger",
  rank: 60,
  create: (trigger) => [
    ...trigger.facts.clone === true ? [] : [planned(
      trigger,
      createTrigger(trigger),
      created(trigger),
    )],
    ...stateStatements(null, trigger),
    ...commentStatements(null, trigger, refOf(trigger)),
    ...extensionDependencies(null, trigger, refOf(trigger)),
  ],
  drop: (trigger) =>
    trigger.facts.clone === true ? [enable(trigger, undefined)] : [planned(
      trigger,
      `DROP TRIGGER ${ident(lastName(trigger.name))} ON ${relationOf(trigger)}`,
      dropped(trigger),
    )],
  alter: ({ before, after, facts }, context) => {
    const redefined = facts.includes("definition") || facts.includes("constraint") ||
      facts.includes("clone");
    if (redefined && (after.facts.constraint === true || majorOf(context) < 14)) return "replace";
    if (facts.includes("constraint") || facts.includes("clone")) return "replace";
    const statements: PlannedStatement[] = redefined
      ? [planned(
        after,
        createTrigger(after).replace(/^CREATE/, "CREATE OR REPLACE"),
        replaced(after),
      )]
      : [];
    return {
      statements: [
        ...statements,
        ...stateStatements(before, after),
        ...commentStatements(before, after, refOf(after)),
        ...extensionDependencies(redefined ? null : before, after, refOf(after)),
      ],
    };
  },
  followsRename: (trigger) => trigger.facts.clone === true,
  rename: (before, after) => [planned(
    after,
    `ALTER TRIGGER ${ident(lastName(before.name))} ON ${relationOf(before)} RENAME TO ${
      ident(lastName(after.name))
    }`,
    renamed(before, after),
  )],
};

function createTrigger(trigger: ObjectOf<"trigger">): string {
  const word = trigger.facts.constraint === true ? "CONSTRAINT TRIGGER" : "TRIGGER";
  const definition = trigger.facts.definition ?? "";
  const body = definition.replace(/ (FOR EACH (?:ROW|STATEMENT) )/, "\n  $1")
    .replace(
      / WHEN \((.*)\) (EXECUTE (?:FUNCTION|PROCEDURE) )/s,
      (_, condition: string, rest: string) => ` WHEN (${inBrackets(condition)}) ${rest}`,
    );
  return `CREATE ${word} ${ident(lastName(trigger.name))}\n  ${body}`;
}

function stateStatements(
  before: ObjectOf<"trigger"> | null,
  after: ObjectOf<"trigger">,
): readonly PlannedStatement[] {
  const is = after.facts.enabled;
  if (before?.facts.enabled === is) {
    return before === null && after.facts.clone === true ? [enable(after, is)] : [];
  }
  return [enable(after, is)];
}

function enable(trigger: ObjectOf<"trigger">, state: string | undefined): PlannedStatement {
  const kind = kindOf(trigger.parent ?? "");
  const word = kind === "foreign table" ? "FOREIGN TABLE" : "TABLE";
  return planned(
    trigger,
    `ALTER ${word} ${relationOf(trigger)} ${STATES[state ?? "enabled"] ?? "ENABLE TRIGGER"} ${
      ident(lastName(trigger.name))
    }`,
    attributeSet(trigger, "state", state ?? "enabled"),
  );
}

const STATES: Readonly<Record<string, string>> = {
  enabled: "ENABLE TRIGGER",
  disabled: "DISABLE TRIGGER",
  replica: "ENABLE REPLICA TRIGGER",
  always: "ENABLE ALWAYS TRIGGER",
};

function refOf(trigger: ObjectOf<"trigger">): string {
  return `TRIGGER ${ident(lastName(trigger.name))} ON ${relationOf(trigger)}`;
}

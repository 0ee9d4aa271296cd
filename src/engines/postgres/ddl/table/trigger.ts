/** Triggers. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { lastName } from "../../names.ts";
import { ident } from "../../quote.ts";
import { inBrackets } from "../clauses/brackets.ts";
import { commentStatements } from "../clauses/comment.ts";
import { extensionMarks } from "../clauses/extension_dependency.ts";
import { flag, kindOf, majorOf, relationName, relationOf } from "../clauses/relation.ts";
import { planned, text } from "../clauses/statement.ts";

/** `trigger` of a table, foreign table or view; a clone is that of the partitioned table in another state. */
export const triggers: ObjectKind = {
  kind: "trigger",
  rank: 60,
  create: (trigger) => [
    ...flag(trigger, "clone") ? [] : [planned(
      trigger,
      createTrigger(trigger),
      `Trigger ${lastName(trigger.name)} of ${relationName(trigger)} is new`,
    )],
    ...stateStatements(null, trigger),
    ...commentStatements(null, trigger, refOf(trigger)),
    ...extensionMarks(null, trigger, refOf(trigger)),
  ],
  drop: (trigger) =>
    flag(trigger, "clone") ? [enable(trigger, undefined)] : [planned(
      trigger,
      `DROP TRIGGER ${ident(lastName(trigger.name))} ON ${relationOf(trigger)}`,
      `Trigger ${lastName(trigger.name)} of ${relationName(trigger)} is gone`,
    )],
  alter: ({ before, after, facts }, context) => {
    const redefined = facts.includes("definition") || facts.includes("constraint") ||
      facts.includes("clone");
    if (redefined && (flag(after, "constraint") || majorOf(context) < 14)) return "replace";
    if (facts.includes("constraint") || facts.includes("clone")) return "replace";
    const statements: PlannedStatement[] = redefined
      ? [planned(
        after,
        createTrigger(after).replace(/^CREATE/, "CREATE OR REPLACE"),
        `Trigger ${lastName(after.name)} of ${relationName(after)} is another`,
      )]
      : [];
    return {
      statements: [
        ...statements,
        ...stateStatements(before, after),
        ...commentStatements(before, after, refOf(after)),
        ...extensionMarks(redefined ? null : before, after, refOf(after)),
      ],
    };
  },
  followsRename: (trigger) => flag(trigger, "clone"),
  rename: (before, after) => [planned(
    after,
    `ALTER TRIGGER ${ident(lastName(before.name))} ON ${relationOf(before)} RENAME TO ${
      ident(lastName(after.name))
    }`,
    `Trigger ${lastName(before.name)} is called ${lastName(after.name)}`,
  )],
};

function createTrigger(trigger: SchemaObject): string {
  const word = flag(trigger, "constraint") ? "CONSTRAINT TRIGGER" : "TRIGGER";
  const definition = text(trigger, "definition") ?? "";
  const body = definition.replace(/ (FOR EACH (?:ROW|STATEMENT) )/, "\n  $1")
    .replace(
      / WHEN \((.*)\) (EXECUTE (?:FUNCTION|PROCEDURE) )/s,
      (_, condition: string, rest: string) => ` WHEN (${inBrackets(condition)}) ${rest}`,
    );
  return `CREATE ${word} ${ident(lastName(trigger.name))}\n  ${body}`;
}

function stateStatements(
  before: SchemaObject | null,
  after: SchemaObject,
): readonly PlannedStatement[] {
  const is = text(after, "enabled");
  if ((before === null ? null : text(before, "enabled")) === is) {
    return before === null && flag(after, "clone") ? [enable(after, is ?? undefined)] : [];
  }
  return [enable(after, is ?? undefined)];
}

function enable(trigger: SchemaObject, state: string | undefined): PlannedStatement {
  const kind = kindOf(trigger.parent ?? "");
  const word = kind === "foreign table" ? "FOREIGN TABLE" : "TABLE";
  return planned(
    trigger,
    `ALTER ${word} ${relationOf(trigger)} ${STATES[state ?? "enabled"] ?? "ENABLE TRIGGER"} ${
      ident(lastName(trigger.name))
    }`,
    `Trigger ${lastName(trigger.name)} of ${relationName(trigger)} is ${state ?? "enabled"}`,
  );
}

const STATES: Readonly<Record<string, string>> = {
  enabled: "ENABLE TRIGGER",
  disabled: "DISABLE TRIGGER",
  replica: "ENABLE REPLICA TRIGGER",
  always: "ENABLE ALWAYS TRIGGER",
};

function refOf(trigger: SchemaObject): string {
  return `TRIGGER ${ident(lastName(trigger.name))} ON ${relationOf(trigger)}`;
}

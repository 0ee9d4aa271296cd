/** Rewrite rules. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { lastName } from "../../names.ts";
import { ident } from "../../quote.ts";
import { commentStatements } from "../clauses/comment.ts";
import { relationName, relationOf } from "../clauses/relation.ts";
import { planned, text } from "../clauses/statement.ts";

/** `rule` of a table or view, other than the one that makes a view. */
export const rules: ObjectKind = {
  kind: "rule",
  rank: 58,
  create: (rule) => [
    createRule(rule, "CREATE", `Rule ${lastName(rule.name)} of ${relationName(rule)} is new`),
    ...extras(null, rule),
  ],
  drop: (rule) => [planned(
    rule,
    `DROP RULE ${ident(lastName(rule.name))} ON ${relationOf(rule)}`,
    `Rule ${lastName(rule.name)} of ${relationName(rule)} is gone`,
  )],
  alter: ({ before, after, facts }) => ({
    statements: [
      ...facts.includes("definition")
        ? [createRule(
          after,
          "CREATE OR REPLACE",
          `Rule ${lastName(after.name)} of ${relationName(after)} is another`,
        )]
        : [],
      ...extras(before, after),
    ],
  }),
  mentions: (rule) => text(rule, "definition"),
  rename: (before, after) => [planned(
    after,
    `ALTER RULE ${ident(lastName(before.name))} ON ${relationOf(before)} RENAME TO ${
      ident(lastName(after.name))
    }`,
    `Rule ${lastName(before.name)} is called ${lastName(after.name)}`,
  )],
};

function createRule(rule: SchemaObject, verb: string, why: string): PlannedStatement {
  return planned(
    rule,
    `${verb} RULE ${ident(lastName(rule.name))} AS\n  ${text(rule, "definition") ?? ""}`,
    why,
  );
}

function extras(before: SchemaObject | null, after: SchemaObject): readonly PlannedStatement[] {
  const name = ident(lastName(after.name));
  const is = text(after, "enabled");
  const was = before === null ? null : text(before, "enabled");
  return [
    ...was === is ? [] : [planned(
      after,
      `ALTER TABLE ${relationOf(after)} ${STATES[is ?? "enabled"] ?? "ENABLE RULE"} ${name}`,
      `Rule ${lastName(after.name)} of ${relationName(after)} is ${is ?? "enabled"}`,
    )],
    ...commentStatements(before, after, `RULE ${name} ON ${relationOf(after)}`),
  ];
}

const STATES: Readonly<Record<string, string>> = {
  enabled: "ENABLE RULE",
  disabled: "DISABLE RULE",
  replica: "ENABLE REPLICA RULE",
  always: "ENABLE ALWAYS RULE",
};

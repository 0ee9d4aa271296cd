/** Rewrite rules. */

import type { PlannedStatement } from "../../../../schema.ts";
import { lastName } from "../../names.ts";
import type { KindOf, ObjectOf } from "../../objects.ts";
import { ident } from "../../quote.ts";
import { commentStatements } from "../clauses/comment.ts";
import { relationName, relationOf } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";

/** `rule` of a table or view, other than the one that makes a view. */
export const rules: KindOf<"rule"> = {
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
  mentions: (rule) => rule.facts.definition,
  rename: (before, after) => [planned(
    after,
    `ALTER RULE ${ident(lastName(before.name))} ON ${relationOf(before)} RENAME TO ${
      ident(lastName(after.name))
    }`,
    `Rule ${lastName(before.name)} is called ${lastName(after.name)}`,
  )],
};

function createRule(rule: ObjectOf<"rule">, verb: string, why: string): PlannedStatement {
  return planned(
    rule,
    `${verb} RULE ${ident(lastName(rule.name))} AS\n  ${rule.facts.definition}`,
    why,
  );
}

function extras(
  before: ObjectOf<"rule"> | null,
  after: ObjectOf<"rule">,
): readonly PlannedStatement[] {
  const name = ident(lastName(after.name));
  const is = after.facts.enabled;
  const was = before?.facts.enabled;
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

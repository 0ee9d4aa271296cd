/** Rewrite rules. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import { lastName } from "../../names.ts";
import type { KindOf, ObjectOf } from "../../objects.ts";
import { ident } from "../../quote.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { metadata, type MetadataRefs } from "../clauses/metadata.ts";
import { relationOf } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import { attributeSet, created, dropped, renamed, replaced } from "../../../common/statement.ts";
import type { Reason } from "../../../../core/reason.ts";

/** `rule` of a table or view, other than the one that makes a view. */
export const rules: KindOf<"rule"> = {
  kind: "rule",
  rank: 58,
  create: (rule, _members, context) => [
    createRule(rule, "CREATE", created(rule)),
    ...rule.facts.enabled === undefined ? [] : [enable(rule)],
    ...metadata(null, rule, refs(rule), context),
  ],
  drop: (rule) => [planned(
    rule,
    `DROP RULE ${ident(lastName(rule.name))} ON ${relationOf(rule)}`,
    dropped(rule),
  )],
  alter: alterBy({
    definition: (_before, after) => [
      createRule(
        after,
        "CREATE OR REPLACE",
        replaced(after),
      ),
    ],
    enabled: (_before, after) => [enable(after)],
  }, refs),
  mentions: (rule) => rule.facts.definition,
  rename: (before, after) => [planned(
    after,
    `ALTER RULE ${ident(lastName(before.name))} ON ${relationOf(before)} RENAME TO ${
      ident(lastName(after.name))
    }`,
    renamed(before, after),
  )],
};

function createRule(rule: ObjectOf<"rule">, verb: string, reason: Reason): PlannedStatement {
  return planned(
    rule,
    `${verb} RULE ${ident(lastName(rule.name))} AS\n  ${rule.facts.definition}`,
    reason,
  );
}

function enable(rule: ObjectOf<"rule">): PlannedStatement {
  const name = lastName(rule.name);
  const state = rule.facts.enabled ?? "enabled";
  return planned(
    rule,
    `ALTER TABLE ${relationOf(rule)} ${STATES[state]} ${ident(name)}`,
    attributeSet(rule, "state", state),
  );
}

const STATES = {
  enabled: "ENABLE RULE",
  disabled: "DISABLE RULE",
  replica: "ENABLE REPLICA RULE",
  always: "ENABLE ALWAYS RULE",
} as const;

function refs(rule: ObjectOf<"rule">): MetadataRefs {
  const ref = `RULE ${ident(lastName(rule.name))} ON ${relationOf(rule)}`;
  return { comment: ref, owner: null, grants: null };
}

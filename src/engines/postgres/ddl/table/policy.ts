/** Row security policies. */

import { sameJson } from "../../../../core/change.ts";
import { lastName } from "../../names.ts";
import type { KindOf, ObjectOf } from "../../objects.ts";
import { ident } from "../../quote.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { inBrackets } from "../clauses/brackets.ts";
import { metadata, type MetadataRefs } from "../clauses/metadata.ts";
import { relationOf } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import { attributeSet, created, dropped, renamed } from "../../../common/statement.ts";

/** `policy` of a table. */
export const policies: KindOf<"policy"> = {
  kind: "policy",
  rank: 65,
  create: (policy, _members, context) => {
    const command = policy.facts.command;
    const clauses = [
      `CREATE POLICY ${ident(lastName(policy.name))} ON ${relationOf(policy)}`,
      ...policy.facts.restrictive === true ? ["AS RESTRICTIVE"] : [],
      ...command === undefined ? [] : [`FOR ${command.toUpperCase()}`],
      ...(policy.facts.roles ?? []).length === 0 ? [] : [roles(policy)],
      ...conditions(policy, ["using", "check"]),
    ];
    return [
      planned(
        policy,
        clauses.join("\n  "),
        created(policy),
      ),
      ...metadata(null, policy, refs(policy), context),
    ];
  },
  drop: (policy) => [planned(
    policy,
    `DROP POLICY ${ident(lastName(policy.name))} ON ${relationOf(policy)}`,
    dropped(policy),
  )],
  alter: alterBy({
    command: "replace",
    restrictive: "replace",
    roles: alterPolicy,
    using: alterPolicy,
    check: alterPolicy,
  }, refs),
  rename: (before, after) => [planned(
    after,
    `ALTER POLICY ${ident(lastName(before.name))} ON ${relationOf(before)} RENAME TO ${
      ident(lastName(after.name))
    }`,
    renamed(before, after),
  )],
};

/** A condition can be changed but not taken away. */
function alterPolicy(before: Policy, after: Policy) {
  const changed = (["using", "check"] as const).filter((fact) =>
    before.facts[fact] !== after.facts[fact]
  );
  if (changed.some((fact) => after.facts[fact] === undefined)) return "replace";
  const clauses = [
    `ALTER POLICY ${ident(lastName(after.name))} ON ${relationOf(after)}`,
    ...sameJson(before.facts.roles, after.facts.roles) ? [] : [roles(after)],
    ...conditions(after, changed),
  ];
  return [planned(after, clauses.join("\n  "), attributeSet(after, "definition"))];
}

type Policy = ObjectOf<"policy">;

function roles({ facts }: Policy): string {
  const names = facts.roles ?? ["public"];
  return `TO ${names.map((name) => name === "public" ? "PUBLIC" : ident(name)).join(", ")}`;
}

function conditions({ facts }: Policy, wanted: readonly ("using" | "check")[]): readonly string[] {
  return wanted.flatMap((fact) => {
    const condition = facts[fact];
    const clause = fact === "using" ? "USING" : "WITH CHECK";
    return condition === undefined ? [] : [`${clause} (${inBrackets(condition)})`];
  });
}

function refs(policy: Policy): MetadataRefs {
  const ref = `POLICY ${ident(lastName(policy.name))} ON ${relationOf(policy)}`;
  return { comment: ref, owner: null, grants: null };
}

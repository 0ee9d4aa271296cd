/** Row security policies. */

import type { PlannedStatement } from "../../../../schema.ts";
import { lastName } from "../../names.ts";
import type { FactOf, KindOf, ObjectOf } from "../../objects.ts";
import { ident } from "../../quote.ts";
import { inBrackets } from "../clauses/brackets.ts";
import { commentStatements } from "../clauses/comment.ts";
import { relationName, relationOf } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";

/** `policy` of a table. */
export const policies: KindOf<"policy"> = {
  kind: "policy",
  rank: 65,
  create: (policy) => {
    const command = policy.facts.command;
    const clauses = [
      `CREATE POLICY ${ident(lastName(policy.name))} ON ${relationOf(policy)}`,
      ...policy.facts.restrictive === true ? ["AS RESTRICTIVE"] : [],
      ...command === undefined ? [] : [`FOR ${command.toUpperCase()}`],
      ...(policy.facts.roles ?? []).length === 0 ? [] : [roles(policy)],
      ...expressions(policy),
    ];
    return [
      planned(
        policy,
        clauses.join("\n  "),
        `Policy ${lastName(policy.name)} of ${relationName(policy)} is new`,
      ),
      ...commentStatements(null, policy, commentRef(policy)),
    ];
  },
  drop: (policy) => [planned(
    policy,
    `DROP POLICY ${ident(lastName(policy.name))} ON ${relationOf(policy)}`,
    `Policy ${lastName(policy.name)} of ${relationName(policy)} is gone`,
  )],
  alter: ({ before, after, facts }) => {
    if (facts.includes("command") || facts.includes("restrictive")) return "replace";
    const lost = (["using", "check"] as const).some((fact) =>
      before.facts[fact] !== undefined && after.facts[fact] === undefined
    );
    if (lost) return "replace";
    const statements: PlannedStatement[] = [];
    const clauses = [
      ...facts.includes("roles") ? [roles(after)] : [],
      ...expressions(after, facts),
    ];
    if (clauses.length > 0) {
      statements.push(planned(
        after,
        [`ALTER POLICY ${ident(lastName(after.name))} ON ${relationOf(after)}`, ...clauses]
          .join("\n  "),
        `Policy ${lastName(after.name)} of ${relationName(after)} is another`,
      ));
    }
    return { statements: [...statements, ...commentStatements(before, after, commentRef(after))] };
  },
  rename: (before, after) => [planned(
    after,
    `ALTER POLICY ${ident(lastName(before.name))} ON ${relationOf(before)} RENAME TO ${
      ident(lastName(after.name))
    }`,
    `Policy ${lastName(before.name)} is called ${lastName(after.name)}`,
  )],
};

function roles(policy: ObjectOf<"policy">): string {
  const names = policy.facts.roles ?? [];
  return `TO ${
    names.length === 0
      ? "PUBLIC"
      : names.map((name) => name === "public" ? "PUBLIC" : ident(name)).join(", ")
  }`;
}

function expressions(
  policy: ObjectOf<"policy">,
  facts: readonly FactOf<"policy">[] = ["using", "check"],
) {
  const using = policy.facts.using;
  const check = policy.facts.check;
  return [
    ...using === undefined || !facts.includes("using") ? [] : [`USING (${inBrackets(using)})`],
    ...check === undefined || !facts.includes("check") ? [] : [`WITH CHECK (${inBrackets(check)})`],
  ];
}

function commentRef(policy: ObjectOf<"policy">): string {
  return `POLICY ${ident(lastName(policy.name))} ON ${relationOf(policy)}`;
}

/** Row security policies. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { lastName } from "../../names.ts";
import { ident } from "../../quote.ts";
import { inBrackets } from "../clauses/brackets.ts";
import { commentStatements } from "../clauses/comment.ts";
import { flag, relationName, relationOf } from "../clauses/relation.ts";
import { planned, text, texts } from "../clauses/statement.ts";

/** `policy` of a table. */
export const policies: ObjectKind = {
  kind: "policy",
  rank: 65,
  create: (policy) => {
    const command = text(policy, "command");
    const clauses = [
      `CREATE POLICY ${ident(lastName(policy.name))} ON ${relationOf(policy)}`,
      ...flag(policy, "restrictive") ? ["AS RESTRICTIVE"] : [],
      ...command === null ? [] : [`FOR ${command.toUpperCase()}`],
      ...texts(policy, "roles").length === 0 ? [] : [roles(policy)],
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
    const lost = ["using", "check"].some((fact) =>
      text(before, fact) !== null && text(after, fact) === null
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

function roles(policy: SchemaObject): string {
  const names = texts(policy, "roles");
  return `TO ${
    names.length === 0
      ? "PUBLIC"
      : names.map((name) => name === "public" ? "PUBLIC" : ident(name)).join(", ")
  }`;
}

function expressions(policy: SchemaObject, facts = ["using", "check"] as readonly string[]) {
  const using = text(policy, "using");
  const check = text(policy, "check");
  return [
    ...using === null || !facts.includes("using") ? [] : [`USING (${inBrackets(using)})`],
    ...check === null || !facts.includes("check") ? [] : [`WITH CHECK (${inBrackets(check)})`],
  ];
}

function commentRef(policy: SchemaObject): string {
  return `POLICY ${ident(lastName(policy.name))} ON ${relationOf(policy)}`;
}

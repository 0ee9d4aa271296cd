/** Operators. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { ObjectKind, PlanContext } from "../../../object_kind.ts";
import { signatureOf, splitName } from "../../names.ts";
import { ident } from "../../quote.ts";
import { block } from "../clauses/list.ts";
import { type BelongingRefs, belongings, otherFacts } from "../clauses/metadata.ts";
import { planned, text } from "../clauses/statement.ts";

/** CREATE OPERATOR; selectivity functions are set in place, the rest takes a new one. */
export const operator: ObjectKind = {
  kind: "operator",
  rank: 45,
  slots: (object) => [`operator ${object.name}`],
  create: (object, _members, context) => [
    planned(
      object,
      `CREATE OPERATOR ${operatorName(object.name)} ${block(options(object))}`,
      `Operator ${object.name} is new`,
    ),
    ...belongings(null, object, refs(object), context),
  ],
  drop: (object, context) => [
    planned(
      object,
      `DROP OPERATOR ${operatorRef(object.name)}`,
      `Operator ${object.name} is gone`,
    ),
    ...dropShells(object, context),
  ],
  alter: ({ before, after, facts }, context) => {
    const changed = otherFacts(facts);
    if (changed.some((fact) => fact !== "restrict" && fact !== "join")) return "replace";
    const set = changed.map((fact) => `${fact.toUpperCase()} = ${text(after, fact) ?? "NONE"}`);
    return {
      statements: [
        ...set.length === 0 ? [] : [planned(
          after,
          `ALTER OPERATOR ${operatorRef(after.name)} SET (${set.join(", ")})`,
          `Operator ${after.name} is estimated otherwise`,
        )],
        ...belongings(before, after, refs(after), context),
      ],
    };
  },
};

/**
 * CREATE OPERATOR makes a shell of a commutator or negator that does not exist. It does no harm and shows nowhere, but its schema
 * cannot be dropped while it is there.
 */
function dropShells(object: SchemaObject, context: PlanContext): readonly PlannedStatement[] {
  const left = text(object, "left") ?? "NONE";
  const right = text(object, "right") ?? "NONE";
  const partners = [
    [text(object, "commutator"), `(${right}, ${left})`],
    [text(object, "negator"), `(${left}, ${right})`],
  ] as const;
  return partners.flatMap(([partner, signature]) => {
    const name = /^OPERATOR\((.+)\)$/.exec(partner ?? "")?.[1];
    if (name === undefined) return [];
    const [schema = ""] = splitName(name);
    const exists = context.from.objects.has(`operator:${name}${signature}`);
    if (exists || context.fate(`schema:${schema}`) !== "drop") return [];
    return [planned(
      object,
      `DROP OPERATOR IF EXISTS ${name} ${signature}`,
      `The shell of ${name} was made for ${object.name}`,
    )];
  });
}

function refs(object: SchemaObject): BelongingRefs {
  const ref = `OPERATOR ${operatorRef(object.name)}`;
  return { comment: ref, owner: ref, grants: null };
}

function operatorRef(name: string): string {
  return `${operatorName(name)} ${signatureOf(name)}`;
}

function operatorName(name: string): string {
  const [schema = "", sign = ""] = splitName(name);
  return schema === "public" ? sign : `${ident(schema)}.${sign}`;
}

const OPTIONS = [
  ["function", "FUNCTION"],
  ["left", "LEFTARG"],
  ["right", "RIGHTARG"],
  ["commutator", "COMMUTATOR"],
  ["negator", "NEGATOR"],
  ["restrict", "RESTRICT"],
  ["join", "JOIN"],
] as const;

function options(object: SchemaObject): readonly string[] {
  return [
    ...OPTIONS.flatMap(([fact, option]) => {
      const value = text(object, fact);
      return value === null ? [] : [`${option} = ${value}`];
    }),
    ...object.facts.hashes === true ? ["HASHES"] : [],
    ...object.facts.merges === true ? ["MERGES"] : [],
  ];
}

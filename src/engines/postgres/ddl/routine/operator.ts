/** Operators. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import { signatureOf, splitName } from "../../names.ts";
import type { KindOf, ObjectOf, PostgresContext } from "../../objects.ts";
import { ident } from "../../quote.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { block } from "../clauses/list.ts";
import { metadata, type MetadataRefs } from "../clauses/metadata.ts";
import { planned } from "../clauses/statement.ts";
import { attributeSet, created, dropped } from "../../../common/statement.ts";

/** CREATE OPERATOR; selectivity functions are set in place, the rest takes a new one. */
export const operator: KindOf<"operator"> = {
  kind: "operator",
  rank: 45,
  reservedNames: (object) => [`operator ${object.name}`],
  create: (object, _members, context) => [
    planned(
      object,
      `CREATE OPERATOR ${operatorName(object.name)} ${block(options(object))}`,
      created(object),
    ),
    ...metadata(null, object, refs(object), context),
  ],
  drop: (object, context) => [
    planned(
      object,
      `DROP OPERATOR ${operatorRef(object.name)}`,
      dropped(object),
    ),
    ...dropShells(object, context),
  ],
  alter: alterBy({
    left: "replace",
    right: "replace",
    function: "replace",
    commutator: "replace",
    negator: "replace",
    restrict: estimate,
    join: estimate,
    hashes: "replace",
    merges: "replace",
  }, refs),
};

/** SET of the selectivity functions that differ. */
function estimate(before: ObjectOf<"operator">, after: ObjectOf<"operator">) {
  const set = (["join", "restrict"] as const)
    .filter((fact) => before.facts[fact] !== after.facts[fact])
    .map((fact) => `${fact.toUpperCase()} = ${after.facts[fact] ?? "NONE"}`);
  return [planned(
    after,
    `ALTER OPERATOR ${operatorRef(after.name)} SET (${set.join(", ")})`,
    attributeSet(after, "selectivity estimators"),
  )];
}

/**
 * CREATE OPERATOR makes a shell of a commutator or negator that does not exist. It does no harm and shows nowhere, but its schema
 * cannot be dropped while it is there.
 */
function dropShells(
  object: ObjectOf<"operator">,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const left = object.facts.left ?? "NONE";
  const right = object.facts.right ?? "NONE";
  const partners = [
    [object.facts.commutator, `(${right}, ${left})`],
    [object.facts.negator, `(${left}, ${right})`],
  ] as const;
  return partners.flatMap(([partner, signature]) => {
    const name = /^OPERATOR\((.+)\)$/.exec(partner ?? "")?.[1];
    if (name === undefined) return [];
    const [schema = ""] = splitName(name);
    const exists = context.from.objects.has(`operator:${name}${signature}`);
    if (exists || context.action(`schema:${schema}`) !== "drop") return [];
    return [planned(
      object,
      `DROP OPERATOR IF EXISTS ${name} ${signature}`,
      { action: "drop", object: { kind: "shell operator", name }, because: { cause: "unused" } },
    )];
  });
}

function refs(object: ObjectOf<"operator">): MetadataRefs {
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

function options(object: ObjectOf<"operator">): readonly string[] {
  return [
    ...OPTIONS.flatMap(([fact, option]) => {
      const value = object.facts[fact];
      return value === undefined ? [] : [`${option} = ${value}`];
    }),
    ...object.facts.hashes === true ? ["HASHES"] : [],
    ...object.facts.merges === true ? ["MERGES"] : [],
  ];
}

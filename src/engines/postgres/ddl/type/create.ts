/** CREATE TYPE of the kinds of types that are made in one step, and CREATE DOMAIN. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import { isGeneratedDomainNotNull } from "../../generated_name.ts";
import { lastName } from "../../names.ts";
import type { ObjectOf, PostgresContext, PostgresObject } from "../../objects.ts";
import { ident, literal, reference } from "../../quote.ts";
import { checkClause } from "../clauses/brackets.ts";
import { commentStatements, partComment } from "../clauses/comment.ts";
import { block, bracketed } from "../clauses/list.ts";
import { allRefs, metadata } from "../clauses/metadata.ts";
import { planned } from "../clauses/statement.ts";
import { functionKind } from "../routine/function.ts";
import { collateClause, collationRef } from "./collate.ts";
import { created } from "../../../common/statement.ts";

/** A type that can be recreated on its own. */
export type StandaloneType = ObjectOf<"enum" | "domain" | "composite" | "range">;

type Create<T extends StandaloneType> = (
  object: T,
  members: readonly PostgresObject[],
  context: PostgresContext,
) => readonly PlannedStatement[];

/** The statements that make a type with its members. */
export function createType(
  object: StandaloneType,
  members: readonly PostgresObject[],
  context: PostgresContext,
): readonly PlannedStatement[] {
  switch (object.kind) {
    case "enum":
      return createEnum(object, members, context);
    case "domain":
      return createDomain(object, members, context);
    case "composite":
      return createComposite(object, members, context);
    case "range":
      return createRange(object, members, context);
  }
}

/** CREATE TYPE ... AS ENUM. */
export const createEnum: Create<ObjectOf<"enum">> = (object, _members, context) => [
  planned(
    object,
    `CREATE TYPE ${reference(object.name)} AS ENUM ${
      bracketed((object.facts.labels ?? []).map(literal))
    }`,
    created(object),
  ),
  ...metadata(null, object, allRefs(`TYPE ${reference(object.name)}`), context),
];

/** CREATE DOMAIN with its constraints. */
export const createDomain: Create<ObjectOf<"domain">> = (object, parts, context) => {
  const members = parts.filter((part) => part.kind === "domain constraint");
  const ref = `DOMAIN ${reference(object.name)}`;
  return [
    planned(
      object,
      [
        `CREATE ${ref} AS ${object.facts.type}${collateClause(object)}`,
        ...clauses(object),
        ...members.map((member) =>
          `CONSTRAINT ${ident(lastName(member.name))} ${checkClause(member.facts.definition)}`
        ),
      ].join("\n  "),
      created(object),
    ),
    ...metadata(null, object, allRefs(ref), context),
    ...domainNotNullComment(null, object),
    ...members.flatMap((member) => constraintComment(null, member)),
  ];
};

/** CREATE TYPE ... AS (...) with its attributes. */
export const createComposite: Create<ObjectOf<"composite">> = (object, parts, context) => {
  const members = parts.filter((part) => part.kind === "attribute");
  const ref = `TYPE ${reference(object.name)}`;
  const attributes = members.map(attributeClause);
  return [
    planned(
      object,
      `CREATE ${ref} AS ${attributes.length === 0 ? "()" : block(attributes)}`,
      created(object),
    ),
    ...metadata(null, object, allRefs(ref), context),
    ...members.flatMap((member) => attributeComment(null, member)),
  ];
};

/** CREATE TYPE ... AS RANGE. A canonical function, the only member, is made between the shell and the type. */
export const createRange: Create<ObjectOf<"range">> = (object, parts, context) => {
  const members = parts.filter((part) => part.kind === "function");
  const ref = `TYPE ${reference(object.name)}`;
  return [
    ...(members.length === 0 ? [] : [
      planned(object, `CREATE ${ref}`, {
        action: "create",
        object: { kind: "shell type", name: object.name },
        because: { cause: "functions" },
      }),
      ...members.flatMap((member) => functionKind.create(member, [], context)),
    ]),
    planned(object, `CREATE ${ref} AS RANGE ${block(rangeOptions(object))}`, created(object)),
    ...metadata(null, object, allRefs(ref), context),
  ];
};

/** `NOT NULL`, or the same with the name that the author gave the constraint. */
export function domainNotNull(object: ObjectOf<"domain">): string {
  const name = object.facts.not_null_name;
  return name === undefined || isGeneratedDomainNotNull(name)
    ? "NOT NULL"
    : `CONSTRAINT ${ident(name)} NOT NULL`;
}

/** The not-null constraint has a name and may have a comment from version 17 on. */
export function domainNotNullComment(
  before: ObjectOf<"domain"> | null,
  after: ObjectOf<"domain">,
): readonly PlannedStatement[] {
  const name = after.facts.not_null_name ?? `${lastName(after.name)}_not_null`;
  return partComment(after, `CONSTRAINT ${ident(name)} ON DOMAIN ${reference(after.name)}`, {
    had: before?.facts.not_null_comment,
    has: after.facts.not_null_comment,
    of: "the not-null constraint of ",
  });
}

/** The comment on a constraint of a domain. */
export function constraintComment(
  before: ObjectOf<"domain constraint"> | null,
  after: ObjectOf<"domain constraint">,
) {
  return commentStatements(
    before,
    after,
    `CONSTRAINT ${ident(lastName(after.name))} ON DOMAIN ${domainOf(after)}`,
  );
}

/** The domain of a constraint as SQL. */
export function domainOf(constraint: ObjectOf<"domain constraint">): string {
  return reference((constraint.parent ?? "").slice("domain:".length));
}

/** `street text COLLATE "C"` */
export function attributeClause(member: ObjectOf<"attribute">): string {
  return `${ident(lastName(member.name))} ${clauseOf(member)}`;
}

/** The same without the name. */
export function clauseOf(member: ObjectOf<"attribute">): string {
  return `${member.facts.type}${collateClause(member)}`;
}

/** The comment on an attribute. */
export function attributeComment(
  before: ObjectOf<"attribute"> | null,
  after: ObjectOf<"attribute">,
) {
  return commentStatements(
    before,
    after,
    `COLUMN ${typeOf(after)}.${ident(lastName(after.name))}`,
  );
}

/** The composite type of an attribute as SQL. */
export function typeOf(member: ObjectOf<"attribute">): string {
  return reference((member.parent ?? "").slice("composite:".length));
}

function clauses(object: ObjectOf<"domain">): readonly string[] {
  const value = object.facts.default;
  return [
    ...value === undefined ? [] : [`DEFAULT ${value}`],
    ...object.facts.not_null === true ? [domainNotNull(object)] : [],
  ];
}

function rangeOptions({ facts }: ObjectOf<"range">): readonly string[] {
  return [
    `SUBTYPE = ${facts.subtype}`,
    ...(facts.operator_class === undefined
      ? []
      : [`SUBTYPE_OPCLASS = ${collationRef(facts.operator_class)}`]),
    ...(facts.collation === undefined ? [] : [`COLLATION = ${collationRef(facts.collation)}`]),
    ...(facts.canonical === undefined ? [] : [`CANONICAL = ${facts.canonical}`]),
    ...(facts.difference === undefined ? [] : [`SUBTYPE_DIFF = ${facts.difference}`]),
    ...(facts.multirange === undefined
      ? []
      : [`MULTIRANGE_TYPE_NAME = ${reference(facts.multirange)}`]),
  ];
}

/** CREATE TYPE of the kinds of types that are made in one step, and CREATE DOMAIN. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { PlanContext } from "../../../object_kind.ts";
import { lastName } from "../../names.ts";
import { ident, literal, reference } from "../../quote.ts";
import { commentStatements } from "../clauses/comment.ts";
import { block, bracketed } from "../clauses/list.ts";
import { allRefs, belongings } from "../clauses/metadata.ts";
import { planned, text, texts } from "../clauses/statement.ts";
import { functionKind } from "../routine/function.ts";
import { collateClause, collationRef } from "./collate.ts";

type Create = (
  object: SchemaObject,
  members: readonly SchemaObject[],
  context: PlanContext,
) => readonly PlannedStatement[];

/** The statements that make a type of one of these kinds with its members; nothing for another kind. */
export function createType(
  object: SchemaObject,
  members: readonly SchemaObject[],
  context: PlanContext,
): readonly PlannedStatement[] {
  return CREATES[object.kind]?.(object, members, context) ?? [];
}

/** CREATE TYPE ... AS ENUM. */
export const createEnum: Create = (object, _members, context) => [
  planned(
    object,
    `CREATE TYPE ${reference(object.name)} AS ENUM ${
      bracketed(texts(object, "labels").map(literal))
    }`,
    `Type ${object.name} is new`,
  ),
  ...belongings(null, object, allRefs(`TYPE ${reference(object.name)}`), context),
];

/** CREATE DOMAIN with its constraints. */
export const createDomain: Create = (object, members, context) => {
  const ref = `DOMAIN ${reference(object.name)}`;
  return [
    planned(
      object,
      [
        `CREATE ${ref} AS ${text(object, "type")}${collateClause(object)}`,
        ...clauses(object),
        ...members.map((member) =>
          `CONSTRAINT ${ident(lastName(member.name))} ${text(member, "definition")}`
        ),
      ].join("\n  "),
      `Domain ${object.name} is new`,
    ),
    ...belongings(null, object, allRefs(ref), context),
    ...domainNotNullComment(null, object),
    ...members.flatMap((member) => constraintComment(null, member)),
  ];
};

/** CREATE TYPE ... AS (...) with its attributes. */
export const createComposite: Create = (object, members, context) => {
  const ref = `TYPE ${reference(object.name)}`;
  const attributes = members.map(attributeClause);
  return [
    planned(
      object,
      `CREATE ${ref} AS ${attributes.length === 0 ? "()" : block(attributes)}`,
      `Type ${object.name} is new`,
    ),
    ...belongings(null, object, allRefs(ref), context),
    ...members.flatMap((member) => attributeComment(null, member)),
  ];
};

/** CREATE TYPE ... AS RANGE. A canonical function, the only member, is made between the shell and the type. */
export const createRange: Create = (object, members, context) => {
  const ref = `TYPE ${reference(object.name)}`;
  const why = `Type ${object.name} is new`;
  return [
    ...(members.length === 0 ? [] : [
      planned(object, `CREATE ${ref}`, `Its functions take ${object.name}`),
      ...members.flatMap((member) => functionKind.create(member, [], context)),
    ]),
    planned(object, `CREATE ${ref} AS RANGE ${block(rangeOptions(object))}`, why),
    ...belongings(null, object, allRefs(ref), context),
  ];
};

const CREATES: Readonly<Record<string, Create>> = {
  enum: createEnum,
  domain: createDomain,
  composite: createComposite,
  range: createRange,
};

/** `NOT NULL`, or the same with the name of the constraint. */
export function domainNotNull(object: SchemaObject): string {
  const name = text(object, "not_null_name");
  return name === null ? "NOT NULL" : `CONSTRAINT ${ident(name)} NOT NULL`;
}

/** The not-null constraint has a name and may have a comment from version 17 on. */
export function domainNotNullComment(before: SchemaObject | null, after: SchemaObject) {
  const comment = (object: SchemaObject | null) => ({
    ...after,
    facts: { comment: object === null ? null : text(object, "not_null_comment") },
  });
  const name = text(after, "not_null_name") ?? `${lastName(after.name)}_not_null`;
  return commentStatements(
    comment(before),
    comment(after),
    `CONSTRAINT ${ident(name)} ON DOMAIN ${reference(after.name)}`,
  );
}

/** The comment on a constraint of a domain. */
export function constraintComment(before: SchemaObject | null, after: SchemaObject) {
  return commentStatements(
    before,
    after,
    `CONSTRAINT ${ident(lastName(after.name))} ON DOMAIN ${domainOf(after)}`,
  );
}

/** The domain of a constraint as SQL. */
export function domainOf(constraint: SchemaObject): string {
  return reference((constraint.parent ?? "").slice("domain:".length));
}

/** `street text COLLATE "C"` */
export function attributeClause(member: SchemaObject): string {
  return `${ident(lastName(member.name))} ${clauseOf(member)}`;
}

/** The same without the name. */
export function clauseOf(member: SchemaObject): string {
  return `${text(member, "type")}${collateClause(member)}`;
}

/** The comment on an attribute. */
export function attributeComment(before: SchemaObject | null, after: SchemaObject) {
  return commentStatements(
    before,
    after,
    `COLUMN ${typeOf(after)}.${ident(lastName(after.name))}`,
  );
}

/** The composite type of an attribute as SQL. */
export function typeOf(member: SchemaObject): string {
  return reference((member.parent ?? "").slice("composite:".length));
}

function clauses(object: SchemaObject): readonly string[] {
  const value = text(object, "default");
  return [
    ...value === null ? [] : [`DEFAULT ${value}`],
    ...object.facts.not_null === true ? [domainNotNull(object)] : [],
  ];
}

function rangeOptions(object: SchemaObject): readonly string[] {
  const operatorClass = text(object, "operator_class");
  const collation = text(object, "collation");
  const multirange = text(object, "multirange");
  const canonical = text(object, "canonical");
  const difference = text(object, "difference");
  return [
    `SUBTYPE = ${text(object, "subtype")}`,
    ...(operatorClass === null ? [] : [`SUBTYPE_OPCLASS = ${collationRef(operatorClass)}`]),
    ...(collation === null ? [] : [`COLLATION = ${collationRef(collation)}`]),
    ...(canonical === null ? [] : [`CANONICAL = ${canonical}`]),
    ...(difference === null ? [] : [`SUBTYPE_DIFF = ${difference}`]),
    ...(multirange === null ? [] : [`MULTIRANGE_TYPE_NAME = ${reference(multirange)}`]),
  ];
}

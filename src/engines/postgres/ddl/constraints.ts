/** Constraints of tables: carried by CREATE TABLE where they can be, altered in place where Postgres can. */

import type { PlannedStatement, SchemaObject } from "../../../schema.ts";
import type { Alteration, ObjectKind, PlanContext } from "../../object_kind.ts";
import { generatedName } from "../generated_name.ts";
import { joinName, lastName } from "../names.ts";
import { ident, reference } from "../quote.ts";
import { attachesByItself, isMadeByParent, isPart, partNames, partRenames } from "./attached.ts";
import { answerFlag } from "./choice.ts";
import { inBrackets } from "./column_clause.ts";
import { commentStatements } from "./comment.ts";
import { clusterStatements, identityStatements } from "./index_marks.ts";
import {
  alterRelation,
  flag,
  isPartitioned,
  majorOf,
  nameIsFree,
  relationName,
  relationOf,
  schemaOf,
} from "./relation.ts";
import { optionList, optionStatements } from "./options.ts";
import { planned, text, texts } from "./statement.ts";
import { movesAlong } from "./table_moves.ts";

/** `constraint`: primary key, unique, foreign key, check, exclude. */
export const constraints: ObjectKind = {
  kind: "constraint",
  rank: 34,
  inline: (constraint, parent) =>
    parent.kind === "table" && !flag(constraint, "not_valid") && !isPart(constraint) &&
    !flag(constraint, "invalid") && !flag(constraint, "inherited") &&
    !namesNotNull(constraint, parent),
  slots: (constraint) => [
    `constraint ${constraint.name}`,
    ...constraint.facts.type === "primary key"
      ? [`primary key of ${relationName(constraint)}`]
      : [],
    ...hasIndex(constraint)
      ? [`relation ${joinName(schemaOf(constraint.name), lastName(constraint.name))}`]
      : [],
  ],
  create: (constraint, _, context) =>
    flag(constraint, "inherited")
      ? validateInherited(constraint)
      : isPart(constraint)
      ? createPart(constraint, context)
      : [
        ...duplicates(constraint, context),
        addConstraint(constraint),
        ...constraintExtras(null, constraint, context),
      ],
  drop: (constraint) =>
    flag(constraint, "inherited") ? [] : [planned(
      constraint,
      `${alterRelation(constraint)} DROP CONSTRAINT ${ident(lastName(constraint.name))}`,
      `Constraint ${lastName(constraint.name)} of ${relationName(constraint)} is gone`,
    )],
  alter: ({ before, after, facts }, context) => alterConstraint(before, after, facts, context),
  absorbedBy: (change, context) =>
    movesAlong(change, context)
      ? (change.op === "drop" ? change.before : change.after).parent
      : null,
  followsRename: (constraint) => flag(constraint, "merged") || flag(constraint, "inherited"),
  rename: (before, after) => [planned(
    after,
    `${alterRelation(before)} RENAME CONSTRAINT ${ident(lastName(before.name))} TO ${
      ident(lastName(after.name))
    }`,
    `Constraint ${lastName(before.name)} is called ${lastName(after.name)}`,
  )],
};

/** A constraint inside CREATE TABLE: `CONSTRAINT c CHECK (n > 0)`, without the name where the server chooses the same. */
export function tableConstraint(constraint: SchemaObject, context: PlanContext): string {
  return named(constraint, constraintBody(constraint), context);
}

/** The same behind its only column, or null where it cannot stand there. */
export function columnConstraint(constraint: SchemaObject, context: PlanContext): string | null {
  const columns = texts(constraint, "columns");
  const [column] = columns;
  if (columns.length !== 1 || column === undefined) return null;
  if (!hasUsualName(constraint, context)) return null;
  const definition = text(constraint, "definition") ?? "";
  const name = ident(column);
  const endings = `${deferral(constraint)}${enforcement(constraint)}`;
  switch (constraint.facts.type) {
    case "primary key":
      return definition === `PRIMARY KEY (${name})`
        ? `PRIMARY KEY${placement(constraint)}${endings}`
        : null;
    case "unique":
      return definition === `UNIQUE (${name})` ? `UNIQUE${placement(constraint)}${endings}` : null;
    case "foreign key": {
      const start = `FOREIGN KEY (${name}) `;
      return definition.startsWith(start) ? constraintBody(constraint).slice(start.length) : null;
    }
    case "check":
      return constraintBody(constraint);
    default:
      return null;
  }
}

/** Cluster and replica identity marks of the constraint's index, statistics targets, and the comment. */
export function constraintExtras(
  before: SchemaObject | null,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  return [
    ...clusterStatements(before, after, context),
    ...identityStatements(before, after, context),
    ...commentStatements(
      before,
      after,
      `CONSTRAINT ${ident(lastName(after.name))} ON ${relationOf(after)}`,
    ),
  ];
}

/** True when the name is the one that Postgres gives by itself. */
export function hasUsualName(constraint: SchemaObject, context: PlanContext): boolean {
  return lastName(constraint.name) === usualName(constraint) &&
    nameIsFree(context, constraint.id);
}

/** The name that Postgres gives a constraint of this kind over these columns. */
export function usualName(
  constraint: SchemaObject,
  table = lastName(relationName(constraint)),
): string {
  const columns = texts(constraint, "columns");
  const all = columns.length === 0 ? null : columns.join("_");
  switch (constraint.facts.type) {
    case "primary key":
      return generatedName(table, null, "pkey");
    case "unique":
      return generatedName(table, all, "key");
    case "foreign key":
      return generatedName(table, all, "fkey");
    case "check":
      return generatedName(table, columns.length === 1 ? all : null, "check");
    default:
      return generatedName(table, all, "excl");
  }
}

/** A check that came from the parent unchecked and is checked here. */
function validateInherited(constraint: SchemaObject): readonly PlannedStatement[] {
  if (flag(constraint, "not_valid")) return [];
  return [planned(
    constraint,
    `${alterRelation(constraint)} VALIDATE CONSTRAINT ${ident(lastName(constraint.name))}`,
    `All rows of ${relationName(constraint)} keep to ${lastName(constraint.name)}`,
  )];
}

/** ALTER TABLE ... ADD CONSTRAINT */
export function addConstraint(constraint: SchemaObject): PlannedStatement {
  return planned(
    constraint,
    `${alterRelation(constraint, flag(constraint, "invalid"))} ADD CONSTRAINT ${
      ident(lastName(constraint.name))
    } ${constraintBody(constraint)}${flag(constraint, "not_valid") ? " NOT VALID" : ""}`,
    `Constraint ${lastName(constraint.name)} of ${relationName(constraint)} is new`,
  );
}

/** What stands behind the name, without NOT VALID. */
function constraintBody(constraint: SchemaObject): string {
  const definition = text(constraint, "definition") ?? "";
  const check = /^CHECK \((.*)\)( NO INHERIT)?$/s.exec(definition);
  const body = check === null
    ? definition
    : `CHECK (${inBrackets(check[1] ?? "")})${check[2] ?? ""}`;
  return `${withPlacement(constraint, body)}${deferral(constraint)}${enforcement(constraint)}`;
}

/** Puts the parameters of the index where the grammar has them: in front of the predicate of an exclusion. */
function withPlacement(constraint: SchemaObject, body: string): string {
  const parameters = placement(constraint);
  if (parameters === "" || constraint.facts.type !== "exclude") return `${body}${parameters}`;
  const predicate = /^EXCLUDE [^']*?\)( WHERE \(.*)$/s.exec(body)?.[1] ?? "";
  return `${body.slice(0, body.length - predicate.length)}${parameters}${predicate}`;
}

function placement(constraint: SchemaObject): string {
  const options = texts(constraint, "options");
  const tablespace = text(constraint, "tablespace");
  return [
    options.length === 0 ? "" : ` WITH (${optionList(options)})`,
    tablespace === null ? "" : ` USING INDEX TABLESPACE ${ident(tablespace)}`,
  ].join("");
}

function deferral(constraint: SchemaObject): string {
  if (!flag(constraint, "deferrable")) return "";
  return flag(constraint, "deferred") ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}

function enforcement(constraint: SchemaObject): string {
  return flag(constraint, "not_enforced") ? " NOT ENFORCED" : "";
}

function named(constraint: SchemaObject, body: string, context: PlanContext): string {
  return hasUsualName(constraint, context)
    ? body
    : `CONSTRAINT ${ident(lastName(constraint.name))} ${body}`;
}

function hasIndex(constraint: SchemaObject): boolean {
  return ["primary key", "unique", "exclude"].includes(text(constraint, "type") ?? "");
}

function alterConstraint(
  before: SchemaObject,
  after: SchemaObject,
  facts: readonly string[],
  context: PlanContext,
): Alteration | "replace" {
  const alter = alterRelation(after);
  const name = ident(lastName(after.name));
  const statements: PlannedStatement[] = [];
  const foreign = after.facts.type === "foreign key";
  for (const fact of facts) {
    switch (fact) {
      case "not_valid":
        if (flag(after, "not_valid")) return "replace";
        if (facts.includes("not_enforced")) break;
        statements.push(planned(
          after,
          `${alter} VALIDATE CONSTRAINT ${name}`,
          `All rows of ${relationName(after)} keep to ${lastName(after.name)}, as is now checked`,
        ));
        break;
      case "deferrable":
      case "deferred":
        if (!foreign) return "replace";
        if (fact === "deferred" && facts.includes("deferrable")) break;
        statements.push(planned(
          after,
          `${alter} ALTER CONSTRAINT ${name}${deferral(after) || " NOT DEFERRABLE"}${
            flag(after, "deferrable") && !flag(after, "deferred") ? " INITIALLY IMMEDIATE" : ""
          }`,
          `Constraint ${lastName(after.name)} is checked at another time`,
        ));
        break;
      case "not_enforced":
        if (!foreign || majorOf(context) < 18) return "replace";
        if (flag(after, "not_valid")) return "replace";
        statements.push(planned(
          after,
          `${alter} ALTER CONSTRAINT ${name} ${
            flag(after, "not_enforced") ? "NOT ENFORCED" : "ENFORCED"
          }`,
          `Constraint ${lastName(after.name)} is ${
            flag(after, "not_enforced") ? "no longer " : ""
          }enforced`,
        ));
        break;
      case "options":
        if (isPartitioned(after, context)) return "replace";
        statements.push(
          ...optionStatements(
            before,
            after,
            "options",
            `ALTER INDEX ${reference(indexName(after))}`,
          ),
        );
        break;
      case "tablespace":
        statements.push(planned(
          after,
          `ALTER INDEX ${reference(indexName(after))} SET TABLESPACE ${
            ident(text(after, "tablespace") ?? "pg_default")
          }`,
          `The index of ${lastName(after.name)} stands in another tablespace`,
          { rewrites: indexName(after) },
        ));
        break;
      case "invalid":
        if (flag(after, "invalid")) return "replace";
        break;
      case "attached_index":
      case "attached_to": {
        const attached = attachPart(before, after, context);
        if (attached === "replace") return "replace";
        statements.push(...attached);
        break;
      }
      case "clustered":
      case "replica_identity":
      case "comment":
      case "merged":
        break;
      default:
        return "replace";
    }
  }
  return { statements: [...statements, ...constraintExtras(before, after, context)] };
}

/** The part of a partitioned table's constraint that a partition has. */
function createPart(constraint: SchemaObject, context: PlanContext): readonly PlannedStatement[] {
  const statements: PlannedStatement[] = [];
  if (isMadeByParent(constraint, context)) {
    const backed = text(constraint, "attached_index");
    const names = partNames(constraint, context, partName);
    if (backed !== null) {
      const made = names.find(({ id }) => id === constraint.id)?.made ?? partName(constraint);
      statements.push(planned(
        constraint,
        `${alterRelation(constraint)} ADD CONSTRAINT ${ident(lastName(constraint.name))} ${
          text(constraint, "type")?.toUpperCase()
        } USING INDEX ${ident(made)}${deferral(constraint)}`,
        `Constraint ${lastName(constraint.name)} stands on the part of ${backed}`,
      ));
    } else {
      statements.push(
        ...partRenames(constraint.id, names).map(([made, wanted]) =>
          planned(
            constraint,
            `${alterRelation(constraint)} RENAME CONSTRAINT ${ident(made)} TO ${ident(wanted)}`,
            `The part of ${text(constraint, "attached_to")} has a name of its own`,
          )
        ),
      );
    }
  } else {
    statements.push(addConstraint(constraint), attachStatement(constraint));
  }
  return [...statements, ...constraintExtras(null, constraint, context)];
}

/** The name that the server gives the part of a constraint, or of the index that stands in for one. */
function partName(part: SchemaObject): string {
  const table = lastName(relationName(part));
  return text(part, "attached_index") === null
    ? usualName(part, table)
    : generatedName(table, texts(part, "columns").join("_"), "idx");
}

function attachPart(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] | "replace" {
  if (attachesByItself(before, after, context)) return [];
  return isPart(before) ? "replace" : [attachStatement(after)];
}

function attachStatement(constraint: SchemaObject): PlannedStatement {
  const whole = text(constraint, "attached_index") ?? text(constraint, "attached_to") ?? "";
  const parent = joinName(schemaOf(whole), lastName(whole));
  return planned(
    constraint,
    `ALTER INDEX ${reference(parent)} ATTACH PARTITION ${reference(indexName(constraint))}`,
    `It is the part of ${whole} that the partition has`,
  );
}

/** The full name of the index behind a constraint. */
function indexName(constraint: SchemaObject): string {
  return joinName(schemaOf(constraint.name), lastName(constraint.name));
}

/** Asks what becomes of rows that a new primary key or unique constraint forbids. */
function duplicates(constraint: SchemaObject, context: PlanContext): readonly PlannedStatement[] {
  const type = text(constraint, "type");
  if (type !== "unique" && type !== "primary key") return [];
  if (/WITHOUT OVERLAPS/.test(text(constraint, "definition") ?? "")) return [];
  return uniqueRows(constraint, texts(constraint, "columns"), context);
}

/** Asks what becomes of rows that are equal in columns that must differ from now on. */
export function uniqueRows(
  object: SchemaObject,
  columns: readonly string[],
  context: PlanContext,
): readonly PlannedStatement[] {
  const table = object.parent ?? "";
  if (!["keep", "alter"].includes(context.fate(table)) || !context.from.objects.has(table)) {
    return [];
  }
  if (context.from.objects.has(object.id)) return [];
  const id = `unique:${object.name}`;
  const answer = context.choose({
    id,
    kind: "data",
    question: `Rows of ${relationName(object)} may be equal in ${
      columns.join(", ")
    }, which must differ from now on: what becomes of them?`,
    evidence: { table: relationName(object), columns: [...columns] },
    options: [
      {
        id: "fail",
        label: "The server refuses when there are such rows",
        flag: answerFlag(id, "fail"),
      },
      {
        id: "delete",
        label: "Keep the first of the rows that are equal and delete the others",
        flag: answerFlag(id, "delete"),
      },
    ],
    fallback: "fail",
  });
  if (answer?.option !== "delete") return [];
  const ref = relationOf(object);
  const equal = columns.map((column) => `a.${ident(column)} = b.${ident(column)}`);
  return [planned(
    object,
    `DELETE FROM ${ref} a USING ${ref} b WHERE a.ctid > b.ctid AND ${equal.join(" AND ")}`,
    `Rows that are equal in ${columns.join(", ")} would be refused`,
    {
      destroys: `rows of ${relationName(object)} that are equal in ${columns.join(", ")}`,
      reversible: "structure",
    },
  )];
}

/** True for a key that, made with its partition, would give the NOT NULLs that come from the parent names of their own. */
function namesNotNull(constraint: SchemaObject, parent: SchemaObject): boolean {
  return constraint.facts.type === "primary key" && parent.facts.partition_of !== undefined;
}

/** Constraints of tables: carried by CREATE TABLE where they can be, altered in place where Postgres can. */

import type { PlannedStatement, SchemaObject, Snapshot } from "../../../../../schema.ts";
import type { Alteration, ObjectKind, PlanContext } from "../../../../object_kind.ts";
import { relationsOf } from "../../../../planner/relations.ts";
import { generatedName } from "../../../generated_name.ts";
import { joinName, lastName } from "../../../names.ts";
import { ident, reference } from "../../../quote.ts";
import { commentStatements } from "../../clauses/comment.ts";
import { optionStatements } from "../../clauses/options.ts";
import {
  alterRelation,
  columnIn,
  flag,
  isPartitioned,
  majorOf,
  relationName,
  relationOf,
  schemaOf,
} from "../../clauses/relation.ts";
import { planned, text, texts } from "../../clauses/statement.ts";
import { movesAlong } from "../attach_detach.ts";
import { isInherited } from "../inheritance.ts";
import {
  areOnePart,
  attachesByItself,
  getsParts,
  isMadeAlone,
  isMadeByParent,
  isPart,
  partNames,
  partOptions,
  partRenames,
  survivor,
} from "./child_index.ts";
import { addConstraint, deferral, hasIndex, keyText, usualName } from "./constraint_clause.ts";
import { uniqueRows } from "./deduplicate.ts";
import { clusterStatements, identityStatements } from "./index_flags.ts";

/** `constraint`: primary key, unique, foreign key, check, exclude. */
export const constraints: ObjectKind = {
  kind: "constraint",
  rank: 34,
  inline: (constraint, parent, to) =>
    parent.kind === "table" && !flag(constraint, "not_valid") && !isPart(constraint) &&
    !isMadeAlone(constraint, to) && !flag(constraint, "inherited") &&
    !namesNotNull(constraint, parent, to) && !repeatsAnother(constraint, parent, to),
  slots: (constraint) => [
    `constraint ${constraint.name}`,
    ...constraint.facts.type === "primary key"
      ? [`primary key of ${relationName(constraint)}`]
      : [],
    ...hasIndex(constraint) ? [`relation ${indexName(constraint)}`] : [],
  ],
  create: (constraint, _, context) =>
    flag(constraint, "inherited")
      ? validateInherited(constraint)
      : isPart(constraint)
      ? createPart(constraint, context)
      : [
        ...uniqueRows(constraint, context),
        addConstraint(constraint, isMadeAlone(constraint, context.to)),
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
  isSame: areOnePart,
  rename: (before, after) => [planned(
    after,
    `${alterRelation(before)} RENAME CONSTRAINT ${ident(lastName(before.name))} TO ${
      ident(lastName(after.name))
    }`,
    `Constraint ${lastName(before.name)} is called ${lastName(after.name)}`,
  )],
};

/** Cluster and replica identity marks of the constraint's index, statistics targets, and the comments. */
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
    ...commentStatements(before, after, `INDEX ${reference(indexName(after))}`, "index_comment"),
  ];
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
        statements.push(...indexOptions(before, after));
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
        if (flag(after, "invalid") || !getsParts(after, context)) return "replace";
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
      case "index_comment":
      case "merged":
        break;
      default:
        return "replace";
    }
  }
  return { statements: [...statements, ...constraintExtras(before, after, context)] };
}

function indexOptions(before: SchemaObject, after: SchemaObject): readonly PlannedStatement[] {
  const alter = `ALTER INDEX ${reference(indexName(after))}`;
  return optionStatements(before, after, "options", alter);
}

/** The part of a partitioned table's constraint that a partition has. */
function createPart(constraint: SchemaObject, context: PlanContext): readonly PlannedStatement[] {
  const before = survivor(constraint, context);
  if (before !== null) {
    return [...indexOptions(before, constraint), ...constraintExtras(before, constraint, context)];
  }
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
    if (hasIndex(constraint)) {
      statements.push(...partOptions(constraint, context, indexName(constraint)));
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

/** True for a key that, made with its partition or child, would give the NOT NULLs that come from the parent names of their own. */
function namesNotNull(constraint: SchemaObject, parent: SchemaObject, to: Snapshot): boolean {
  if (constraint.facts.type !== "primary key") return false;
  if (parent.facts.partition_of !== undefined) return true;
  return texts(constraint, "columns").some((name) => {
    const column = to.objects.get(columnIn(parent.name, name));
    return column !== undefined && isInherited(column) && !flag(column, "local") &&
      !flag(column, "not_null_local");
  });
}

/** True when CREATE TABLE would take it for another of the table, since their indexes would be the same, and make one of the two. */
function repeatsAnother(constraint: SchemaObject, parent: SchemaObject, to: Snapshot): boolean {
  if (!hasIndex(constraint) || constraint.facts.type === "primary key") return false;
  const index = indexOf(constraint);
  return (relationsOf(to).members.get(parent.id) ?? []).some((other) =>
    other.kind === "constraint" && hasIndex(other) && indexOf(other) === index &&
    (other.facts.type === "primary key" || other.id < constraint.id)
  );
}

/** What tells the index of a constraint from those of others. */
function indexOf(constraint: SchemaObject): string {
  return `${keyText(constraint)}${deferral(constraint)}`;
}

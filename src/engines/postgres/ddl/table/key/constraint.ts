/** Constraints of tables: carried by CREATE TABLE where they can be, altered in place where Postgres can. */

import type { PlannedStatement } from "../../../../../core/statement.ts";
import { joinName, lastName } from "../../../names.ts";
import {
  columnOf,
  type Constraint,
  type KindOf,
  membersOf,
  type PostgresContext,
  type PostgresSnapshot,
  type Table,
} from "../../../objects.ts";
import { ident, reference } from "../../../quote.ts";
import { alterThen, atTheEnd } from "../../clauses/alter_by.ts";
import { commentStatements, partComment } from "../../clauses/comment.ts";
import { optionStatements } from "../../clauses/options.ts";
import {
  alterRelation,
  columnIn,
  isPartitioned,
  majorOf,
  relationName,
  relationOf,
  schemaOf,
} from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { changesWithTable } from "../attach_detach.ts";
import { isInherited } from "../inheritance.ts";
import {
  areSameChild,
  childName,
  childNames,
  childOptions,
  childRenames,
  getsChildren,
  isAttachedAutomatically,
  isChildIndex,
  isCreatedAlone,
  isCreatedByParent,
  survivingChild,
} from "./child_index.ts";
import {
  addConstraint,
  columnConstraint,
  deferral,
  hasIndex,
  keyText,
} from "./constraint_clause.ts";
import { deduplicate } from "./deduplicate.ts";
import { settleRefused } from "./refused_rows.ts";
import { isPromoted } from "./using_index.ts";
import { clusterStatements, identityStatements } from "./index_flags.ts";
import {
  attributeSet,
  becomes,
  ceases,
  dropped,
  renamed,
  subjectOf,
} from "../../../../common/statement.ts";
import { refusedAgain } from "./new_data.ts";

/** `constraint`: primary key, unique, foreign key, check, exclude. */
export const constraints: KindOf<"constraint"> = {
  kind: "constraint",
  rank: 34,
  inline: (constraint, parent, to) =>
    parent.kind === "table" && constraint.facts.not_valid !== true && !isChildIndex(constraint) &&
    !isCreatedAlone(constraint, to) && constraint.facts.inherited !== true &&
    !namesNotNull(constraint, parent, to) && !repeatsAnother(constraint, parent, to),
  reservedNames: (constraint) => [
    `constraint ${constraint.name}`,
    ...constraint.facts.type === "primary key"
      ? [`primary key of ${relationName(constraint)}`]
      : [],
    ...hasIndex(constraint) ? [`relation ${indexName(constraint)}`] : [],
  ],
  create: (constraint, _, context) =>
    constraint.facts.inherited === true
      ? validateInherited(constraint)
      : isChildIndex(constraint)
      ? createChild(constraint, context)
      : [
        ...deduplicate(constraint, context),
        ...settleRefused(constraint, context),
        {
          ...addConstraint(constraint, isCreatedAlone(constraint, context.to)),
          ...inColumn(constraint, context),
        },
        ...constraintMetadata(null, constraint, context),
      ],
  drop: (constraint, context) =>
    constraint.facts.inherited === true ? [] : [planned(
      constraint,
      `${alterRelation(constraint)} DROP CONSTRAINT ${ident(lastName(constraint.name))}`,
      dropped(constraint),
      refusedAgain(constraint, context),
    )],
  alter: alterThen({
    type: "replace",
    definition: "replace",
    columns: "replace",
    references: "replace",
    inherited: "replace",
    statistics: "replace",
    attached_index: attachChild,
    attached_to: attachChild,
    deferrable: alterDeferral,
    deferred: alterDeferral,
    invalid: (_before, after, context) =>
      after.facts.invalid === true || !getsChildren(after, context) ? "replace" : [],
    not_enforced: alterEnforcement,
    not_valid: validate,
    options: (before, after, context) =>
      isPartitioned(after, context) ? "replace" : indexOptions(before, after),
    tablespace: (_before, after) => [moveIndex(after)],
    clustered: atTheEnd,
    replica_identity: atTheEnd,
    index_comment: atTheEnd,
    merged: atTheEnd,
  }, constraintMetadata),
  alteredBy: (change, context) =>
    changesWithTable(change, context) || isPromoted(change, context)
      ? (change.op === "drop" ? change.before : change.after).parent
      : null,
  followsRename: (constraint) =>
    constraint.facts.merged === true || constraint.facts.inherited === true,
  isSame: areSameChild,
  rename: (before, after) => [planned(
    after,
    `${alterRelation(before)} RENAME CONSTRAINT ${ident(lastName(before.name))} TO ${
      ident(lastName(after.name))
    }`,
    renamed(before, after),
  )],
};

/** How it reads behind its only column. */
function inColumn(constraint: Constraint, context: PostgresContext) {
  const [column = ""] = constraint.facts.columns ?? [];
  const clause = constraint.facts.not_valid === true ? null : columnConstraint(constraint, context);
  return clause === null ? {} : { inColumn: { column: ident(column), clause } };
}

/** Cluster and replica identity flags of the constraint's index, statistics targets, and the comments. */
export function constraintMetadata(
  before: Constraint | null,
  after: Constraint,
  context: PostgresContext,
): readonly PlannedStatement[] {
  return [
    ...clusterStatements(before, after, context),
    ...identityStatements(before, after, context),
    ...commentStatements(
      before,
      after,
      `CONSTRAINT ${ident(lastName(after.name))} ON ${relationOf(after)}`,
    ),
    ...partComment(after, `INDEX ${reference(indexName(after))}`, {
      had: before?.facts.index_comment,
      has: after.facts.index_comment,
      of: "the index of ",
    }),
  ];
}

/** A check that came from the parent unchecked and is checked here. */
function validateInherited(constraint: Constraint): readonly PlannedStatement[] {
  if (constraint.facts.not_valid === true) return [];
  return [planned(
    constraint,
    `${alterRelation(constraint)} VALIDATE CONSTRAINT ${ident(lastName(constraint.name))}`,
    { action: "validate", object: subjectOf(constraint) },
  )];
}

function alterDeferral(_before: Constraint, after: Constraint) {
  if (after.facts.type !== "foreign key") return "replace";
  const name = lastName(after.name);
  const immediate = after.facts.deferrable === true && after.facts.deferred !== true;
  return [planned(
    after,
    `${alterRelation(after)} ALTER CONSTRAINT ${ident(name)}${
      deferral(after) || " NOT DEFERRABLE"
    }${immediate ? " INITIALLY IMMEDIATE" : ""}`,
    attributeSet(after, "deferrability"),
  )];
}

function alterEnforcement(_before: Constraint, after: Constraint, context: PostgresContext) {
  if (after.facts.type !== "foreign key" || majorOf(context) < 18) return "replace";
  if (after.facts.not_valid === true) return "replace";
  const name = lastName(after.name);
  const isOff = after.facts.not_enforced === true;
  return [planned(
    after,
    `${alterRelation(after)} ALTER CONSTRAINT ${ident(name)} ${
      isOff ? "NOT ENFORCED" : "ENFORCED"
    }`,
    isOff ? ceases(after, "enforced") : becomes(after, "enforced"),
  )];
}

/** Enforcing a constraint validates it as well. */
function validate(before: Constraint, after: Constraint) {
  if (after.facts.not_valid === true) return "replace";
  if (before.facts.not_enforced !== after.facts.not_enforced) return [];
  const name = lastName(after.name);
  return [planned(
    after,
    `${alterRelation(after)} VALIDATE CONSTRAINT ${ident(name)}`,
    { action: "validate", object: subjectOf(after) },
  )];
}

function moveIndex(after: Constraint): PlannedStatement {
  return planned(
    after,
    `ALTER INDEX ${reference(indexName(after))} SET TABLESPACE ${
      ident(after.facts.tablespace ?? "pg_default")
    }`,
    attributeSet(after, "tablespace"),
    { rewrites: indexName(after) },
  );
}

function indexOptions(before: Constraint, after: Constraint): readonly PlannedStatement[] {
  const alter = `ALTER INDEX ${reference(indexName(after))}`;
  return optionStatements(before, after, "options", alter);
}

/** Creates the child that a partition has of a partitioned table's constraint. */
function createChild(
  constraint: Constraint,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const before = survivingChild(constraint, context);
  if (before !== null) {
    return [
      ...indexOptions(before, constraint),
      ...constraintMetadata(before, constraint, context),
    ];
  }
  const statements: PlannedStatement[] = [];
  if (isCreatedByParent(constraint, context)) {
    const backed = constraint.facts.attached_index;
    const names = childNames(constraint, context);
    if (backed !== undefined) {
      const made = names.find(({ id }) => id === constraint.id)?.made ?? childName(constraint);
      statements.push(planned(
        constraint,
        `${alterRelation(constraint)} ADD CONSTRAINT ${
          ident(lastName(constraint.name))
        } ${constraint.facts.type.toUpperCase()} USING INDEX ${ident(made)}${deferral(constraint)}`,
        { action: "attach", object: subjectOf(constraint), parent: backed, as: "part" },
      ));
    } else {
      statements.push(
        ...childRenames(constraint.id, names).map(([made, wanted]) =>
          planned(
            constraint,
            `${alterRelation(constraint)} RENAME CONSTRAINT ${ident(made)} TO ${ident(wanted)}`,
            {
              action: "rename",
              object: { kind: "part of", name: constraint.facts.attached_to ?? "" },
              to: constraint.name,
            },
          )
        ),
      );
    }
    if (hasIndex(constraint)) {
      statements.push(...childOptions(constraint, context, indexName(constraint)));
    }
  } else {
    statements.push(addConstraint(constraint), attachStatement(constraint));
  }
  return [...statements, ...constraintMetadata(null, constraint, context)];
}

function attachChild(
  before: Constraint,
  after: Constraint,
  context: PostgresContext,
): readonly PlannedStatement[] | "replace" {
  if (isAttachedAutomatically(before, after, context)) return [];
  return isChildIndex(before) ? "replace" : [attachStatement(after)];
}

function attachStatement(constraint: Constraint): PlannedStatement {
  const whole = constraint.facts.attached_index ?? constraint.facts.attached_to ?? "";
  const parent = joinName(schemaOf(whole), lastName(whole));
  return planned(
    constraint,
    `ALTER INDEX ${reference(parent)} ATTACH PARTITION ${reference(indexName(constraint))}`,
    { action: "attach", object: subjectOf(constraint), parent: whole, as: "part" },
  );
}

/** The full name of the index behind a constraint. */
function indexName(constraint: Constraint): string {
  return joinName(schemaOf(constraint.name), lastName(constraint.name));
}

/** True for a key that, made with its partition or child, would give the NOT NULLs that come from the parent names of their own. */
function namesNotNull(constraint: Constraint, parent: Table, to: PostgresSnapshot): boolean {
  if (constraint.facts.type !== "primary key") return false;
  if (parent.facts.partition_of !== undefined) return true;
  return (constraint.facts.columns ?? []).some((name) => {
    const column = columnOf(to, columnIn(parent.name, name));
    return column !== undefined && isInherited(column) && column.facts.local !== true &&
      column.facts.not_null_local !== true;
  });
}

/** True when CREATE TABLE would take it for another of the table, since their indexes would be the same, and make one of the two. */
function repeatsAnother(constraint: Constraint, parent: Table, to: PostgresSnapshot): boolean {
  if (!hasIndex(constraint) || constraint.facts.type === "primary key") return false;
  const index = indexOf(constraint);
  return membersOf(to, parent.id).some((other) =>
    other.kind === "constraint" && hasIndex(other) && indexOf(other) === index &&
    (other.facts.type === "primary key" || other.id < constraint.id)
  );
}

/** What distinguishes the index of a constraint from those of others. */
function indexOf(constraint: Constraint): string {
  return `${keyText(constraint)}${deferral(constraint)}`;
}

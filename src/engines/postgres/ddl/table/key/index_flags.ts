/** What a table says of one of its indexes: clustered on it, told apart by it. */

import type { PlannedStatement, SchemaObject } from "../../../../../schema.ts";
import type { PlanContext } from "../../../../object_kind.ts";
import { lastName } from "../../../names.ts";
import { ident } from "../../../quote.ts";
import { flag, relationName, relationOf } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";

/** CLUSTER ON, or SET WITHOUT CLUSTER when no other index takes over. `object` is an index or a constraint with one. */
export function clusterStatements(
  before: SchemaObject | null,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const was = before !== null && flag(before, "clustered");
  const is = flag(after, "clustered");
  if (was === is || (!is && othersHave("clustered", after, context))) return [];
  const relation = after.parent?.startsWith("materialized view:") ? "MATERIALIZED VIEW" : "TABLE";
  return [planned(
    after,
    `ALTER ${relation} ${relationOf(after)} ${
      is ? `CLUSTER ON ${ident(lastName(after.name))}` : "SET WITHOUT CLUSTER"
    }`,
    is
      ? `${relationName(after)} is clustered on ${lastName(after.name)}`
      : `${relationName(after)} is no longer clustered`,
  )];
}

/** REPLICA IDENTITY USING INDEX, or back to the default when nothing else takes over. */
export function identityStatements(
  before: SchemaObject | null,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const was = before !== null && flag(before, "replica_identity");
  const is = flag(after, "replica_identity");
  const table = context.to.objects.get(after.parent ?? "");
  const full = table?.facts.replica_identity !== undefined;
  if (was === is || (!is && (full || othersHave("replica_identity", after, context)))) return [];
  return [planned(
    after,
    `ALTER TABLE ${relationOf(after)} REPLICA IDENTITY ${
      is ? `USING INDEX ${ident(lastName(after.name))}` : "DEFAULT"
    }`,
    is
      ? `Replicas tell the rows of ${relationName(after)} apart by ${lastName(after.name)}`
      : `Replicas tell the rows of ${relationName(after)} apart by the primary key`,
  )];
}

/** True when another index of the table has the mark in the end. */
export function othersHave(fact: string, object: SchemaObject, context: PlanContext): boolean {
  return context.members(context.to, object.parent ?? "").some((member) =>
    member.id !== object.id && flag(member, fact)
  );
}

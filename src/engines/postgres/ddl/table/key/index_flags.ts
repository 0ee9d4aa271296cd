/** What a table says of one of its indexes: it is clustered on it, it is its replica identity. */

import type { PlannedStatement } from "../../../../../core/statement.ts";
import { lastName } from "../../../names.ts";
import {
  type Constraint,
  type Index,
  type PostgresContext,
  type PostgresObject,
  tableOf,
} from "../../../objects.ts";
import { ident } from "../../../quote.ts";
import { relationOf } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { becomes, ceases } from "../../../../common/statement.ts";

/** CLUSTER ON, or SET WITHOUT CLUSTER when no other index takes over. `object` is an index or a constraint with one. */
export function clusterStatements(
  before: Constraint | Index | null,
  after: Constraint | Index,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const was = before !== null && before.facts.clustered === true;
  const is = after.facts.clustered === true;
  if (was === is || (!is && othersHave("clustered", after, context))) return [];
  const relation = after.parent?.startsWith("materialized view:") ? "MATERIALIZED VIEW" : "TABLE";
  return [planned(
    after,
    `ALTER ${relation} ${relationOf(after)} ${
      is ? `CLUSTER ON ${ident(lastName(after.name))}` : "SET WITHOUT CLUSTER"
    }`,
    (is ? becomes : ceases)(after, "the index to cluster on"),
  )];
}

/** REPLICA IDENTITY USING INDEX, or back to the default when nothing else takes over. */
export function identityStatements(
  before: Constraint | Index | null,
  after: Constraint | Index,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const was = before !== null && before.facts.replica_identity === true;
  const is = after.facts.replica_identity === true;
  const table = tableOf(context.to, after.parent);
  const full = table?.facts.replica_identity !== undefined;
  if (was === is || (!is && (full || othersHave("replica_identity", after, context)))) return [];
  return [planned(
    after,
    `ALTER TABLE ${relationOf(after)} REPLICA IDENTITY ${
      is ? `USING INDEX ${ident(lastName(after.name))}` : "DEFAULT"
    }`,
    (is ? becomes : ceases)(after, "the replica identity"),
  )];
}

/** True when another index of the table has the flag in the end. */
export function othersHave(
  fact: "clustered" | "replica_identity",
  object: Pick<Index, "id" | "parent">,
  context: PostgresContext,
): boolean {
  return context.members(context.to, object.parent ?? "").filter(isKeyOrIndex).some((member) =>
    member.id !== object.id && member.facts[fact] === true
  );
}

/** True for what has an index, or may have one. */
export function isKeyOrIndex(object: PostgresObject): object is Constraint | Index {
  return object.kind === "constraint" || object.kind === "index";
}

/** True for a primary key. */
export function isPrimaryKey(object: PostgresObject): boolean {
  return object.kind === "constraint" && object.facts.type === "primary key";
}

/** Changes of rows in published tables: Postgres refuses them while the table has no replica identity. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import { lastName, splitName } from "../../names.ts";
import {
  type Column,
  type Constraint,
  type Index,
  type ObjectOf,
  objectOf,
  type PostgresContext,
  type PostgresSnapshot,
  tableOf,
} from "../../objects.ts";
import { isKept } from "../clauses/action.ts";
import { nameOf, relationName, relationOf } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import { isKeyOrIndex, isPrimaryKey } from "./key/index_flags.ts";
import type { Reason } from "../../../../core/reason.ts";
import { attributeSet } from "../../../common/statement.ts";

/**
 * The statement, which changes rows of the table that `member` belongs to; for a published table that has no replica identity just
 * then (its primary key is created, or dropped, or missing), between statements that make whole rows the identity and undo it.
 */
export function withReplicaIdentity(
  operation: "update" | "delete",
  member: Constraint | Index | Column,
  statement: PlannedStatement,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const table = member.parent ?? "";
  const identity = identityOf(context.from, table);
  const isPublished = [context.from, context.to].some((snapshot) =>
    publishes(snapshot, table, operation)
  );
  if (!isPublished || identity === "full" || keepsIdentity(table, identity, context)) {
    return [statement];
  }
  // Where the identity changes in the same plan, its own statement may be on either side.
  if (identity !== identityOf(context.to, table) || hasMark(table, context)) return [statement];
  const set = (to: string, reason: Reason) =>
    planned(member, `ALTER TABLE ${relationOf(member)} REPLICA IDENTITY ${to}`, reason);
  const relation = { kind: "table", name: relationName(member) };
  return [
    set("FULL", {
      ...attributeSet(relation, "replica identity", "full"),
      because: { cause: "published" },
    }),
    statement,
    set(
      (identity ?? "default").toUpperCase(),
      attributeSet(relation, "replica identity", identity ?? "default"),
    ),
  ];
}

function identityOf(snapshot: PostgresSnapshot, table: string) {
  return tableOf(snapshot, table)?.facts.replica_identity;
}

/** True when a primary key, or an index that is the identity, is there all the time. */
function keepsIdentity(
  table: string,
  identity: ReturnType<typeof identityOf>,
  context: PostgresContext,
): boolean {
  return context.members(context.from, table).filter(isKeyOrIndex).some((member) =>
    isKept(member.id, context) &&
    (member.facts.replica_identity === true ||
      (identity === undefined && isPrimaryKey(member)))
  );
}

function hasMark(table: string, context: PostgresContext): boolean {
  return [context.from, context.to].some((snapshot) =>
    context.members(snapshot, table).filter(isKeyOrIndex).some((member) =>
      member.facts.replica_identity === true
    )
  );
}

/** True when a publication of the snapshot publishes such changes of the table: it, its schema, or all tables. */
function publishes(snapshot: PostgresSnapshot, table: string, operation: string): boolean {
  const [schema = "", name = ""] = splitName(nameOf(table));
  const tells = (id: string | null) => {
    return objectOf(snapshot, id, "publication")?.facts.publish?.includes(operation) === true;
  };
  for (const object of snapshot.objects.values()) {
    const isMeant = object.kind === "publication"
      ? object.facts.all_tables === true && tells(object.id)
      : object.kind === "publication table"
      ? isTable(object, schema, name) && tells(object.parent)
      : object.kind === "publication schema" && lastName(object.name) === schema &&
        tells(object.parent);
    if (isMeant) return true;
  }
  return false;
}

function isTable(member: ObjectOf<"publication table">, schema: string, name: string): boolean {
  const [, memberSchema, memberName] = splitName(member.name);
  return memberSchema === schema && memberName === name;
}

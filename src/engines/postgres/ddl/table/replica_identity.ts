/** Changes of rows in tables that are published: Postgres refuses them where replicas could not tell the rows apart. */

import type { PlannedStatement, SchemaObject, Snapshot } from "../../../../schema.ts";
import type { PlanContext } from "../../../object_kind.ts";
import { lastName, splitName } from "../../names.ts";
import { stays } from "../clauses/action.ts";
import { flag, nameOf, relationName, relationOf } from "../clauses/relation.ts";
import { planned, text, texts } from "../clauses/statement.ts";

/**
 * The statement, which changes rows of the table that `member` belongs to; for a published table that has no replica identity just
 * then (its primary key is new, or gone, or never was), between statements that make whole rows the identity and undo it.
 */
export function changingRows(
  operation: "update" | "delete",
  member: SchemaObject,
  statement: PlannedStatement,
  context: PlanContext,
): readonly PlannedStatement[] {
  const table = member.parent ?? "";
  const identity = identityOf(context.from, table);
  const isPublished = [context.from, context.to].some((snapshot) =>
    publishes(snapshot, table, operation)
  );
  if (!isPublished || identity === "full" || keepsIdentity(table, identity, context)) {
    return [statement];
  }
  // Where another identity comes or goes in the same plan, its own statement may stand on either side.
  if (identity !== identityOf(context.to, table) || hasMark(table, context)) return [statement];
  const set = (to: string, why: string) =>
    planned(member, `ALTER TABLE ${relationOf(member)} REPLICA IDENTITY ${to}`, why);
  const name = relationName(member);
  return [
    set("FULL", `${name} is published, and rows change that have no key just then`),
    statement,
    set((identity ?? "default").toUpperCase(), `Replicas tell the rows of ${name} apart as before`),
  ];
}

function identityOf(snapshot: Snapshot, table: string): string | null {
  const object = snapshot.objects.get(table);
  return object === undefined ? null : text(object, "replica_identity");
}

/** True when a primary key, or an index that is the identity, is there all the time. */
function keepsIdentity(table: string, identity: string | null, context: PlanContext): boolean {
  return context.members(context.from, table).some((member) =>
    stays(member.id, context) &&
    (flag(member, "replica_identity") ||
      (identity === null && text(member, "type") === "primary key"))
  );
}

function hasMark(table: string, context: PlanContext): boolean {
  return [context.from, context.to].some((snapshot) =>
    context.members(snapshot, table).some((member) => flag(member, "replica_identity"))
  );
}

/** True when a publication of the snapshot publishes such changes of the table: it, its schema, or all tables. */
function publishes(snapshot: Snapshot, table: string, operation: string): boolean {
  const [schema = "", name = ""] = splitName(nameOf(table));
  const tells = (id: string | null) => {
    const publication = id === null ? undefined : snapshot.objects.get(id);
    return publication !== undefined && texts(publication, "publish").includes(operation);
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

function isTable(member: SchemaObject, schema: string, name: string): boolean {
  const [, memberSchema, memberName] = splitName(member.name);
  return memberSchema === schema && memberName === name;
}

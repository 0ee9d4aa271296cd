/** ALTER DEFAULT PRIVILEGES. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { ObjectKind, PlanContext } from "../../../object_kind.ts";
import { ident, reference } from "../../quote.ts";
import { privilegeClauses } from "../clauses/grants.ts";
import { majorOf } from "../clauses/relation.ts";
import { planned, text } from "../clauses/statement.ts";

/** The fewest GRANTs and REVOKEs; they come after what the migration makes, which has its own. */
export const defaultPrivileges: ObjectKind = {
  kind: "default privileges",
  rank: 95,
  create: (object, _members, context) => statements(null, object, context),
  drop: (object, context) =>
    statements(object, { ...object, facts: without(object.facts) }, context),
  alter: ({ before, after }, context) => ({ statements: statements(before, after, context) }),
};

function without(facts: SchemaObject["facts"]): SchemaObject["facts"] {
  const { grants: _grants, revokes: _revokes, ...rest } = facts;
  return rest;
}

function statements(
  before: SchemaObject | null,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const role = text(after, "role");
  const schema = text(after, "schema");
  const head = [
    "ALTER DEFAULT PRIVILEGES",
    ...role === null ? [] : [`FOR ROLE ${ident(role)}`],
    ...schema === null ? [] : [`IN SCHEMA ${reference(schema)}`],
  ].join(" ");
  return privilegeClauses(before, after, {
    on: String(after.facts.objects).toUpperCase(),
    owner: role === null ? "CURRENT_USER" : ident(role),
    version: majorOf(context),
  }).map((clause) =>
    planned(after, `${head} ${clause}`, `New ${after.facts.objects} get these privileges`)
  );
}

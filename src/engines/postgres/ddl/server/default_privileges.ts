/** ALTER DEFAULT PRIVILEGES. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { KindOf, ObjectOf, PostgresContext } from "../../objects.ts";
import { ident, reference } from "../../quote.ts";
import { privilegeClauses } from "../clauses/grants.ts";
import { serverMajor } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import { attributeSet } from "../../../common/statement.ts";

/** The fewest GRANTs and REVOKEs; they come after what the migration makes, which has its own. */
export const defaultPrivileges: KindOf<"default privileges"> = {
  kind: "default privileges",
  rank: 95,
  create: (object, _members, context) => statements(null, object, context),
  drop: (object, context) =>
    statements(object, { ...object, facts: without(object.facts) }, context),
  alter: ({ before, after }, context) => ({ statements: statements(before, after, context) }),
};

function without(
  facts: ObjectOf<"default privileges">["facts"],
): ObjectOf<"default privileges">["facts"] {
  const { grants: _grants, revokes: _revokes, ...rest } = facts;
  return rest;
}

function statements(
  before: ObjectOf<"default privileges"> | null,
  after: ObjectOf<"default privileges">,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const role = after.facts.role;
  const schema = after.facts.schema;
  const head = [
    "ALTER DEFAULT PRIVILEGES",
    ...role === undefined ? [] : [`FOR ROLE ${ident(role)}`],
    ...schema === undefined ? [] : [`IN SCHEMA ${reference(schema)}`],
  ].join(" ");
  return privilegeClauses(before, after, {
    on: after.facts.objects.toUpperCase(),
    owner: role === undefined ? "CURRENT_USER" : ident(role),
    version: serverMajor(context),
  }).map((clause) => planned(after, `${head} ${clause}`, attributeSet(after, "privileges")));
}

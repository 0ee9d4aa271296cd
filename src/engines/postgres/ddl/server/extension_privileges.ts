/** GRANT and REVOKE on what an extension brought along. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { ObjectKind, PlanContext } from "../../../object_kind.ts";
import { privilegeClauses } from "../clauses/grants.ts";
import { majorOf } from "../clauses/relation.ts";
import { planned, text } from "../clauses/statement.ts";

/** The fewest statements between two states, the one that the extension's script leaves behind included. */
export const extensionPrivileges: ObjectKind = {
  kind: "extension privileges",
  rank: 90,
  create: (object, _members, context) => statements(null, object, context),
  drop: (object, context) => statements(object, { ...object, facts: {} }, context),
  alter: ({ before, after }, context) => ({ statements: statements(before, after, context) }),
};

function statements(
  before: SchemaObject | null,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const target = text(after, "target") ?? text(before ?? after, "target") ?? "";
  return privilegeClauses(before, after, {
    on: target,
    owner: "CURRENT_USER",
    version: majorOf(context),
  }).map((clause) => planned(after, clause, `${target} has these privileges`));
}

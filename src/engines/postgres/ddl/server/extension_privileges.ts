/** GRANT and REVOKE on what an extension brought along. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { KindOf, ObjectOf, PostgresContext } from "../../objects.ts";
import { privilegeClauses } from "../clauses/grants.ts";
import { serverMajor } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import { attributeSet } from "../../../common/statement.ts";

/** The fewest statements between two states, the one that the extension's script leaves behind included. */
export const extensionPrivileges: KindOf<"extension privileges"> = {
  kind: "extension privileges",
  rank: 90,
  create: (object, _members, context) => statements(null, object, context),
  drop: (object, context) =>
    statements(object, { ...object, facts: { target: object.facts.target } }, context),
  alter: ({ before, after }, context) => ({ statements: statements(before, after, context) }),
};

function statements(
  before: ObjectOf<"extension privileges"> | null,
  after: ObjectOf<"extension privileges">,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const target = after.facts.target;
  return privilegeClauses(before, after, {
    on: target,
    owner: "CURRENT_USER",
    version: serverMajor(context),
  }).map((clause) => planned(after, clause, attributeSet(after, "privileges")));
}

/** Tables. */

import type { ObjectKind, PlanContext } from "../../object_kind.ts";
import { quote } from "../quote.ts";
import { fold } from "../tokens.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { created, dropped, statement, subjectOf } from "../../common/statement.ts";
import { alterTable } from "./alter_table.ts";
import { rebuildTable } from "./rebuild.ts";
import { referencesTo } from "./references.ts";
import { tableText } from "./render.ts";
import { renameTable } from "./renaming.ts";
import { tableChange } from "./table_change.ts";

/** A table with its columns and constraints. */
export const table: ObjectKind = {
  kind: "table",
  rank: 20,
  asksRename: true,
  reservedNames: (object) => [`relation ${fold(object.name)}`],
  create: (object, members) => [
    statement(
      tableText(object, members),
      [object, ...members],
      created(object),
    ),
  ],
  drop: (object, context) => [
    ...isReferencedInCycle(object, context)
      ? [
        statement(
          "PRAGMA defer_foreign_keys = ON",
          object,
          { action: "defer_foreign_keys", object: subjectOf(object), because: { cause: "cycle" } },
        ),
      ]
      : [],
    statement(`DROP TABLE ${quote(object.name)}`, object, dropped(object), {
      destroys: `the rows of table ${object.name}`,
      reversible: "structure",
    }),
  ],
  alter: ({ before, after }, context) => {
    const change = tableChange(before, after, context);
    return alterTable(change, context) ?? rebuildTable(change, context);
  },
  rename: renameTable,
};

/** True when another table that is dropped as well refers to this one and may be dropped later. */
function isReferencedInCycle(object: SchemaObject, context: PlanContext): boolean {
  const ordered = new Set(
    context.dependents(object.id).map((dependent) => dependent.parent ?? dependent.id),
  );
  return referencesTo(object.id, context).some(({ child }) =>
    child !== object.id && context.action(child) === "drop" && !ordered.has(child)
  );
}

/** Views. */

import type { AlterChange } from "../../../core/change.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { created, dropped, recreated, statement } from "../../common/statement.ts";
import { alterByFact } from "../../common/facts.ts";
import type { Alteration, ObjectKind, PlanContext } from "../../object_kind.ts";
import type { ViewFacts } from "../catalog/view_object.ts";
import { factsOf, styleOf } from "../facts.ts";
import { quote, quoteList } from "../quote.ts";
import { fold } from "../tokens.ts";

/** A view. SQLite looks at its query only when it is used, so that views on it need not be touched when it changes. */
export const view: ObjectKind = {
  kind: "view",
  rank: 50,
  reservedNames: (object) => [`relation ${fold(object.name)}`],
  create: (object) => [
    statement(viewText(object), object, created(object)),
  ],
  drop: (object) => [
    statement(`DROP VIEW ${quote(object.name)}`, object, dropped(object)),
  ],
  alter: alterByFact<ViewFacts>({ columns: recreate, query: recreate }),
};

function recreate({ before, after }: AlterChange, context: PlanContext): Alteration {
  return {
    statements: [
      statement(`DROP VIEW ${quote(before.name)}`, after, recreated("drop", after, "replace")),
      statement(viewText(after), after, recreated("recreate", after, "replace")),
    ],
    alsoDrops: triggersOf(before, context),
  };
}

function triggersOf(object: SchemaObject, context: PlanContext): readonly string[] {
  return context.members(context.from, object.id).map((trigger) => trigger.id);
}

/** CREATE VIEW. */
export function viewText(view: SchemaObject): string {
  const { columns, query } = { ...factsOf(view, "view"), ...styleOf(view, "view") };
  const list = columns === undefined ? "" : ` (${quoteList(columns)})`;
  return `CREATE VIEW ${quote(view.name)}${list} AS\n${query}`;
}

/** Views. */

import type { SchemaObject } from "../../../schema.ts";
import type { ObjectKind, PlanContext } from "../../object_kind.ts";
import { quote, quoteList } from "../quote.ts";
import { fold } from "../tokens.ts";
import { listOf, textOf } from "./read.ts";
import { statement } from "./statement.ts";

/** A view. SQLite looks at its query only when it is used, so that views on it need not be touched when it changes. */
export const view: ObjectKind = {
  kind: "view",
  rank: 50,
  slots: (object) => [`relation ${fold(object.name)}`],
  create: (object) => [
    statement(viewText(object), [object.id], `View ${object.name} is new`),
  ],
  drop: (object) => [
    statement(`DROP VIEW ${quote(object.name)}`, [object.id], `View ${object.name} is gone`),
  ],
  alter: ({ before, after }, context) => ({
    statements: [
      statement(
        `DROP VIEW ${quote(before.name)}`,
        [after.id],
        `View ${after.name} has another definition, and SQLite cannot replace one`,
      ),
      statement(viewText(after), [after.id], `View ${after.name} as it is to be`),
    ],
    takes: triggersOf(before, context),
  }),
};

function triggersOf(object: SchemaObject, context: PlanContext): readonly string[] {
  return context.members(context.from, object.id).map((trigger) => trigger.id);
}

/** CREATE VIEW. */
export function viewText({ name, facts, style }: SchemaObject): string {
  const columns = listOf(style, "columns") ?? listOf(facts, "columns");
  const head = `CREATE VIEW ${quote(name)}${columns === null ? "" : ` (${quoteList(columns)})`}`;
  return `${head} AS\n${textOf(style, "query") ?? textOf(facts, "query") ?? ""}`;
}

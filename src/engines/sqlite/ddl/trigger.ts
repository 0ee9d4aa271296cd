/** Triggers. */

import type { Reason } from "../../../core/reason.ts";
import type { AlterChange } from "../../../core/change.ts";
import type { SchemaObject, Snapshot } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { created, dropped, recreated, statement } from "../../common/statement.ts";
import { alterByFact } from "../../common/facts.ts";
import type { Alteration, ObjectKind, PlanContext } from "../../object_kind.ts";
import type { TriggerFacts } from "../catalog/trigger_object.ts";
import { factsOf, styleOf } from "../facts.ts";
import { quote, quoteList } from "../quote.ts";
import { fold } from "../tokens.ts";

/** A trigger on a table or a view. */
export const trigger: ObjectKind = {
  kind: "trigger",
  rank: 60,
  reservedNames: (object) => [`trigger ${fold(object.name)}`],
  create: (object, _members, context) => [
    statement(triggerText(object, context.to), object, created(object)),
  ],
  drop: (object) => [dropStatement(object, dropped(object))],
  alter: alterByFact<TriggerFacts>({
    on: recreate,
    timing: recreate,
    event: recreate,
    columns: recreate,
    when: recreate,
    body: recreate,
  }),
};

function recreate({ before, after }: AlterChange, context: PlanContext): Alteration {
  return {
    statements: [
      dropStatement(before, recreated("drop", after, "replace")),
      statement(triggerText(after, context.to), after, recreated("recreate", after, "replace")),
    ],
  };
}

function dropStatement(object: SchemaObject, reason: Reason): PlannedStatement {
  return statement(`DROP TRIGGER ${quote(object.name)}`, object, reason);
}

/** CREATE TRIGGER on what the snapshot calls its parent. */
export function triggerText(object: SchemaObject, snapshot: Snapshot): string {
  const facts = factsOf(object, "trigger");
  const style = styleOf(object, "trigger");
  const event = `${facts.timing} ${facts.event}`.toUpperCase() +
    (facts.columns === undefined ? "" : ` OF ${quoteList(facts.columns)}`);
  const parent = object.parent ?? "";
  const owner = snapshot.objects.get(parent)?.name ?? parent.slice(parent.indexOf(":") + 1);
  const when = style.when ?? facts.when;
  const body = style.body ?? facts.body.map((text) => `${text};`).join("\n  ");
  return [
    `CREATE TRIGGER ${quote(object.name)}`,
    `${style.head ?? event} ON ${quote(owner)}${
      style.for_each_row === true ? " FOR EACH ROW" : ""
    }`,
    ...when === undefined ? [] : [`WHEN ${when}`],
    "BEGIN",
    `  ${body}`,
    "END",
  ].join("\n");
}

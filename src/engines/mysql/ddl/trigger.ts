/** Triggers, which run in an order. */

import type { AlterChange } from "../../../core/change.ts";
import { lastName } from "../../../core/name.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { created, dropped, recreated } from "../../common/statement.ts";
import type { Alteration, ObjectKind, PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { quote, quotePath } from "../quote.ts";
import { definerWords, inItsSession } from "./code.ts";
import { definition } from "./statement.ts";
import { keepsItsPlace, successorOf } from "./trigger_order.ts";

/** A trigger of a table. */
export const trigger: ObjectKind = {
  kind: "trigger",
  rank: 60,
  reservedNames: ({ name }) => [`trigger ${name.toLowerCase()}`],
  mentions: (object) => factsOf(object, "trigger").body,
  takesOver: (object) => {
    const { follows } = factsOf(object, "trigger");
    return follows === undefined ? [] : [`trigger:${follows}`];
  },
  create: (object, _members, context) =>
    inItsSession(object, factsOf(object, "trigger"), [
      definition(triggerText(object, context), object, created(object)),
    ]),
  drop: (object) => [definition(`DROP TRIGGER ${quote(object.name)}`, object, dropped(object))],
  alter,
};

function alter(change: AlterChange, context: PlanContext): Alteration {
  const { before, after, facts } = change;
  const isMoved = facts.includes("follows");
  if (isMoved && facts.length === 1 && keepsItsPlace(after, context)) return { statements: [] };
  const { follows } = factsOf(after, "trigger");
  return {
    statements: [
      definition(
        `DROP TRIGGER ${quote(before.name)}`,
        after,
        recreated("drop", after, "replace"),
      ),
      ...inItsSession(after, factsOf(after, "trigger"), [
        definition(triggerText(after, context), after, recreated("recreate", after, "replace")),
      ]),
    ],
    ...follows === undefined ? {} : { alteredAfter: [`trigger:${follows}`] },
  };
}

function triggerText(object: SchemaObject, context: PlanContext): string {
  const facts = factsOf(object, "trigger");
  const { table, timing, event, follows, body } = facts;
  const next = follows === undefined ? successorOf(object, context) : null;
  return [
    [
      "CREATE",
      ...definerWords(facts),
      `TRIGGER ${quote(lastName(object.name))} ${timing.toUpperCase()} ${eventWords(event)}`,
    ].join(" "),
    [
      `ON ${quotePath(table)} FOR EACH ROW`,
      ...follows === undefined ? [] : [`FOLLOWS ${quote(follows)}`],
      ...next === null ? [] : [`PRECEDES ${quote(next)}`],
    ].join(" "),
    body,
  ].join("\n");
}

/** The event in capitals, but for names of columns. */
function eventWords(event: string): string {
  return event.replaceAll(/\b(?:insert|update|delete|or|of)\b/g, (word) => word.toUpperCase());
}

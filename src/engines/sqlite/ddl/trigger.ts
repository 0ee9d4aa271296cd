/** Triggers. */

import type { SchemaObject, Snapshot } from "../../../schema.ts";
import type { ObjectKind } from "../../object_kind.ts";
import { quote, quoteList } from "../quote.ts";
import { fold } from "../tokens.ts";
import { has, listOf, textOf } from "./read.ts";
import { statement } from "./statement.ts";

/** A trigger on a table or a view. */
export const trigger: ObjectKind = {
  kind: "trigger",
  rank: 60,
  slots: (object) => [`trigger ${fold(object.name)}`],
  create: (object, _members, context) => [
    statement(triggerText(object, context.to), [object.id], `Trigger ${object.name} is new`),
  ],
  drop: (object) => [drop(object, `Trigger ${object.name} is gone`)],
  alter: ({ before, after }, context) => ({
    statements: [
      drop(before, `Trigger ${after.name} has another definition, and SQLite cannot replace one`),
      statement(triggerText(after, context.to), [after.id], `Trigger ${after.name} as it is to be`),
    ],
  }),
};

function drop(object: SchemaObject, why: string) {
  return statement(`DROP TRIGGER ${quote(object.name)}`, [object.id], why);
}

/** CREATE TRIGGER on what the snapshot calls its parent. */
export function triggerText(object: SchemaObject, snapshot: Snapshot): string {
  const { facts, style } = object;
  const columns = listOf(facts, "columns");
  const event = [textOf(facts, "timing"), textOf(facts, "event")].join(" ").toUpperCase() +
    (columns === null ? "" : ` OF ${quoteList(columns)}`);
  const parent = object.parent ?? "";
  const owner = snapshot.objects.get(parent)?.name ?? parent.slice(parent.indexOf(":") + 1);
  const when = textOf(style, "when") ?? textOf(facts, "when");
  const body = textOf(style, "body") ??
    (listOf(facts, "body") ?? []).map((text) => `${text};`).join("\n  ");
  return [
    `CREATE TRIGGER ${quote(object.name)}`,
    `${textOf(style, "head") ?? event} ON ${quote(owner)}${
      has(style, "forEachRow") ? " FOR EACH ROW" : ""
    }`,
    ...when === null ? [] : [`WHEN ${when}`],
    "BEGIN",
    `  ${body}`,
    "END",
  ].join("\n");
}

/** Subscriptions. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { splitName } from "../../names.ts";
import { ident, literal, reference } from "../../quote.ts";
import { type BelongingRefs, belongings } from "../clauses/metadata.ts";
import { renameGlobal } from "../clauses/rename.ts";
import { planned, text, texts } from "../clauses/statement.ts";
import { record } from "../view/view_options.ts";

/** CREATE SUBSCRIPTION without a connection: a migration must not depend on another server being there. */
export const subscription: ObjectKind = {
  kind: "subscription",
  rank: 82,
  slots: (object) => [`subscription ${object.name}`],
  create: (object, _members, context) => [
    planned(
      object,
      `CREATE SUBSCRIPTION ${reference(object.name)}\n  CONNECTION ${
        literal(text(object, "connection") ?? "")
      }\n  PUBLICATION ${publications(object)}\n  WITH (${
        ["connect = false", `slot_name = ${slot(object)}`, ...optionItems(null, object)].join(", ")
      })`,
      `Subscription ${object.name} is new; it is enabled by hand, once its slot is there`,
    ),
    ...belongings(null, object, refs(object), context),
  ],
  drop: (object) => {
    const name = reference(object.name);
    const why = `Subscription ${object.name} is gone; its slot stays at the publisher`;
    return [
      planned(object, `ALTER SUBSCRIPTION ${name} DISABLE`, why),
      planned(object, `ALTER SUBSCRIPTION ${name} SET (slot_name = NONE)`, why),
      planned(object, `DROP SUBSCRIPTION ${name}`, why),
    ];
  },
  alter: ({ before, after, facts }, context) => {
    const had = record(before.facts.options);
    const has = record(after.facts.options);
    if (FIXED.some((option) => had[option] !== has[option])) return "replace";
    const ref = `ALTER SUBSCRIPTION ${reference(after.name)}`;
    const set = [
      ...facts.includes("slot") ? [`slot_name = ${slot(after)}`] : [],
      ...optionItems(before, after),
    ];
    const why = `Subscription ${after.name} differs`;
    const statements: PlannedStatement[] = [
      ...facts.includes("connection")
        ? [planned(after, `${ref} CONNECTION ${literal(text(after, "connection") ?? "")}`, why)]
        : [],
      ...facts.includes("publications")
        ? [
          planned(
            after,
            `${ref} SET PUBLICATION ${publications(after)} WITH (refresh = false)`,
            why,
          ),
        ]
        : [],
      ...set.length === 0 ? [] : [planned(after, `${ref} SET (${set.join(", ")})`, why)],
    ];
    return { statements: [...statements, ...belongings(before, after, refs(after), context)] };
  },
  rename: (before, after) => renameGlobal("SUBSCRIPTION", before, after),
};

/** Options that only a new subscription can have otherwise. */
const FIXED = ["two_phase", "failover"] as const;

/** What an option is when it is no fact. */
const USUAL: Readonly<Record<string, string>> = {
  synchronous_commit: "off",
  binary: "false",
  streaming: "off",
  disable_on_error: "false",
  password_required: "true",
  run_as_owner: "false",
  origin: "any",
};

function optionItems(before: SchemaObject | null, after: SchemaObject): readonly string[] {
  const had = record(before?.facts.options);
  const has = record(after.facts.options);
  return [...new Set([...Object.keys(had), ...Object.keys(has)])]
    .filter((option) => had[option] !== has[option])
    .map((option) => `${option} = ${literal(String(has[option] ?? USUAL[option]))}`);
}

function publications(object: SchemaObject): string {
  return texts(object, "publications").map(ident).join(", ");
}

function slot(object: SchemaObject): string {
  const name = text(object, "slot") ?? splitName(object.name)[0] ?? "";
  return name === "none" ? "NONE" : literal(name);
}

function refs(object: SchemaObject): BelongingRefs {
  const ref = `SUBSCRIPTION ${reference(object.name)}`;
  return { comment: ref, owner: ref, grants: null };
}

/** Subscriptions. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import { splitName } from "../../names.ts";
import type { KindOf, ObjectOf } from "../../objects.ts";
import { ident, literal, reference } from "../../quote.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { metadata, type MetadataRefs } from "../clauses/metadata.ts";
import { renameGlobal } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";
import { attributeSet, subjectOf } from "../../../common/statement.ts";
import type { Reason } from "../../../../core/reason.ts";

/** CREATE SUBSCRIPTION without a connection: a migration must not depend on another server being there. */
export const subscription: KindOf<"subscription"> = {
  kind: "subscription",
  rank: 82,
  reservedNames: (object) => [`subscription ${object.name}`],
  create: (object, _members, context) => [
    planned(
      object,
      `CREATE SUBSCRIPTION ${reference(object.name)}\n  CONNECTION ${
        literal(object.facts.connection)
      }\n  PUBLICATION ${publications(object)}\n  WITH (${
        ["connect = false", `slot_name = ${slot(object)}`, ...optionItems(null, object)].join(", ")
      })`,
      { action: "create", object: subjectOf(object), because: { cause: "enabled_by_hand" } },
    ),
    ...metadata(null, object, refs(object), context),
  ],
  drop: (object) => {
    const name = reference(object.name);
    const reason: Reason = {
      action: "drop",
      object: subjectOf(object),
      because: { cause: "slot_stays" },
    };
    return [
      planned(object, `ALTER SUBSCRIPTION ${name} DISABLE`, reason),
      planned(object, `ALTER SUBSCRIPTION ${name} SET (slot_name = NONE)`, reason),
      planned(object, `DROP SUBSCRIPTION ${name}`, reason),
    ];
  },
  alter: alterBy({
    connection: (_before, after) => [
      differs(after, `CONNECTION ${literal(after.facts.connection)}`),
    ],
    publications: (_before, after) => [
      differs(after, `SET PUBLICATION ${publications(after)} WITH (refresh = false)`),
    ],
    slot: setOptions,
    options: setOptions,
  }, refs),
  rename: (before, after) => renameGlobal("SUBSCRIPTION", before, after),
};

function setOptions(before: Subscription, after: Subscription) {
  const had = before.facts.options ?? {};
  const has = after.facts.options ?? {};
  if (FIXED.some((option) => had[option] !== has[option])) return "replace";
  const set = [
    ...before.facts.slot === after.facts.slot ? [] : [`slot_name = ${slot(after)}`],
    ...optionItems(before, after),
  ];
  return [differs(after, `SET (${set.join(", ")})`)];
}

function differs(after: Subscription, change: string): PlannedStatement {
  return planned(
    after,
    `ALTER SUBSCRIPTION ${reference(after.name)} ${change}`,
    attributeSet(after, "options"),
  );
}

type Subscription = ObjectOf<"subscription">;

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

function optionItems(
  before: Subscription | null,
  after: Subscription,
): readonly string[] {
  const had = before?.facts.options ?? {};
  const has = after.facts.options ?? {};
  return [...new Set([...Object.keys(had), ...Object.keys(has)])]
    .filter((option) => had[option] !== has[option])
    .map((option) => `${option} = ${literal(String(has[option] ?? USUAL[option]))}`);
}

function publications(object: Subscription): string {
  return (object.facts.publications ?? []).map(ident).join(", ");
}

function slot(object: Subscription): string {
  const name = object.facts.slot ?? splitName(object.name)[0] ?? "";
  return name === "none" ? "NONE" : literal(name);
}

function refs(object: Subscription): MetadataRefs {
  const ref = `SUBSCRIPTION ${reference(object.name)}`;
  return { comment: ref, owner: ref, grants: null };
}

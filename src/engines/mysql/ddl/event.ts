/** Events. */

import type { AlterChange } from "../../../core/change.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { created, dropped, replaced } from "../../common/statement.ts";
import type { Alteration, ObjectKind, PlanContext } from "../../object_kind.ts";
import { type EventFacts, factsOf } from "../facts.ts";
import { isMariadb } from "../family.ts";
import { literal, quote } from "../quote.ts";
import { definerWords, inItsSession } from "./code.ts";
import { definition } from "./statement.ts";

/** An event of the scheduler. */
export const event: ObjectKind = {
  kind: "event",
  rank: 65,
  mentions: (object) => factsOf(object, "event").body,
  create: (object, _members, { to }) => {
    const facts = factsOf(object, "event");
    const clauses = [
      ["CREATE", ...definerWords(facts), `EVENT ${quote(object.name)}`].join(" "),
      ...schedule(facts),
      ...facts.preserve === true ? ["ON COMPLETION PRESERVE"] : [],
      ...facts.disabled === undefined ? [] : [stateWords(facts, isMariadb(to))],
      ...facts.comment === undefined ? [] : [`COMMENT ${literal(facts.comment)}`],
      `DO ${facts.body}`,
    ];
    return inItsSession(object, facts, [
      definition(clauses.join("\n"), object, created(object)),
    ]);
  },
  drop: (object) => [definition(`DROP EVENT ${quote(object.name)}`, object, dropped(object))],
  alter,
};

const SCHEDULE = ["at", "every", "starts", "ends", "time_zone"];

function alter({ before, after, facts }: AlterChange, { to }: PlanContext): Alteration {
  const [had, has] = [factsOf(before, "event"), factsOf(after, "event")];
  // A start or an end that is left out stays what it was.
  const loses = (["starts", "ends"] as const).some((one) =>
    had[one] !== undefined && has[one] === undefined
  );
  if (loses && has.every !== undefined) {
    return { statements: recreation(before, after, to) };
  }
  const differs = (names: readonly string[]) => names.some((name) => facts.includes(name));
  const clauses = [
    // The definer becomes the account that alters, unless it is stated.
    ["ALTER", ...definerWords(has), `EVENT ${quote(after.name)}`].join(" "),
    ...differs(SCHEDULE) ? schedule(has) : [],
    // A statement needs a clause where the definer alone is another.
    ...differs(["preserve"]) || facts.every((fact) => fact === "definer")
      ? [`ON COMPLETION ${has.preserve === true ? "PRESERVE" : "NOT PRESERVE"}`]
      : [],
    ...differs(["disabled"]) ? [stateWords(has, isMariadb(to))] : [],
    ...differs(["comment"]) ? [`COMMENT ${literal(has.comment ?? "")}`] : [],
    ...differs(["body", "sql_mode"]) ? [`DO ${has.body}`] : [],
  ];
  const statement = definition(clauses.join("\n"), after, replaced(after));
  return { statements: inItsSession(after, has, [statement]) };
}

function recreation(before: SchemaObject, after: SchemaObject, to: PlanContext["to"]) {
  const context = { to } as PlanContext;
  return [...event.drop(before, context), ...event.create(after, [], context)];
}

function schedule({ at, every, starts, ends }: EventFacts): readonly string[] {
  const when = at === undefined ? `EVERY ${every ?? ""}` : `AT ${literal(at)}`;
  return [
    [
      `ON SCHEDULE ${when}`,
      ...starts === undefined ? [] : [`STARTS ${literal(starts)}`],
      ...ends === undefined ? [] : [`ENDS ${literal(ends)}`],
    ].join(" "),
  ];
}

function stateWords({ disabled }: EventFacts, mariadb: boolean): string {
  if (disabled === undefined) return "ENABLE";
  if (disabled === "everywhere") return "DISABLE";
  return mariadb ? "DISABLE ON SLAVE" : "DISABLE ON REPLICA";
}

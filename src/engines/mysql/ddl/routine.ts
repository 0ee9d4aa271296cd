/** Procedures and functions. */

import type { AlterChange } from "../../../core/change.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { created, dropped, recreated, replaced } from "../../common/statement.ts";
import type { Alteration, ObjectKind, PlanContext } from "../../object_kind.ts";
import { factsOf, type RoutineFacts } from "../facts.ts";
import { isMariadb } from "../family.ts";
import { literal, quote } from "../quote.ts";
import { definerWords, inItsSession } from "./code.ts";
import { definition } from "./statement.ts";

/** A procedure or a function. */
function routine(kind: "procedure" | "function", rank: number): ObjectKind {
  return {
    kind,
    rank,
    reservedNames: ({ name }) => [`${kind} ${name.toLowerCase()}`],
    mentions: (object) => factsOf(object, kind).body,
    create: (object) =>
      inItsSession(object, factsOf(object, kind), [
        definition(routineText(object, kind, "CREATE"), object, created(object)),
      ]),
    drop: (object) => [definition(dropText(object, kind), object, dropped(object))],
    alter: (change, context) => alterRoutine(kind, change, context),
  };
}

/** A procedure. */
export const procedure = routine("procedure", 45);

/** A function, which views may call and procedures too. */
export const storedFunction = routine("function", 44);

/** Facts that ALTER PROCEDURE and ALTER FUNCTION change. */
const CHARACTERISTICS: ReadonlySet<string> = new Set(["data_access", "security", "comment"]);

function alterRoutine(
  kind: "procedure" | "function",
  { before, after, facts }: AlterChange,
  { to }: PlanContext,
): Alteration {
  const has = factsOf(after, kind);
  // MySQL takes an empty comment for none at all.
  const losesComment = !isMariadb(to) && facts.includes("comment") && has.comment === undefined;
  if (!losesComment && facts.every((fact) => CHARACTERISTICS.has(fact))) {
    const clauses = [
      ...facts.includes("comment") ? [`COMMENT ${literal(has.comment ?? "")}`] : [],
      ...facts.includes("data_access") ? [has.data_access ?? "CONTAINS SQL"] : [],
      ...facts.includes("security")
        ? [`SQL SECURITY ${(has.security ?? "definer").toUpperCase()}`]
        : [],
    ];
    const sql = `ALTER ${kind.toUpperCase()} ${quote(after.name)} ${clauses.join(" ")}`;
    return { statements: [definition(sql, after, replaced(after))] };
  }
  if (isMariadb(to)) {
    const text = routineText(after, kind, "CREATE OR REPLACE");
    return { statements: inItsSession(after, has, [definition(text, after, replaced(after))]) };
  }
  return {
    statements: [
      definition(dropText(before, kind), after, recreated("drop", after, "replace")),
      ...inItsSession(after, has, [
        definition(
          routineText(after, kind, "CREATE"),
          after,
          recreated("recreate", after, "replace"),
        ),
      ]),
    ],
  };
}

function dropText(object: SchemaObject, kind: string): string {
  return `DROP ${kind.toUpperCase()} ${quote(object.name)}`;
}

function routineText(
  object: SchemaObject,
  kind: "procedure" | "function",
  create: string,
): string {
  const facts: RoutineFacts = factsOf(object, kind);
  const head = [create, ...definerWords(facts), ...facts.aggregate === true ? ["AGGREGATE"] : []];
  const returns = facts.returns === undefined ? "" : ` RETURNS ${facts.returns}`;
  return [
    `${head.join(" ")} ${kind.toUpperCase()} ${quote(object.name)}(${facts.parameters})${returns}`,
    ...facts.language === undefined ? [] : [`LANGUAGE ${facts.language}`],
    ...facts.deterministic === true ? ["DETERMINISTIC"] : [],
    ...facts.data_access === undefined ? [] : [facts.data_access],
    ...facts.security === undefined ? [] : [`SQL SECURITY ${facts.security.toUpperCase()}`],
    ...facts.comment === undefined ? [] : [`COMMENT ${literal(facts.comment)}`],
    facts.body,
  ].join("\n");
}

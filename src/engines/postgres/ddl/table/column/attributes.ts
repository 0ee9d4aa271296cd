/** Storage, statistics, options, comment, privileges and identity of a column. */

import { sameJson } from "../../../../../changes.ts";
import type { PlannedStatement, SchemaObject } from "../../../../../schema.ts";
import type { PlanContext } from "../../../../object_kind.ts";
import { lastName } from "../../../names.ts";
import { ident } from "../../../quote.ts";
import { type BelongingRefs, belongings } from "../../clauses/metadata.ts";
import { optionStatements } from "../../clauses/options.ts";
import { ownerName } from "../../clauses/owner.ts";
import { alterRelation, majorOf, relationOf } from "../../clauses/relation.ts";
import { planned, text } from "../../clauses/statement.ts";
import { factValue, parentAlters, spareHeirs } from "../inheritance.ts";
import { fdwOption } from "./clause.ts";
import { identityExtras } from "./identity.ts";
import { notNullComment } from "./not_null.ts";

/** Storage, statistics, options, comments and privileges of a column that was just made. */
export function columnExtras(
  column: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const bare = { ...column, facts: { type: column.facts.type ?? "" } };
  return [
    ...settings(bare, column, context, true),
    ...belongings(null, column, columnRefs(column, context), context),
    ...notNullComment(null, column),
    ...identityExtras(null, column, context),
  ];
}

/** Storage, compression, statistics target, options. */
export function settings(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
  isNew = false,
): readonly PlannedStatement[] {
  const statements: PlannedStatement[] = [];
  const name = ident(lastName(after.name));
  const add = (fact: string, recursive: boolean, clause: string, why: string) => {
    if (recursive && parentAlters(context, after.id, factValue(fact))) return;
    const only = recursive && spareHeirs(context, after, factValue(fact));
    statements.push(
      planned(after, `${alterRelation(after, only)} ALTER COLUMN ${name} ${clause}`, why),
    );
  };
  const storage = text(after, "storage");
  const retyped = before.facts.type !== after.facts.type;
  if (before.facts.storage !== after.facts.storage || (retyped && storage !== null)) {
    const usual = majorOf(context) >= 16 ? "DEFAULT" : usualStorage(text(after, "type") ?? "");
    add(
      "storage",
      true,
      `SET STORAGE ${storage?.toUpperCase() ?? usual}`,
      `Column ${after.name} is stored in another way`,
    );
  }
  if (!isNew && before.facts.compression !== after.facts.compression) {
    add(
      "compression",
      false,
      `SET COMPRESSION ${text(after, "compression") ?? "default"}`,
      `Column ${after.name} is compressed in another way`,
    );
  }
  if (before.facts.statistics !== after.facts.statistics) {
    add(
      "statistics",
      true,
      `SET STATISTICS ${after.facts.statistics ?? -1}`,
      `Column ${after.name} has another statistics target`,
    );
  }
  statements.push(
    ...optionStatements(before, after, "options", `${alterRelation(after)} ALTER COLUMN ${name}`),
  );
  if (!isNew && !sameJson(before.facts.fdw_options ?? null, after.facts.fdw_options ?? null)) {
    add(
      "fdw_options",
      false,
      `OPTIONS (${changedFdwOptions(before, after).join(", ")})`,
      `Column ${after.name} has other options`,
    );
  }
  return statements;
}

function changedFdwOptions(before: SchemaObject, after: SchemaObject): readonly string[] {
  const list = (object: SchemaObject) =>
    new Map(
      (Array.isArray(object.facts.fdw_options) ? object.facts.fdw_options : [])
        .map((option) => [String(option).split("=")[0] ?? "", String(option)]),
    );
  const was = list(before);
  const is = list(after);
  return [
    ...[...was.keys()].filter((key) => !is.has(key)).map((key) => `DROP ${ident(key)}`),
    ...[...is].filter(([key, option]) => was.get(key) !== option)
      .map(([key, option]) => `${was.has(key) ? "SET" : "ADD"} ${fdwOption(option)}`),
  ];
}

/** What SET STORAGE DEFAULT means on servers that do not know it. */
export function usualStorage(type: string): string {
  return /^(numeric|inet|cidr)\b/.test(type) && !type.endsWith("[]") ? "MAIN" : "EXTENDED";
}

export function columnRefs(column: SchemaObject, context: PlanContext): BelongingRefs {
  const table = relationOf(column);
  const name = ident(lastName(column.name));
  const parent = context.to.objects.get(column.parent ?? "");
  return {
    comment: `COLUMN ${table}.${name}`,
    owner: null,
    grants: {
      on: `TABLE ${table}`,
      column: lastName(column.name),
      owner: parent === undefined ? "CURRENT_USER" : ownerName(parent),
    },
  };
}

/** Storage, statistics, options, comment, privileges and identity of a column. */

import { sameJson } from "../../../../../core/change.ts";
import type { PlannedStatement } from "../../../../../core/statement.ts";
import type { ColumnFacts } from "../../../catalog/column.ts";
import { lastName } from "../../../names.ts";
import { type Column, objectOf, type PostgresContext } from "../../../objects.ts";
import { ident } from "../../../quote.ts";
import { metadata, type MetadataRefs } from "../../clauses/metadata.ts";
import { optionStatements } from "../../clauses/options.ts";
import { ownerName } from "../../clauses/owner.ts";
import { alterRelation, majorOf, relationOf } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { factValue, mustSpareDescendants, parentAlters } from "../inheritance.ts";
import { fdwOption } from "./clause.ts";
import { identityMetadata } from "./identity.ts";
import { notNullComment } from "./not_null.ts";
import { attributeSet } from "../../../../common/statement.ts";

/** Storage, statistics, options, comments and privileges of a column that was just made. */
export function columnAttributes(
  column: Column,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const bare = { ...column, facts: { type: column.facts.type } };
  return [
    ...attributeChanges(bare, column, context, true),
    ...metadata(null, column, columnRefs(column, context), context),
    ...notNullComment(null, column),
    ...identityMetadata(null, column, context),
  ];
}

/** Storage, compression, statistics target, options. */
export function attributeChanges(
  before: Column,
  after: Column,
  context: PostgresContext,
  isNew = false,
): readonly PlannedStatement[] {
  const statements: PlannedStatement[] = [];
  const name = ident(lastName(after.name));
  const add = (fact: keyof ColumnFacts, recursive: boolean, clause: string, attribute: string) => {
    if (recursive && parentAlters(context, after.id, factValue(fact))) return;
    const only = recursive && mustSpareDescendants(context, after, factValue(fact));
    statements.push(
      planned(
        after,
        `${alterRelation(after, only)} ALTER COLUMN ${name} ${clause}`,
        attributeSet(after, attribute),
      ),
    );
  };
  const storage = after.facts.storage;
  const retyped = before.facts.type !== after.facts.type;
  if (before.facts.storage !== after.facts.storage || (retyped && storage !== undefined)) {
    const usual = majorOf(context) >= 16 ? "DEFAULT" : usualStorage(after.facts.type);
    add(
      "storage",
      true,
      `SET STORAGE ${storage?.toUpperCase() ?? usual}`,
      "storage",
    );
  }
  if (!isNew && before.facts.compression !== after.facts.compression) {
    add(
      "compression",
      false,
      `SET COMPRESSION ${after.facts.compression ?? "default"}`,
      "compression",
    );
  }
  if (before.facts.statistics !== after.facts.statistics) {
    add(
      "statistics",
      true,
      `SET STATISTICS ${after.facts.statistics ?? -1}`,
      "statistics target",
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
      "options",
    );
  }
  return statements;
}

function changedFdwOptions(before: Column, after: Column): readonly string[] {
  const list = (object: Column) =>
    new Map((object.facts.fdw_options ?? []).map((option) => [option.split("=")[0] ?? "", option]));
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

/** How statements about metadata name a column. */
export function columnRefs(column: Column, context: PostgresContext): MetadataRefs {
  const table = relationOf(column);
  const name = ident(lastName(column.name));
  const parent = objectOf(context.to, column.parent, "table", "foreign table", "view");
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

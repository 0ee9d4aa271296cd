/** Indexes of tables and materialized views. */

import { sameJson } from "../../../../../changes.ts";
import type { PlannedStatement, SchemaObject } from "../../../../../schema.ts";
import type { Alteration, ObjectKind, PlanContext } from "../../../../object_kind.ts";
import { generatedName } from "../../../generated_name.ts";
import { lastName } from "../../../names.ts";
import { ident, qualified, reference } from "../../../quote.ts";
import { signs } from "../../../signs.ts";
import { inBrackets } from "../../clauses/brackets.ts";
import { commentStatements } from "../../clauses/comment.ts";
import { extensionMarks } from "../../clauses/extension_dependency.ts";
import { optionList, optionStatements } from "../../clauses/options.ts";
import { flag, isPartitioned, relationName, schemaOf } from "../../clauses/relation.ts";
import { planned, text, texts } from "../../clauses/statement.ts";
import { movesAlong } from "../attach_detach.ts";
import {
  areOnePart,
  attachesByItself,
  getsParts,
  holdsKeys,
  isMadeAlone,
  isMadeByParent,
  partNames,
  partOptions,
  partRenames,
  survivor,
} from "./child_index.ts";
import { uniqueRows } from "./deduplicate.ts";
import { indexKeys } from "./index_columns.ts";
import { clusterStatements, identityStatements } from "./index_flags.ts";

/** `index`; what a constraint owns is the constraint's. */
export const indexes: ObjectKind = {
  kind: "index",
  rank: 36,
  slots: ({ name }) => [`relation ${name}`],
  create: (index, _, context) => {
    const attached = text(index, "attached_to");
    if (attached === null) {
      return [
        ...uniqueRows(index, context),
        createIndex(index, isMadeAlone(index, context.to)),
        ...indexExtras(null, index, context),
      ];
    }
    const before = survivor(index, context);
    if (before !== null) return changedPart(before, index, context);
    return [
      ...isMadeByParent(index, context)
        ? [...renamePart(index, context), ...partOptions(index, context, index.name)]
        : [createIndex(index, false), attach(index)],
      ...indexExtras(null, index, context),
    ];
  },
  drop: (index, context) => [
    planned(
      index,
      `DROP INDEX ${reference(index.name)}${holdsKeys(index, context.from) ? " CASCADE" : ""}`,
      `Index ${index.name} is gone`,
    ),
  ],
  alter: ({ before, after, facts }, context) => alterIndex(before, after, facts, context),
  absorbedBy: (change, context) =>
    movesAlong(change, context)
      ? (change.op === "drop" ? change.before : change.after).parent
      : null,
  isSame: areOnePart,
  rename: (before, after) =>
    schemaOf(before.name) !== schemaOf(after.name) ? [] : [planned(
      after,
      `ALTER INDEX ${reference(before.name)} RENAME TO ${ident(lastName(after.name))}`,
      `Index ${before.name} is called ${lastName(after.name)}`,
    )],
};

/** `CREATE UNIQUE INDEX users_email_idx ON users (lower(email)) WHERE active` */
function createIndex(index: SchemaObject, only: boolean): PlannedStatement {
  const definition = (text(index, "definition") ?? "").replace(/^btree /, "");
  const where = definition.startsWith("(") ? definition : `USING ${definition}`;
  const tablespace = text(index, "tablespace");
  const options = texts(index, "options");
  const extra = [
    options.length === 0 ? "" : ` WITH (${optionList(options)})`,
    tablespace === null ? "" : ` TABLESPACE ${ident(tablespace)}`,
  ].join("");
  return planned(
    index,
    `CREATE ${flag(index, "unique") ? "UNIQUE " : ""}INDEX ${ident(lastName(index.name))} ON ${
      only ? "ONLY " : ""
    }${reference(relationName(index))} ${beforeWhere(where, extra)}`,
    `Index ${index.name} is new`,
  );
}

/** Puts options and tablespace where the grammar has them: in front of the predicate, which is the last clause on its level. */
function beforeWhere(definition: string, extra: string): string {
  let depth = 0;
  for (const { sign, at } of signs(definition, 0)) {
    if (sign === "(") depth++;
    else if (sign === ")") depth--;
    else if (depth === 0 && definition.startsWith(" WHERE ", at)) {
      const predicate = definition.slice(at + " WHERE ".length);
      return `${definition.slice(0, at)}${extra} WHERE ${inBrackets(predicate)}`;
    }
  }
  return definition + extra;
}

function alterIndex(
  before: SchemaObject,
  after: SchemaObject,
  facts: readonly string[],
  context: PlanContext,
): Alteration | "replace" {
  const ref = reference(after.name);
  const statements: PlannedStatement[] = [];
  for (const fact of facts) {
    switch (fact) {
      case "definition":
      case "on":
      case "unique":
        return "replace";
      case "invalid":
        if (!completes(before, after, context)) return "replace";
        break;
      case "options":
        if (isPartitioned(after, context)) return "replace";
        statements.push(...optionStatements(before, after, "options", `ALTER INDEX ${ref}`));
        break;
      case "tablespace":
        statements.push(planned(
          after,
          `ALTER INDEX ${ref} SET TABLESPACE ${ident(text(after, "tablespace") ?? "pg_default")}`,
          `Index ${after.name} stands in another tablespace`,
          { rewrites: after.name },
        ));
        break;
      case "attached_to":
        if (attachesByItself(before, after, context)) break;
        if (text(before, "attached_to") !== null) return "replace";
        statements.push(attach(after));
        break;
    }
  }
  return { statements: [...statements, ...indexExtras(before, after, context)] };
}

/** True when a partitioned index that lacked parts gets them in this plan and so becomes valid by itself. */
function completes(before: SchemaObject, after: SchemaObject, context: PlanContext): boolean {
  if (!flag(before, "invalid") || flag(after, "invalid")) return false;
  return isPartitioned(after, context) && getsParts(after, context);
}

/** Cluster and replica identity marks, statistics targets, comment. */
function indexExtras(
  before: SchemaObject | null,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  return [
    ...clusterStatements(before, after, context),
    ...identityStatements(before, after, context),
    ...targetStatements(before, after),
    ...commentStatements(before, after, `INDEX ${reference(after.name)}`),
    ...extensionMarks(before, after, `INDEX ${reference(after.name)}`),
  ];
}

function targetStatements(
  before: SchemaObject | null,
  after: SchemaObject,
): readonly PlannedStatement[] {
  const was = targets(before);
  const is = targets(after);
  if (sameJson([...was], [...is])) return [];
  const columns = new Set([...was.keys(), ...is.keys()]);
  return [...columns].filter((column) => was.get(column) !== is.get(column)).map((column) =>
    planned(
      after,
      `ALTER INDEX ${reference(after.name)} ALTER COLUMN ${column} SET STATISTICS ${
        is.get(column) ?? -1
      }`,
      `Column ${column} of index ${after.name} has another statistics target`,
    )
  );
}

function targets(index: SchemaObject | null): ReadonlyMap<number, number> {
  const list = index?.facts.statistics;
  return new Map(Array.isArray(list) ? list as [number, number][] : []);
}

function attach(index: SchemaObject): PlannedStatement {
  const whole = text(index, "attached_to") ?? "";
  return planned(
    index,
    `ALTER INDEX ${reference(whole)} ATTACH PARTITION ${reference(index.name)}`,
    `It is the part of ${whole} that the partition has`,
  );
}

/** A part that stays with its table while the whole changes. */
function changedPart(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  return [
    ...optionStatements(before, after, "options", `ALTER INDEX ${reference(after.name)}`),
    ...indexExtras(before, after, context),
  ];
}

function renamePart(index: SchemaObject, context: PlanContext): readonly PlannedStatement[] {
  const names = partNames(
    index,
    context,
    (part) => generatedName(lastName(relationName(part)), keysOf(part).join("_"), "idx"),
  );
  const schema = schemaOf(relationName(index));
  return partRenames(index.id, names).map(([made, wanted]) =>
    planned(
      index,
      `ALTER INDEX ${qualified(schema, made)} RENAME TO ${ident(wanted)}`,
      `The part of ${text(index, "attached_to")} has a name of its own`,
    )
  );
}

/** Names of the columns of an index. */
export function keysOf(index: SchemaObject): readonly string[] {
  return indexKeys(text(index, "definition") ?? "");
}

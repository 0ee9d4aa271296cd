/** Operator families and operator classes. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { reference } from "../../quote.ts";
import { block } from "../clauses/list.ts";
import { type BelongingRefs, belongings, otherFacts } from "../clauses/metadata.ts";
import { planned, text, texts } from "../clauses/statement.ts";

/** CREATE OPERATOR FAMILY, and ALTER ... ADD and DROP of what belongs to no class. */
export const operatorFamily: ObjectKind = {
  kind: "operator family",
  rank: 46,
  create: (object, _members, context) => [
    planned(
      object,
      `CREATE OPERATOR FAMILY ${usingRef(object)}`,
      `Operator family ${object.name} is new`,
    ),
    ...itemChanges(null, object),
    ...belongings(null, object, refs(object), context),
  ],
  drop: (object) => [
    planned(
      object,
      `DROP OPERATOR FAMILY ${usingRef(object)}`,
      `Operator family ${object.name} is gone`,
    ),
  ],
  alter: ({ before, after }, context) => ({
    statements: [
      ...itemChanges(before, after),
      ...belongings(before, after, refs(after), context),
    ],
  }),
};

/** CREATE OPERATOR CLASS; Postgres can change nothing of it but owner and comment. */
export const operatorClass: ObjectKind = {
  kind: "operator class",
  rank: 47,
  create: (object, _members, context) => {
    const storage = text(object, "storage");
    const items = [...texts(object, "items"), ...storage === null ? [] : [`STORAGE ${storage}`]];
    const head = [
      `CREATE OPERATOR CLASS ${reference(bareName(object))}`,
      ...object.facts.default === true ? ["DEFAULT"] : [],
      `FOR TYPE ${text(object, "type")} USING ${text(object, "method")}`,
      `FAMILY ${reference(text(object, "family") ?? "")} AS`,
    ].join(" ");
    const body = items.length === 0 ? [`STORAGE ${text(object, "type")}`] : items;
    return [
      planned(object, `${head}\n  ${body.join(",\n  ")}`, `Operator class ${object.name} is new`),
      ...belongings(null, object, refs(object), context),
    ];
  },
  drop: (object) => [
    planned(
      object,
      `DROP OPERATOR CLASS ${usingRef(object)}`,
      `Operator class ${object.name} is gone`,
    ),
  ],
  alter: ({ before, after, facts }, context) =>
    otherFacts(facts).length > 0
      ? "replace"
      : { statements: belongings(before, after, refs(after), context) },
};

function refs(object: SchemaObject): BelongingRefs {
  const ref = `${object.kind.toUpperCase()} ${usingRef(object)}`;
  return { comment: ref, owner: ref, grants: null };
}

function usingRef(object: SchemaObject): string {
  return `${reference(bareName(object))} USING ${text(object, "method")}`;
}

/** The name without ` USING method`. */
function bareName(object: SchemaObject): string {
  return object.name.slice(0, object.name.lastIndexOf(" USING "));
}

function itemChanges(
  before: SchemaObject | null,
  after: SchemaObject,
): readonly PlannedStatement[] {
  const had = before === null ? [] : texts(before, "items");
  const has = texts(after, "items");
  const ref = `ALTER OPERATOR FAMILY ${usingRef(after)}`;
  const gone = had.filter((item) => !has.includes(item)).map(dropItem);
  const added = has.filter((item) => !had.includes(item));
  return [
    ...gone.length === 0
      ? []
      : [planned(after, `${ref} DROP${list(gone)}`, `Operator family ${after.name} holds less`)],
    ...added.length === 0
      ? []
      : [planned(after, `${ref} ADD${list(added)}`, `Operator family ${after.name} holds more`)],
  ];
}

/** `OPERATOR 1 <(integer, bigint)` as `OPERATOR 1 (integer, bigint)`. */
function dropItem(item: string): string {
  const [, head, types] = /^((?:OPERATOR|FUNCTION) \d+)[^(]*(\([^)]*\))/.exec(item) ?? [];
  return `${head} ${types}`;
}

function list(items: readonly string[]): string {
  return items.length === 1 ? ` ${items[0]}` : block(items).slice(1, -2);
}

/** Operator families and operator classes. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { KindOf, ObjectOf } from "../../objects.ts";
import { reference } from "../../quote.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { block } from "../clauses/list.ts";
import { metadata, type MetadataRefs } from "../clauses/metadata.ts";
import { planned } from "../clauses/statement.ts";
import { attributeSet, created, dropped } from "../../../common/statement.ts";

/** CREATE OPERATOR FAMILY, and ALTER ... ADD and DROP of what belongs to no class. */
export const operatorFamily: KindOf<"operator family"> = {
  kind: "operator family",
  rank: 46,
  create: (object, _members, context) => [
    planned(
      object,
      `CREATE OPERATOR FAMILY ${usingRef(object)}`,
      created(object),
    ),
    ...itemChanges(null, object),
    ...metadata(null, object, refs(object), context),
  ],
  drop: (object) => [
    planned(
      object,
      `DROP OPERATOR FAMILY ${usingRef(object)}`,
      dropped(object),
    ),
  ],
  alter: alterBy<"operator family">({ method: "replace", items: itemChanges }, refs),
};

/** CREATE OPERATOR CLASS; Postgres can change nothing of it but owner and comment. */
export const operatorClass: KindOf<"operator class"> = {
  kind: "operator class",
  rank: 47,
  create: (object, _members, context) => {
    const storage = object.facts.storage;
    const items = [
      ...object.facts.items ?? [],
      ...storage === undefined ? [] : [`STORAGE ${storage}`],
    ];
    const head = [
      `CREATE OPERATOR CLASS ${reference(bareName(object))}`,
      ...object.facts.default === true ? ["DEFAULT"] : [],
      `FOR TYPE ${object.facts.type} USING ${object.facts.method}`,
      `FAMILY ${reference(object.facts.family)} AS`,
    ].join(" ");
    const body = items.length === 0 ? [`STORAGE ${object.facts.type}`] : items;
    return [
      planned(object, `${head}\n  ${body.join(",\n  ")}`, created(object)),
      ...metadata(null, object, refs(object), context),
    ];
  },
  drop: (object) => [
    planned(
      object,
      `DROP OPERATOR CLASS ${usingRef(object)}`,
      dropped(object),
    ),
  ],
  alter: alterBy<"operator class">({
    method: "replace",
    default: "replace",
    type: "replace",
    storage: "replace",
    family: "replace",
    items: "replace",
  }, refs),
};

type ClassOrFamily = ObjectOf<"operator class" | "operator family">;

function refs(object: ClassOrFamily): MetadataRefs {
  const ref = `${object.kind.toUpperCase()} ${usingRef(object)}`;
  return { comment: ref, owner: ref, grants: null };
}

function usingRef(object: ClassOrFamily): string {
  return `${reference(bareName(object))} USING ${object.facts.method}`;
}

/** The name without ` USING method`. */
function bareName(object: ClassOrFamily): string {
  return object.name.slice(0, object.name.lastIndexOf(" USING "));
}

function itemChanges(
  before: ObjectOf<"operator family"> | null,
  after: ObjectOf<"operator family">,
): readonly PlannedStatement[] {
  const had = before === null ? [] : before.facts.items ?? [];
  const has = after.facts.items ?? [];
  const ref = `ALTER OPERATOR FAMILY ${usingRef(after)}`;
  const gone = had.filter((item) => !has.includes(item)).map(dropItem);
  const added = has.filter((item) => !had.includes(item));
  return [
    ...gone.length === 0
      ? []
      : [planned(after, `${ref} DROP${list(gone)}`, attributeSet(after, "members"))],
    ...added.length === 0
      ? []
      : [planned(after, `${ref} ADD${list(added)}`, attributeSet(after, "members"))],
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

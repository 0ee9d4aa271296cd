/** Publications with their tables and schemas. */

import type { SchemaObject } from "../../../../schema.ts";
import type { ObjectKind, PlanContext } from "../../../object_kind.ts";
import { relationsOf } from "../../../planner/relations.ts";
import { joinName, lastName, splitName } from "../../names.ts";
import { ident, qualified, reference } from "../../quote.ts";
import { type BelongingRefs, belongings } from "../clauses/metadata.ts";
import { renameGlobal } from "../clauses/rename.ts";
import { planned, text, texts } from "../clauses/statement.ts";

/** CREATE PUBLICATION with its tables and schemas; FOR ALL TABLES alone takes a new one. */
export const publication: ObjectKind = {
  kind: "publication",
  rank: 80,
  slots: (object) => [`publication ${object.name}`],
  create: (object, members, context) => {
    const targets = object.facts.all_tables === true
      ? " FOR ALL TABLES"
      : members.length === 0
      ? ""
      : ` FOR ${targetList(members, context)}`;
    return [
      planned(
        object,
        `CREATE PUBLICATION ${reference(object.name)}${targets}${withClause(object)}`,
        `Publication ${object.name} is new`,
      ),
      ...belongings(null, object, refs(object), context),
    ];
  },
  drop: (object) => [
    planned(
      object,
      `DROP PUBLICATION ${reference(object.name)}`,
      `Publication ${object.name} is gone`,
    ),
  ],
  alter: ({ before, after, facts }, context) => {
    if (facts.includes("all_tables")) return "replace";
    const set = OPTIONS.filter(([fact]) => facts.includes(fact)).map(([fact, option]) =>
      `${option} = ${optionValue(after, fact)}`
    );
    return {
      statements: [
        ...set.length === 0 ? [] : [planned(
          after,
          `ALTER PUBLICATION ${reference(after.name)} SET (${set.join(", ")})`,
          `Publication ${after.name} publishes otherwise`,
        )],
        ...belongings(before, after, refs(after), context),
      ],
    };
  },
  rename: (before, after) => renameGlobal("PUBLICATION", before, after),
};

/** ALTER PUBLICATION ... ADD and DROP TABLE; another row filter or column list takes both. */
export const publicationTable: ObjectKind = memberKind("publication table");

/** ALTER PUBLICATION ... ADD and DROP TABLES IN SCHEMA. */
export const publicationSchema: ObjectKind = memberKind("publication schema");

function memberKind(kind: string): ObjectKind {
  return {
    kind,
    rank: 81,
    slots: (object) => [`${kind} ${object.name}`],
    inline: () => true,
    create: (object, _, context) => [
      planned(
        object,
        `ALTER PUBLICATION ${publicationOf(object)} ADD ${targetList([object], context)}`,
        `${lastName(object.name)} is published`,
      ),
    ],
    drop: (object, context) => [
      planned(
        object,
        `ALTER PUBLICATION ${publicationOf(object)} DROP ${
          kind === "publication table"
            ? `TABLE ${tableOf(object, context)}`
            : targetList([object], context)
        }`,
        `${lastName(object.name)} is no longer published`,
      ),
    ],
    alter: () => "replace",
  };
}

const OPTIONS = [
  ["publish", "publish"],
  ["generated_columns", "publish_generated_columns"],
  ["via_root", "publish_via_partition_root"],
] as const;

/** ` WITH (...)` with what is not as usual. */
function withClause(object: SchemaObject): string {
  const all = "insert, update, delete, truncate";
  const options = OPTIONS.filter(([fact]) =>
    fact === "publish"
      ? texts(object, "publish").join(", ") !== all
      : object.facts[fact] !== undefined
  ).map(([fact, option]) => `${option} = ${optionValue(object, fact)}`);
  return options.length === 0 ? "" : ` WITH (${options.join(", ")})`;
}

function optionValue(object: SchemaObject, fact: string): string {
  if (fact === "publish") return `'${texts(object, fact).join(", ")}'`;
  if (fact === "generated_columns") return text(object, fact) ?? "none";
  return String(object.facts[fact] === true);
}

/** `TABLE a, b (x) WHERE (x > 0), TABLES IN SCHEMA app` */
function targetList(members: readonly SchemaObject[], context: PlanContext): string {
  const targets = (kind: string) =>
    members.filter((member) => member.kind === kind).map((member) => target(member, context));
  const tables = targets("publication table");
  const schemas = targets("publication schema");
  return [
    ...tables.length === 0 ? [] : [`TABLE ${tables.join(", ")}`],
    ...schemas.length === 0 ? [] : [`TABLES IN SCHEMA ${schemas.join(", ")}`],
  ].join(", ");
}

function target(member: SchemaObject, context: PlanContext): string {
  if (member.kind === "publication schema") return ident(lastName(member.name));
  const columns = texts(member, "columns");
  const where = text(member, "where");
  return [
    tableOf(member, context),
    ...columns.length === 0 ? [] : [`(${columns.map(ident).join(", ")})`],
    ...where === null ? [] : [`WHERE ${where.startsWith("(") ? where : `(${where})`}`],
  ].join(" ");
}

/** A table as SQL; the name alone would mean its children as well. */
function tableOf(member: SchemaObject, context: PlanContext): string {
  const [, schema = "", table = ""] = splitName(member.name);
  const name = joinName(schema, table);
  const hasChildren = [context.from, context.to].some((snapshot) =>
    relationsOf(snapshot).dependents.get(`table:${name}`)
      ?.some((object) => texts(object, "inherits").includes(name))
  );
  return `${hasChildren ? "ONLY " : ""}${qualified(schema, table)}`;
}

function publicationOf(member: SchemaObject): string {
  return reference((member.parent ?? "").slice("publication:".length));
}

function refs(object: SchemaObject): BelongingRefs {
  const ref = `PUBLICATION ${reference(object.name)}`;
  return { comment: ref, owner: ref, grants: null };
}

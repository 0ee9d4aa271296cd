/** Publications with their tables and schemas. */

import { joinName, lastName, splitName } from "../../names.ts";
import {
  dependentsOf,
  type KindOf,
  type ObjectOf,
  type PostgresContext,
  type PostgresObject,
} from "../../objects.ts";
import { ident, qualified, reference } from "../../quote.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { metadata, type MetadataRefs } from "../clauses/metadata.ts";
import { renameGlobal } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";

/** CREATE PUBLICATION with its tables and schemas; FOR ALL TABLES alone takes a new one. */
export const publication: KindOf<"publication"> = {
  kind: "publication",
  rank: 80,
  slots: (object) => [`publication ${object.name}`],
  create: (object, members, context) => {
    const targets = object.facts.all_tables === true
      ? " FOR ALL TABLES"
      : members.length === 0
      ? ""
      : ` FOR ${targetList(members.filter(isMember), context)}`;
    return [
      planned(
        object,
        `CREATE PUBLICATION ${reference(object.name)}${targets}${withClause(object)}`,
        `Publication ${object.name} is new`,
      ),
      ...metadata(null, object, refs(object), context),
    ];
  },
  drop: (object) => [
    planned(
      object,
      `DROP PUBLICATION ${reference(object.name)}`,
      `Publication ${object.name} is gone`,
    ),
  ],
  alter: alterBy({
    all_tables: "replace",
    publish: setOptions,
    generated_columns: setOptions,
    via_root: setOptions,
  }, refs),
  rename: (before, after) => renameGlobal("PUBLICATION", before, after),
};

function setOptions(before: ObjectOf<"publication">, after: ObjectOf<"publication">) {
  const set = OPTIONS.filter(([fact]) => optionValue(before, fact) !== optionValue(after, fact))
    .map(([fact, option]) => `${option} = ${optionValue(after, fact)}`);
  return [planned(
    after,
    `ALTER PUBLICATION ${reference(after.name)} SET (${set.join(", ")})`,
    `Publication ${after.name} publishes otherwise`,
  )];
}

/** ALTER PUBLICATION ... ADD and DROP TABLE; another row filter or column list takes both. */
export const publicationTable: KindOf<"publication table"> = {
  ...memberKind("publication table"),
  kind: "publication table",
};

/** ALTER PUBLICATION ... ADD and DROP TABLES IN SCHEMA. */
export const publicationSchema: KindOf<"publication schema"> = {
  ...memberKind("publication schema"),
  kind: "publication schema",
};

type Member = ObjectOf<"publication table" | "publication schema">;

function memberKind(kind: Member["kind"]): KindOf<Member["kind"]> {
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
          object.kind === "publication table"
            ? `TABLE ${tableRef(object, context)}`
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
function withClause(object: ObjectOf<"publication">): string {
  const all = "insert, update, delete, truncate";
  const options = OPTIONS.filter(([fact]) =>
    fact === "publish"
      ? (object.facts.publish ?? []).join(", ") !== all
      : object.facts[fact] !== undefined
  ).map(([fact, option]) => `${option} = ${optionValue(object, fact)}`);
  return options.length === 0 ? "" : ` WITH (${options.join(", ")})`;
}

function optionValue(
  { facts }: ObjectOf<"publication">,
  fact: typeof OPTIONS[number][0],
): string {
  if (fact === "publish") return `'${(facts.publish ?? []).join(", ")}'`;
  if (fact === "generated_columns") return facts.generated_columns ?? "none";
  return String(facts[fact] === true);
}

function isMember(object: PostgresObject) {
  return object.kind === "publication table" || object.kind === "publication schema";
}

/** `TABLE a, b (x) WHERE (x > 0), TABLES IN SCHEMA app` */
function targetList(members: readonly Member[], context: PostgresContext): string {
  const targets = (kind: Member["kind"]) =>
    members.filter((member) => member.kind === kind).map((member) => target(member, context));
  const tables = targets("publication table");
  const schemas = targets("publication schema");
  return [
    ...tables.length === 0 ? [] : [`TABLE ${tables.join(", ")}`],
    ...schemas.length === 0 ? [] : [`TABLES IN SCHEMA ${schemas.join(", ")}`],
  ].join(", ");
}

function target(member: Member, context: PostgresContext): string {
  if (member.kind === "publication schema") return ident(lastName(member.name));
  const columns = member.facts.columns ?? [];
  const { where } = member.facts;
  return [
    tableRef(member, context),
    ...columns.length === 0 ? [] : [`(${columns.map(ident).join(", ")})`],
    ...where === undefined ? [] : [`WHERE ${where.startsWith("(") ? where : `(${where})`}`],
  ].join(" ");
}

/** A table as SQL; the name alone would mean its children as well. */
function tableRef(member: Member, context: PostgresContext): string {
  const [, schema = "", table = ""] = splitName(member.name);
  const name = joinName(schema, table);
  const hasChildren = [context.from, context.to].some((snapshot) =>
    dependentsOf(snapshot, `table:${name}`).some((object) =>
      (object.kind === "table" || object.kind === "foreign table") &&
      object.facts.inherits?.includes(name)
    )
  );
  return `${hasChildren ? "ONLY " : ""}${qualified(schema, table)}`;
}

function publicationOf(member: Member): string {
  return reference((member.parent ?? "").slice("publication:".length));
}

function refs(object: ObjectOf<"publication">): MetadataRefs {
  const ref = `PUBLICATION ${reference(object.name)}`;
  return { comment: ref, owner: ref, grants: null };
}

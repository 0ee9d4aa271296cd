/** Materialized views. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { ViewColumnSettings } from "../../catalog/view.ts";
import type { KindOf, ObjectOf } from "../../objects.ts";
import { ident, reference } from "../../quote.ts";
import { metadata, type MetadataRefs } from "../clauses/metadata.ts";
import { ownerName } from "../clauses/owner.ts";
import { majorOf } from "../clauses/relation.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";
import { usualStorage } from "../table/column/attributes.ts";
import { columnMetadata, settingsOf } from "./column_metadata.ts";
import { optionChanges, optionList } from "./view_options.ts";
import { attributeSet, becomes, created, dropped } from "../../../common/statement.ts";

/** CREATE MATERIALIZED VIEW; another query takes a new one, all else is changed in place. */
export const materializedView: KindOf<"materialized view"> = {
  kind: "materialized view",
  rank: 51,
  reservedNames: (object) => [`relation ${object.name}`, `type ${object.name}`],
  create: (object, _members, context) => [
    planned(object, definition(object), created(object)),
    ...columnStorage(null, object),
    ...metadata(null, object, refs(object), context),
    ...columnMetadata(null, object, { owner: ownerName(object), context }),
  ],
  drop: (object) => [
    planned(
      object,
      `DROP MATERIALIZED VIEW ${reference(object.name)}`,
      dropped(object),
    ),
  ],
  alter: ({ before, after, facts }, context) => {
    if (facts.includes("definition") || facts.includes("columns")) return "replace";
    const ref = `MATERIALIZED VIEW ${reference(after.name)}`;
    const statements: PlannedStatement[] = [];
    if (facts.includes("access_method")) {
      if (majorOf(context) < 15) return "replace";
      statements.push(planned(
        after,
        `ALTER ${ref} SET ACCESS METHOD ${ident(after.facts.access_method ?? "heap")}`,
        attributeSet(after, "access method"),
        { rewrites: after.name },
      ));
    }
    if (facts.includes("tablespace")) {
      statements.push(planned(
        after,
        `ALTER ${ref} SET TABLESPACE ${ident(after.facts.tablespace ?? "pg_default")}`,
        attributeSet(after, "tablespace"),
        { rewrites: after.name },
      ));
    }
    return {
      statements: [
        ...statements,
        ...optionChanges(before, after),
        ...optionChanges(before, after, "toast_options", "toast."),
        ...columnStorage(before, after),
        ...metadata(before, after, refs(after), context),
        ...columnMetadata(before, after, { owner: ownerName(after), context }),
        ...facts.includes("unpopulated") ? [refresh(after)] : [],
      ],
    };
  },
  rename: (before, after) => renameInSchema("MATERIALIZED VIEW", before, after),
};

/** Runs the query, or takes away what it gave. */
function refresh(after: ObjectOf<"materialized view">): PlannedStatement {
  const isEmpty = after.facts.unpopulated === true;
  return planned(
    after,
    `REFRESH MATERIALIZED VIEW ${reference(after.name)}${isEmpty ? " WITH NO DATA" : ""}`,
    becomes(after, isEmpty ? "unpopulated" : "populated"),
    { rewrites: after.name },
  );
}

function refs(object: ObjectOf<"materialized view">): MetadataRefs {
  const ref = `MATERIALIZED VIEW ${reference(object.name)}`;
  return { comment: ref, owner: ref, grants: { on: `TABLE ${reference(object.name)}` } };
}

function definition(object: ObjectOf<"materialized view">): string {
  const method = object.facts.access_method;
  const tablespace = object.facts.tablespace;
  const options = [
    optionList(object.facts.options ?? {}),
    optionList(object.facts.toast_options ?? {}, "toast."),
  ].filter((list) => list !== "").join(", ");
  const head = [
    `CREATE MATERIALIZED VIEW ${reference(object.name)}`,
    ...method === undefined ? [] : [`USING ${ident(method)}`],
    ...options === "" ? [] : [`WITH (${options})`],
    ...tablespace === undefined ? [] : [`TABLESPACE ${ident(tablespace)}`],
  ].join(" ");
  const empty = object.facts.unpopulated === true ? "\nWITH NO DATA" : "";
  return `${head} AS\n${object.facts.definition}${empty}`;
}

function columnType(object: ObjectOf<"materialized view">, name: string): string {
  return object.facts.columns?.find((column) => column.name === name)?.type ?? "";
}

/** Statistics target, storage, compression and options of the columns. */
function columnStorage(
  before: ObjectOf<"materialized view"> | null,
  after: ObjectOf<"materialized view">,
): readonly PlannedStatement[] {
  const had = settingsOf(before);
  const has = settingsOf(after);
  const names = [...new Set([...Object.keys(had), ...Object.keys(has)])];
  const actions = names.flatMap((name) => {
    const [old = {}, now = {}] = [had[name], has[name]];
    const column = `ALTER COLUMN ${ident(name)}`;
    const changed = (fact: keyof ViewColumnSettings) =>
      JSON.stringify(old[fact]) !== JSON.stringify(now[fact]);
    const set = Object.entries(now.options ?? {}).filter(([option, value]) =>
      (old.options ?? {})[option] !== value
    );
    const reset = Object.keys(old.options ?? {}).filter((option) =>
      !(option in (now.options ?? {}))
    );
    return [
      ...changed("statistics") ? [`${column} SET STATISTICS ${now.statistics ?? -1}`] : [],
      ...changed("storage")
        ? [`${column} SET STORAGE ${now.storage ?? usualStorage(columnType(after, name))}`]
        : [],
      ...changed("compression")
        ? [`${column} SET COMPRESSION ${now.compression ?? "default"}`]
        : [],
      ...set.length === 0 ? [] : [`${column} SET (${optionList(Object.fromEntries(set))})`],
      ...reset.length === 0 ? [] : [`${column} RESET (${reset.map(ident).join(", ")})`],
    ];
  });
  return actions.map((action) =>
    planned(
      after,
      `ALTER MATERIALIZED VIEW ${reference(after.name)} ${action}`,
      attributeSet(after, "storage"),
    )
  );
}

/** Materialized views. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { ObjectKind, PlanContext } from "../../../object_kind.ts";
import { ident, reference } from "../../quote.ts";
import { type BelongingRefs, belongings } from "../clauses/metadata.ts";
import { ownerName } from "../clauses/owner.ts";
import { majorOf } from "../clauses/relation.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned, text } from "../clauses/statement.ts";
import { usualStorage } from "../table/column/attributes.ts";
import { columnBelongings, settingsOf } from "./column_metadata.ts";
import { optionChanges, optionList, record } from "./view_options.ts";

/** CREATE MATERIALIZED VIEW; another query takes a new one, all else is changed in place. */
export const materializedView: ObjectKind = {
  kind: "materialized view",
  rank: 51,
  slots: (object) => [`relation ${object.name}`, `type ${object.name}`],
  create: (object, _members, context) => [
    planned(object, definition(object, context), `Materialized view ${object.name} is new`),
    ...columnStorage(null, object),
    ...belongings(null, object, refs(object), context),
    ...columnBelongings(null, object, { owner: ownerName(object), context }),
  ],
  drop: (object) => [
    planned(
      object,
      `DROP MATERIALIZED VIEW ${reference(object.name)}`,
      `Materialized view ${object.name} is gone`,
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
        `ALTER ${ref} SET ACCESS METHOD ${ident(text(after, "access_method") ?? "heap")}`,
        `Materialized view ${after.name} is stored by another access method`,
        { rewrites: after.name },
      ));
    }
    if (facts.includes("tablespace")) {
      statements.push(planned(
        after,
        `ALTER ${ref} SET TABLESPACE ${ident(text(after, "tablespace") ?? "pg_default")}`,
        `Materialized view ${after.name} lies in another tablespace`,
        { rewrites: after.name },
      ));
    }
    return {
      statements: [
        ...statements,
        ...optionChanges(before, after),
        ...optionChanges(before, after, "toast_options", "toast."),
        ...columnStorage(before, after),
        ...belongings(before, after, refs(after), context),
        ...columnBelongings(before, after, { owner: ownerName(after), context }),
      ],
    };
  },
  rename: (before, after) => renameInSchema("MATERIALIZED VIEW", before, after),
};

function refs(object: SchemaObject): BelongingRefs {
  const ref = `MATERIALIZED VIEW ${reference(object.name)}`;
  return { comment: ref, owner: ref, grants: { on: `TABLE ${reference(object.name)}` } };
}

function definition(object: SchemaObject, context: PlanContext): string {
  const method = text(object, "access_method");
  const tablespace = text(object, "tablespace");
  const options = [
    optionList(record(object.facts.options)),
    optionList(record(object.facts.toast_options), "toast."),
  ].filter((list) => list !== "").join(", ");
  const head = [
    `CREATE MATERIALIZED VIEW ${reference(object.name)}`,
    ...method === null ? [] : [`USING ${ident(method)}`],
    ...options === "" ? [] : [`WITH (${options})`],
    ...tablespace === null ? [] : [`TABLESPACE ${ident(tablespace)}`],
  ].join(" ");
  const empty = readsElsewhere(object, context) ? "\nWITH NO DATA" : "";
  return `${head} AS\n${text(object, "definition")}${empty}`;
}

/** True when the query reads foreign tables, whose server need not be there when the migration runs. */
function readsElsewhere(object: SchemaObject, context: PlanContext): boolean {
  const seen = new Set<string>(object.needs);
  for (const id of seen) {
    if (id.startsWith("foreign table:")) return true;
    for (const need of context.to.objects.get(id)?.needs ?? []) seen.add(need);
  }
  return false;
}

function columnType(object: SchemaObject, name: string): string {
  const { columns } = object.facts;
  const column = (Array.isArray(columns) ? columns : []).map(record).find((item) =>
    item.name === name
  );
  return String(column?.type);
}

/** Statistics target, storage, compression and options of the columns. */
function columnStorage(
  before: SchemaObject | null,
  after: SchemaObject,
): readonly PlannedStatement[] {
  const had = settingsOf(before);
  const has = settingsOf(after);
  const names = [...new Set([...Object.keys(had), ...Object.keys(has)])];
  const actions = names.flatMap((name) => {
    const [old = {}, now = {}] = [had[name], has[name]];
    const column = `ALTER COLUMN ${ident(name)}`;
    const changed = (fact: string) => JSON.stringify(old[fact]) !== JSON.stringify(now[fact]);
    const set = Object.entries(record(now.options)).filter(([option, value]) =>
      record(old.options)[option] !== value
    );
    const reset = Object.keys(record(old.options)).filter((option) =>
      !(option in record(now.options))
    );
    return [
      ...changed("statistics") ? [`${column} SET STATISTICS ${now.statistics ?? -1}`] : [],
      ...changed("storage")
        ? [`${column} SET STORAGE ${now.storage ?? usualStorage(columnType(after, name))}`]
        : [],
      ...changed("compression")
        ? [`${column} SET COMPRESSION ${String(now.compression ?? "default")}`]
        : [],
      ...set.length === 0 ? [] : [`${column} SET (${optionList(Object.fromEntries(set))})`],
      ...reset.length === 0 ? [] : [`${column} RESET (${reset.map(ident).join(", ")})`],
    ];
  });
  return actions.map((action) =>
    planned(
      after,
      `ALTER MATERIALIZED VIEW ${reference(after.name)} ${action}`,
      `Columns of ${after.name} are stored otherwise`,
    )
  );
}

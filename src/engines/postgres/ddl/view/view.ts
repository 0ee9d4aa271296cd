/** Views. */

import type { Facts, PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { ident, literal, reference } from "../../quote.ts";
import { type BelongingRefs, belongings, otherFacts } from "../clauses/metadata.ts";
import { ownerName } from "../clauses/owner.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned, text } from "../clauses/statement.ts";
import { columnBelongings } from "./column_metadata.ts";

/** CREATE VIEW; CREATE OR REPLACE VIEW while the columns there are stay as they are and new ones follow them. */
export const view: ObjectKind = {
  kind: "view",
  rank: 50,
  slots: (object) => [`relation ${object.name}`, `type ${object.name}`],
  create: (object, _members, context) => [
    planned(object, `CREATE ${definition(object)}`, `View ${object.name} is new`),
    ...belongings(null, object, refs(object), context),
    ...columnBelongings(null, object, { owner: ownerName(object), context }),
  ],
  drop: (object) => [
    planned(object, `DROP VIEW ${reference(object.name)}`, `View ${object.name} is gone`),
  ],
  alter: ({ before, after, facts }, context) => {
    const changed = otherFacts(facts);
    const statements: PlannedStatement[] = [];
    if (changed.includes("definition") || changed.includes("columns")) {
      if (!canReplace(before, after)) return "replace";
      statements.push(
        planned(after, `CREATE OR REPLACE ${definition(after)}`, `View ${after.name} differs`),
      );
    } else if (changed.includes("options")) {
      statements.push(...optionChanges(before, after));
    }
    return {
      statements: [
        ...statements,
        ...belongings(before, after, refs(after), context),
        ...columnBelongings(before, after, { owner: ownerName(after), context }),
      ],
    };
  },
  rename: (before, after) => renameInSchema("VIEW", before, after),
};

/** ALTER ... SET and RESET of the storage options that differ. `fact` holds them by name. */
export function optionChanges(
  before: SchemaObject,
  after: SchemaObject,
  fact = "options",
  prefix = "",
): readonly PlannedStatement[] {
  const had = record(before.facts[fact]);
  const has = record(after.facts[fact]);
  const ref = `${after.kind.toUpperCase()} ${reference(after.name)}`;
  const why = `Options of ${after.kind} ${after.name} differ`;
  const set = Object.entries(has).filter(([name, value]) => had[name] !== value);
  const reset = Object.keys(had).filter((name) => !(name in has));
  return [
    ...(set.length === 0 ? [] : [
      planned(after, `ALTER ${ref} SET (${optionList(Object.fromEntries(set), prefix)})`, why),
    ]),
    ...(reset.length === 0 ? [] : [
      planned(
        after,
        `ALTER ${ref} RESET (${reset.map((name) => prefix + ident(name)).join(", ")})`,
        why,
      ),
    ]),
  ];
}

/** `fillfactor = 70, security_barrier = true` */
export function optionList(options: Facts, prefix = ""): string {
  return Object.entries(options).map(([name, value]) =>
    `${prefix}${ident(name)} = ${
      typeof value === "string" && /^[a-z0-9_.]+$/i.test(value) ? value : literal(String(value))
    }`
  ).join(", ");
}

/** A fact that is a record; empty when it is absent. */
export function record(value: unknown): Facts {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value as Facts : {};
}

function refs(object: SchemaObject): BelongingRefs {
  const name = reference(object.name);
  return { comment: `VIEW ${name}`, owner: `VIEW ${name}`, grants: { on: `TABLE ${name}` } };
}

function definition(object: SchemaObject): string {
  const { check_option: check, ...options } = record(object.facts.options);
  const list = optionList(options);
  return `VIEW ${reference(object.name)}${list === "" ? "" : ` WITH (${list})`} AS\n${
    text(object, "definition")
  }${check === undefined ? "" : `\nWITH ${String(check).toUpperCase()} CHECK OPTION`}`;
}

function canReplace(before: SchemaObject, after: SchemaObject): boolean {
  const columns = (object: SchemaObject) =>
    Array.isArray(object.facts.columns) ? object.facts.columns : [];
  const has = columns(after);
  return columns(before).every((column, at) =>
    JSON.stringify(column) === JSON.stringify(has[at] ?? null)
  );
}

/** Views. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { reference } from "../../quote.ts";
import { type BelongingRefs, belongings, otherFacts } from "../clauses/metadata.ts";
import { ownerName } from "../clauses/owner.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned, text } from "../clauses/statement.ts";
import { columnBelongings } from "./column_metadata.ts";
import { optionChanges, optionList, record } from "./view_options.ts";

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

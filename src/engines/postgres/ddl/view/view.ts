/** Views. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { KindOf, ObjectOf } from "../../objects.ts";
import { reference } from "../../quote.ts";
import { metadata, type MetadataRefs, otherFacts } from "../clauses/metadata.ts";
import { ownerName } from "../clauses/owner.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";
import { columnMetadata } from "./column_metadata.ts";
import { optionChanges, optionList } from "./view_options.ts";
import { created, dropped, replaced } from "../../../common/statement.ts";

/** CREATE VIEW; CREATE OR REPLACE VIEW while the columns there are stay as they are and new ones follow them. */
export const view: KindOf<"view"> = {
  kind: "view",
  rank: 50,
  reservedNames: (object) => [`relation ${object.name}`, `type ${object.name}`],
  create: (object, _members, context) => [
    planned(object, `CREATE ${definition(object)}`, created(object)),
    ...metadata(null, object, refs(object), context),
    ...columnMetadata(null, object, { owner: ownerName(object), context }),
  ],
  drop: (object) => [
    planned(object, `DROP VIEW ${reference(object.name)}`, dropped(object)),
  ],
  alter: ({ before, after, facts }, context) => {
    const changed = otherFacts(facts);
    const statements: PlannedStatement[] = [];
    if (changed.includes("definition") || changed.includes("columns")) {
      if (!canReplace(before, after)) return "replace";
      statements.push(
        planned(after, `CREATE OR REPLACE ${definition(after)}`, replaced(after)),
      );
    } else if (changed.includes("options")) {
      statements.push(...optionChanges(before, after));
    }
    return {
      statements: [
        ...statements,
        ...metadata(before, after, refs(after), context),
        ...columnMetadata(before, after, { owner: ownerName(after), context }),
      ],
    };
  },
  rename: (before, after) => renameInSchema("VIEW", before, after),
};

function refs(object: ObjectOf<"view">): MetadataRefs {
  const name = reference(object.name);
  return { comment: `VIEW ${name}`, owner: `VIEW ${name}`, grants: { on: `TABLE ${name}` } };
}

function definition(object: ObjectOf<"view">): string {
  const { check_option: check, ...options } = object.facts.options ?? {};
  const list = optionList(options);
  return `VIEW ${reference(object.name)}${
    list === "" ? "" : ` WITH (${list})`
  } AS\n${object.facts.definition}${
    check === undefined ? "" : `\nWITH ${check.toUpperCase()} CHECK OPTION`
  }`;
}

function canReplace(before: ObjectOf<"view">, after: ObjectOf<"view">): boolean {
  const has = after.facts.columns ?? [];
  return (before.facts.columns ?? []).every((column, at) =>
    JSON.stringify(column) === JSON.stringify(has[at] ?? null)
  );
}

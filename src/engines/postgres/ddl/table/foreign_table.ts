/** Foreign tables. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { reference } from "../../quote.ts";
import { optionsChange, optionsClause } from "../clauses/fdw_options.ts";
import { block } from "../clauses/list.ts";
import { type BelongingRefs, belongings } from "../clauses/metadata.ts";
import { flag } from "../clauses/relation.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned, text, texts } from "../clauses/statement.ts";
import { record } from "../view/view_options.ts";
import { inheritedDifferences } from "./column/add.ts";
import { columnExtras } from "./column/attributes.ts";
import { columnClause } from "./column/clause.ts";
import { isInherited } from "./inheritance.ts";

/** CREATE FOREIGN TABLE with its columns; another server takes a new one, options and parents are changed in place. */
export const foreignTable: ObjectKind = {
  kind: "foreign table",
  rank: 49,
  asksRename: true,
  slots: (object) => [`relation ${object.name}`, `type ${object.name}`],
  create: (object, members, context) => {
    const columns = members.filter((member) => member.kind === "column");
    return [
      planned(object, definition(object, members), `Foreign table ${object.name} is new`),
      ...belongings(null, object, refs(object), context),
      ...columns.flatMap((column) => [
        ...isFromParent(column) ? inheritedDifferences(column, context) : [],
        ...columnExtras(column, context),
      ]),
    ];
  },
  drop: (object) => [
    planned(
      object,
      `DROP FOREIGN TABLE ${reference(object.name)}`,
      `Foreign table ${object.name} is gone; its rows stay where they are`,
    ),
  ],
  alter: ({ before, after, facts }, context) => {
    if (facts.includes("server")) return "replace";
    const changes = optionsChange(before, after);
    return {
      statements: [
        ...changes === "" ? [] : [planned(
          after,
          `ALTER FOREIGN TABLE ${reference(after.name)}${changes}`,
          `Options of foreign table ${after.name} differ`,
        )],
        ...parentChanges(before, after),
        ...belongings(before, after, refs(after), context),
      ],
    };
  },
  rename: (before, after) => renameInSchema("FOREIGN TABLE", before, after),
};

function refs(object: SchemaObject): BelongingRefs {
  const ref = `FOREIGN TABLE ${reference(object.name)}`;
  return { comment: ref, owner: ref, grants: { on: `TABLE ${reference(object.name)}` } };
}

function definition(object: SchemaObject, members: readonly SchemaObject[]): string {
  const partition = record(object.facts.partition_of);
  const parents = texts(object, "inherits");
  const columns = members.filter((member) => member.kind === "column" && !isFromParent(member))
    .map((column) => {
      const value = members.find((member) =>
        member.kind === "default" && member.parent === column.id
      );
      return columnClause({ column, default: value });
    });
  const server = `SERVER ${reference(text(object, "server") ?? "")}${optionsClause(object)}`;
  const head = `CREATE FOREIGN TABLE ${reference(object.name)}`;
  if (typeof partition.parent === "string") {
    return `${head} PARTITION OF ${reference(partition.parent)} ${partition.bound} ${server}`;
  }
  const inherits = parents.length === 0 ? "" : ` INHERITS (${parents.map(reference).join(", ")})`;
  return `${head} ${columns.length === 0 ? "()" : block(columns)}${inherits} ${server}`;
}

function isFromParent(column: SchemaObject): boolean {
  return isInherited(column) && !flag(column, "local");
}

/** INHERIT and NO INHERIT, ATTACH and DETACH PARTITION. */
function parentChanges(before: SchemaObject, after: SchemaObject): readonly PlannedStatement[] {
  const name = reference(after.name);
  const why = `Foreign table ${after.name} has another parent`;
  const had = record(before.facts.partition_of);
  const has = record(after.facts.partition_of);
  const [old, now] = [texts(before, "inherits"), texts(after, "inherits")];
  const moved = JSON.stringify(had) !== JSON.stringify(has);
  return [
    ...moved && typeof had.parent === "string"
      ? [planned(after, `ALTER TABLE ${reference(had.parent)} DETACH PARTITION ${name}`, why)]
      : [],
    ...old.filter((parent) => !now.includes(parent)).map((parent) =>
      planned(after, `ALTER FOREIGN TABLE ${name} NO INHERIT ${reference(parent)}`, why)
    ),
    ...now.filter((parent) => !old.includes(parent)).map((parent) =>
      planned(after, `ALTER FOREIGN TABLE ${name} INHERIT ${reference(parent)}`, why)
    ),
    ...moved && typeof has.parent === "string"
      ? [
        planned(
          after,
          `ALTER TABLE ${reference(has.parent)} ATTACH PARTITION ${name} ${has.bound}`,
          why,
        ),
      ]
      : [],
  ];
}

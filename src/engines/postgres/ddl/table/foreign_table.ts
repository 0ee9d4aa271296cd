/** Foreign tables. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { Column, KindOf, ObjectOf, PostgresContext, PostgresObject } from "../../objects.ts";
import { reference } from "../../quote.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { optionsChange, optionsClause } from "../clauses/fdw_options.ts";
import { block } from "../clauses/list.ts";
import { metadata, type MetadataRefs } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";
import { inheritedDifferences } from "./column/add.ts";
import { columnAttributes } from "./column/attributes.ts";
import { columnClause } from "./column/clause.ts";
import { explicitNotNullName } from "./column/not_null_name.ts";
import { isInherited } from "./inheritance.ts";
import { attributeSet, created, subjectOf } from "../../../common/statement.ts";

/** CREATE FOREIGN TABLE with its columns; another server takes a new one, options and parents are changed in place. */
export const foreignTable: KindOf<"foreign table"> = {
  kind: "foreign table",
  rank: 49,
  asksRename: true,
  reservedNames: (object) => [`relation ${object.name}`, `type ${object.name}`],
  create: (object, members, context) => {
    const columns = members.filter((member) => member.kind === "column");
    return [
      planned(object, definition(object, members, context), created(object)),
      ...metadata(null, object, refs(object), context),
      ...columns.flatMap((column) => [
        ...isFromParent(column) ? inheritedDifferences(column, context) : [],
        ...columnAttributes(column, context),
      ]),
    ];
  },
  drop: (object) => [
    planned(
      object,
      `DROP FOREIGN TABLE ${reference(object.name)}`,
      { action: "drop", object: subjectOf(object), because: { cause: "rows_elsewhere" } },
    ),
  ],
  alter: alterBy({
    server: "replace",
    options: (before, after) => [
      planned(
        after,
        `ALTER FOREIGN TABLE ${reference(after.name)}${optionsChange(before, after)}`,
        attributeSet(after, "options"),
      ),
    ],
    partition_of: parentChanges,
    inherits: parentChanges,
  }, refs),
  rename: (before, after) => renameInSchema("FOREIGN TABLE", before, after),
};

function refs(object: ObjectOf<"foreign table">): MetadataRefs {
  const ref = `FOREIGN TABLE ${reference(object.name)}`;
  return { comment: ref, owner: ref, grants: { on: `TABLE ${reference(object.name)}` } };
}

function definition(
  object: ObjectOf<"foreign table">,
  members: readonly PostgresObject[],
  context: PostgresContext,
): string {
  const partition = object.facts.partition_of;
  const parents = object.facts.inherits ?? [];
  const columns = members.filter((member) => member.kind === "column")
    .filter((column) => !isFromParent(column)).map((column) => {
      const value = members.filter((member) => member.kind === "default")
        .find(({ parent }) => parent === column.id);
      return columnClause({
        column,
        default: value,
        notNullName: explicitNotNullName(column, context),
      });
    });
  const server = `SERVER ${reference(object.facts.server)}${optionsClause(object)}`;
  const head = `CREATE FOREIGN TABLE ${reference(object.name)}`;
  if (partition !== undefined) {
    return `${head} PARTITION OF ${reference(partition.parent)} ${partition.bound} ${server}`;
  }
  const inherits = parents.length === 0 ? "" : ` INHERITS (${parents.map(reference).join(", ")})`;
  return `${head} ${columns.length === 0 ? "()" : block(columns)}${inherits} ${server}`;
}

function isFromParent(column: Column): boolean {
  return isInherited(column) && column.facts.local !== true;
}

/** INHERIT and NO INHERIT, ATTACH and DETACH PARTITION. */
function parentChanges(
  before: ObjectOf<"foreign table">,
  after: ObjectOf<"foreign table">,
): readonly PlannedStatement[] {
  const name = reference(after.name);
  const had = before.facts.partition_of;
  const has = after.facts.partition_of;
  const [old, now] = [before.facts.inherits ?? [], after.facts.inherits ?? []];
  const moved = JSON.stringify(had) !== JSON.stringify(has);
  return [
    ...moved && had !== undefined
      ? [
        planned(
          after,
          `ALTER TABLE ${reference(had.parent)} DETACH PARTITION ${name}`,
          attributeSet(after, "parents"),
        ),
      ]
      : [],
    ...old.filter((parent) => !now.includes(parent)).map((parent) =>
      planned(
        after,
        `ALTER FOREIGN TABLE ${name} NO INHERIT ${reference(parent)}`,
        attributeSet(after, "parents"),
      )
    ),
    ...now.filter((parent) => !old.includes(parent)).map((parent) =>
      planned(
        after,
        `ALTER FOREIGN TABLE ${name} INHERIT ${reference(parent)}`,
        attributeSet(after, "parents"),
      )
    ),
    ...moved && has !== undefined
      ? [
        planned(
          after,
          `ALTER TABLE ${reference(has.parent)} ATTACH PARTITION ${name} ${has.bound}`,
          attributeSet(after, "parents"),
        ),
      ]
      : [],
  ];
}

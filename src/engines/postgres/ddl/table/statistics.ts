/** Extended statistics. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { KindOf, ObjectOf } from "../../objects.ts";
import { reference } from "../../quote.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { allRefs, metadata, type MetadataRefs } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";
import { attributeSet, created, dropped } from "../../../common/statement.ts";

/** `statistics` */
export const statistics: KindOf<"statistics"> = {
  kind: "statistics",
  rank: 38,
  create: (object, _, context) => [
    planned(
      object,
      `CREATE STATISTICS ${reference(object.name)} ${object.facts.definition}`,
      created(object),
    ),
    ...object.facts.target === undefined ? [] : [target(object)],
    ...metadata(null, object, refs(object), context),
  ],
  drop: (object) => [
    planned(
      object,
      `DROP STATISTICS ${reference(object.name)}`,
      dropped(object),
    ),
  ],
  alter: alterBy({ definition: "replace", target: (_before, after) => [target(after)] }, refs),
  rename: (before, after) => renameInSchema("STATISTICS", before, after),
};

function target(object: ObjectOf<"statistics">): PlannedStatement {
  return planned(
    object,
    `ALTER STATISTICS ${reference(object.name)} SET STATISTICS ${object.facts.target ?? -1}`,
    attributeSet(object, "target"),
  );
}

function refs({ name }: ObjectOf<"statistics">): MetadataRefs {
  return { ...allRefs(`STATISTICS ${reference(name)}`), grants: null };
}

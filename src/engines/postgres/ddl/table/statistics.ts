/** Extended statistics. */

import type { PlannedStatement } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { reference } from "../../quote.ts";
import { allRefs, belongings, otherFacts } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned, text } from "../clauses/statement.ts";

/** `statistics` */
export const statistics: ObjectKind = {
  kind: "statistics",
  rank: 38,
  create: (object, _, context) => [
    planned(
      object,
      `CREATE STATISTICS ${reference(object.name)} ${text(object, "definition") ?? ""}`,
      `Statistics ${object.name} are new`,
    ),
    ...object.facts.target === undefined ? [] : [target(object)],
    ...belongings(null, object, refs(object.name), context),
  ],
  drop: (object) => [
    planned(
      object,
      `DROP STATISTICS ${reference(object.name)}`,
      `Statistics ${object.name} are gone`,
    ),
  ],
  alter: ({ before, after, facts }, context) => {
    const others = otherFacts(facts);
    if (others.some((fact) => fact !== "target")) return "replace";
    const statements: PlannedStatement[] = others.length > 0 ? [target(after)] : [];
    return { statements: [...statements, ...belongings(before, after, refs(after.name), context)] };
  },
  rename: (before, after) => renameInSchema("STATISTICS", before, after),
};

function target(object: Parameters<typeof planned>[0]): PlannedStatement {
  return planned(
    object,
    `ALTER STATISTICS ${reference(object.name)} SET STATISTICS ${object.facts.target ?? -1}`,
    `Statistics ${object.name} have another target`,
  );
}

function refs(name: string) {
  return { ...allRefs(`STATISTICS ${reference(name)}`), grants: null };
}

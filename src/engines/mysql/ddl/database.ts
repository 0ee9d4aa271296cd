/** The database that holds all else: its defaults for new tables. */

import type { AlterChange } from "../../../core/change.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { attributeSet } from "../../common/statement.ts";
import type { Alteration, ObjectKind } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { literal } from "../quote.ts";
import { definition } from "./statement.ts";

/** The database, which is there whatever is planned. */
export const database: ObjectKind = {
  kind: "database",
  rank: 0,
  create: (object) => [defaults(object)],
  drop: () => [],
  alter: ({ after, facts }: AlterChange): Alteration => ({
    statements: [
      ...facts.includes("charset") || facts.includes("collation") ? [defaults(after)] : [],
      ...facts.includes("comment")
        ? [
          definition(
            `ALTER DATABASE COMMENT = ${literal(factsOf(after, "database").comment ?? "")}`,
            after,
            attributeSet(after, "comment", factsOf(after, "database").comment ?? null),
          ),
        ]
        : [],
    ],
  }),
};

function defaults(object: SchemaObject) {
  const { charset, collation } = factsOf(object, "database");
  return definition(
    `ALTER DATABASE CHARACTER SET ${charset} COLLATE ${collation}`,
    object,
    attributeSet(object, "character set", charset),
  );
}

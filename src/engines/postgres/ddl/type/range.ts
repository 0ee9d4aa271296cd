/** Range types. */

import type { KindOf } from "../../objects.ts";
import { reference } from "../../quote.ts";
import { allRefs, metadata, otherFacts } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";
import { createRange } from "./create.ts";
import { replaceType } from "./replace_type.ts";

/** CREATE TYPE ... AS RANGE; what differs takes a new type. A canonical function is made between the shell and the type. */
export const range: KindOf<"range"> = {
  kind: "range",
  rank: 12,
  asksRename: true,
  slots: (object) => [`type ${object.name}`],
  create: createRange,
  drop: (object, context) => [
    planned(
      object,
      `DROP TYPE ${reference(object.name)}${
        context.members(context.from, object.id).length === 0 ? "" : " CASCADE"
      }`,
      `Type ${object.name} is gone`,
    ),
  ],
  alter: ({ before, after, facts }, context) => {
    if (otherFacts(facts).length === 0) {
      return {
        statements: metadata(
          before,
          after,
          allRefs(`TYPE ${reference(after.name)}`),
          context,
        ),
      };
    }
    return replaceType(before, context, {
      create: createRange(after, context.members(context.to, after.id), context),
      why: `Postgres cannot change range type ${before.name}`,
    });
  },
  rename: (before, after) => renameInSchema("TYPE", before, after),
};

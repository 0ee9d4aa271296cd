/** Extensions. */

import { lastName } from "../../names.ts";
import type { KindOf, ObjectOf } from "../../objects.ts";
import { ident } from "../../quote.ts";
import { commentStatements } from "../clauses/comment.ts";
import { planned } from "../clauses/statement.ts";

/** `extension`; its version is the server's affair. */
export const extensions: KindOf<"extension"> = {
  kind: "extension",
  rank: 5,
  slots: ({ name }) => [`extension ${name}`],
  create: (extension) => {
    const schema = extension.facts.schema;
    const where = schema === "public" ? "" : ` WITH SCHEMA ${ident(lastName(schema))}`;
    return [
      planned(
        extension,
        `CREATE EXTENSION ${ident(lastName(extension.name))}${where}`,
        `Extension ${extension.name} is new`,
      ),
      ...commentStatements(null, extension, ref(extension.name)),
    ];
  },
  drop: (extension) => [
    planned(extension, `DROP ${ref(extension.name)}`, `Extension ${extension.name} is gone`),
  ],
  alter: ({ before, after, facts }) => {
    if (facts.includes("fixed")) return "replace";
    if (facts.includes("schema") && after.facts.fixed === true) return "replace";
    return {
      statements: [
        ...facts.includes("schema")
          ? [planned(
            after,
            `ALTER ${ref(after.name)} SET SCHEMA ${ident(lastName(after.facts.schema))}`,
            `Extension ${after.name} stands in another schema`,
          )]
          : [],
        ...commentStatements(before, withStockComment(before, after), ref(after.name)),
      ],
    };
  },
};

/** An extension whose comment is no fact has the stock one again. */
function withStockComment(
  before: ObjectOf<"extension">,
  after: ObjectOf<"extension">,
): ObjectOf<"extension"> {
  const stock = before.facts.stock_comment;
  if (after.facts.comment !== undefined || stock === undefined) return after;
  return { ...after, facts: { ...after.facts, comment: stock } };
}

function ref(name: string): string {
  return `EXTENSION ${ident(lastName(name))}`;
}

/** Extensions. */

import { lastName } from "../../names.ts";
import type { KindOf, ObjectOf } from "../../objects.ts";
import { ident } from "../../quote.ts";
import { commentStatements } from "../clauses/comment.ts";
import { planned } from "../clauses/statement.ts";
import { attributeSet, created, dropped } from "../../../common/statement.ts";

/** `extension`; its version is the server's affair. */
export const extensions: KindOf<"extension"> = {
  kind: "extension",
  rank: 5,
  reservedNames: ({ name }) => [`extension ${name}`],
  create: (extension) => {
    const schema = extension.facts.schema;
    const where = schema === "public" ? "" : ` WITH SCHEMA ${ident(lastName(schema))}`;
    return [
      planned(
        extension,
        `CREATE EXTENSION ${ident(lastName(extension.name))}${where}`,
        created(extension),
      ),
      ...commentStatements(null, extension, ref(extension.name)),
    ];
  },
  drop: (extension) => [
    planned(extension, `DROP ${ref(extension.name)}`, dropped(extension)),
  ],
  move: setSchema,
  alter: ({ before, after, facts }) => {
    if (facts.includes("fixed")) return "replace";
    if (facts.includes("schema") && after.facts.fixed === true) return "replace";
    return {
      statements: [
        ...facts.includes("schema") ? setSchema(before, after) : [],
        ...commentStatements(before, withStockComment(before, after), ref(after.name)),
      ],
    };
  },
};

function setSchema(before: ObjectOf<"extension">, after: ObjectOf<"extension">) {
  if (before.facts.schema === after.facts.schema || after.facts.fixed === true) return [];
  return [planned(
    after,
    `ALTER ${ref(after.name)} SET SCHEMA ${ident(lastName(after.facts.schema))}`,
    attributeSet(after, "schema"),
  )];
}

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

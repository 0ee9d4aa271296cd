/** Extensions. */

import type { SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { lastName } from "../../names.ts";
import { ident } from "../../quote.ts";
import { commentStatements } from "../clauses/comment.ts";
import { planned, text } from "../clauses/statement.ts";

/** `extension`; its version is the server's affair. */
export const extensions: ObjectKind = {
  kind: "extension",
  rank: 5,
  slots: ({ name }) => [`extension ${name}`],
  create: (extension) => {
    const schema = text(extension, "schema");
    const where = schema === null || schema === "public"
      ? ""
      : ` WITH SCHEMA ${ident(lastName(schema))}`;
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
            `ALTER ${ref(after.name)} SET SCHEMA ${ident(lastName(text(after, "schema") ?? ""))}`,
            `Extension ${after.name} stands in another schema`,
          )]
          : [],
        ...commentStatements(before, withStockComment(before, after), ref(after.name)),
      ],
    };
  },
};

/** An extension whose comment is no fact has the stock one again. */
function withStockComment(before: SchemaObject, after: SchemaObject): SchemaObject {
  const stock = text(before, "stock_comment");
  if (text(after, "comment") !== null || stock === null) return after;
  return { ...after, facts: { ...after.facts, comment: stock } };
}

function ref(name: string): string {
  return `EXTENSION ${ident(lastName(name))}`;
}

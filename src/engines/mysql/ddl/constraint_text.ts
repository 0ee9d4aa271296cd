/** Checks and foreign keys as they stand in CREATE TABLE and behind ADD. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import { factsOf } from "../facts.ts";
import { quoteList, quotePath } from "../quote.ts";
import { nameOf } from "./member.ts";

/** `CONSTRAINT positive CHECK (price > 0)` */
export function constraintText(constraint: SchemaObject): string {
  const facts = factsOf(constraint, "constraint");
  const name = nameOf(constraint);
  if (facts.type === "check") {
    const enforced = facts.not_enforced === true ? " NOT ENFORCED" : "";
    return `CONSTRAINT ${name} CHECK (${facts.expression})${enforced}`;
  }
  const { columns, table, references, on_delete, on_update } = facts;
  return [
    `CONSTRAINT ${name} FOREIGN KEY (${quoteList(columns)}) REFERENCES ${quotePath(table)} (${
      quoteList(references)
    })`,
    ...on_delete === undefined ? [] : [`ON DELETE ${on_delete}`],
    ...on_update === undefined ? [] : [`ON UPDATE ${on_update}`],
  ].join(" ");
}

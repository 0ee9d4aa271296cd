/** Tables that are made `OF` a composite type. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { Column, PostgresObject, Table } from "../../objects.ts";
import { reference } from "../../quote.ts";
import { kindOf } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import { becomes, ceases } from "../../../common/statement.ts";

/** NOT OF: the table keeps its columns. */
export function notOf(table: Table): PlannedStatement {
  return planned(
    table,
    `ALTER TABLE ${reference(table.name)} NOT OF`,
    ceases(table, "typed"),
  );
}

/** OF: the columns must be the attributes of the type. */
export function madeOf(table: Table): PlannedStatement {
  const type = table.facts.of ?? "";
  return planned(
    table,
    `ALTER TABLE ${reference(table.name)} OF ${reference(type)}`,
    becomes(table, `a table of type ${type}`),
  );
}

/** True for a column that a typed table has from its type. */
export function isAttribute(object: PostgresObject): object is Column {
  return object.kind === "column" && object.droppedWith.some((id) => kindOf(id) === "attribute");
}

/** What becomes of rows that a new key, unique constraint or unique index forbids. */

import { answerFlag } from "../../../choice_flags.ts";
import type { PlannedStatement, SchemaObject } from "../../../schema.ts";
import type { PlanContext } from "../../object_kind.ts";
import { ident } from "../quote.ts";
import { changingRows } from "./published.ts";
import { relationName, relationOf } from "./relation.ts";
import { planned, text, texts } from "./statement.ts";

/** Asks what becomes of rows that a new primary key or unique constraint forbids. */
export function duplicates(
  constraint: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const type = text(constraint, "type");
  if (type !== "unique" && type !== "primary key") return [];
  if (/WITHOUT OVERLAPS/.test(text(constraint, "definition") ?? "")) return [];
  return uniqueRows(constraint, texts(constraint, "columns"), context);
}

/** Asks what becomes of rows that are equal in columns that must differ from now on. */
export function uniqueRows(
  object: SchemaObject,
  columns: readonly string[],
  context: PlanContext,
): readonly PlannedStatement[] {
  const table = object.parent ?? "";
  if (!["keep", "alter"].includes(context.fate(table)) || !context.from.objects.has(table)) {
    return [];
  }
  if (context.from.objects.has(object.id)) return [];
  const id = `unique:${object.name}`;
  const answer = context.choose({
    id,
    kind: "data",
    question: `Rows of ${relationName(object)} may be equal in ${
      columns.join(", ")
    }, which must differ from now on: what becomes of them?`,
    evidence: { table: relationName(object), columns: [...columns] },
    options: [
      {
        id: "fail",
        label: "The server refuses when there are such rows",
        flag: answerFlag(id, "fail"),
      },
      {
        id: "delete",
        label: "Keep the first of the rows that are equal and delete the others",
        flag: answerFlag(id, "delete"),
      },
    ],
    fallback: "fail",
  });
  if (answer?.option !== "delete") return [];
  const ref = relationOf(object);
  const equal = columns.map((column) => `a.${ident(column)} = b.${ident(column)}`);
  const statement = planned(
    object,
    `DELETE FROM ${ref} a USING ${ref} b WHERE a.ctid > b.ctid AND ${equal.join(" AND ")}`,
    `Rows that are equal in ${columns.join(", ")} would be refused`,
    {
      destroys: `rows of ${relationName(object)} that are equal in ${columns.join(", ")}`,
      reversible: "structure",
    },
  );
  return changingRows("delete", object, statement, context);
}

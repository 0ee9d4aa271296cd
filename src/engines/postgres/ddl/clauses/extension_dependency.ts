/** ALTER ... DEPENDS ON EXTENSION: what is dropped when the extension is. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import { lastName } from "../../names.ts";
import { ident } from "../../quote.ts";
import { planned, texts } from "./statement.ts";

/** The fact: names of extensions. */
export const MARKS = "depends_on_extensions";

/** Statements from the marks of `before` (null: the object has none) to those of `after`; `ref` is the object as SQL: `FUNCTION f()`. */
export function extensionMarks(
  before: SchemaObject | null,
  after: SchemaObject,
  ref: string,
): readonly PlannedStatement[] {
  const had = before === null ? [] : texts(before, MARKS);
  const has = texts(after, MARKS);
  return [
    ...had.filter((name) => !has.includes(name)).map((name) =>
      planned(
        after,
        `ALTER ${ref} NO DEPENDS ON EXTENSION ${ident(lastName(name))}`,
        `${after.kind} ${after.name} stays when extension ${name} goes`,
      )
    ),
    ...has.filter((name) => !had.includes(name)).map((name) =>
      planned(
        after,
        `ALTER ${ref} DEPENDS ON EXTENSION ${ident(lastName(name))}`,
        `${after.kind} ${after.name} goes when extension ${name} does`,
      )
    ),
  ];
}

/** The object as OR REPLACE leaves it: without marks. */
export function unmarked(object: SchemaObject): SchemaObject {
  const { [MARKS]: _, ...facts } = object.facts;
  return { ...object, facts };
}

/** ALTER ... DEPENDS ON EXTENSION: what is dropped when the extension is. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { CommonFacts } from "../../catalog/common.ts";
import { lastName } from "../../names.ts";
import type { With } from "../../objects.ts";
import { ident } from "../../quote.ts";
import { planned } from "./statement.ts";
import { becomes, ceases } from "../../../common/statement.ts";

/** Statements between the extensions with which `before` (null: none) and `after` are dropped; `ref` is the object as SQL: `FUNCTION f()`. */
export function extensionDependencies(
  before: With<CommonFacts> | null,
  after: With<CommonFacts>,
  ref: string,
): readonly PlannedStatement[] {
  const had = before?.facts.depends_on_extensions ?? [];
  const has = after.facts.depends_on_extensions ?? [];
  return [
    ...had.filter((name) => !has.includes(name)).map((name) =>
      planned(
        after,
        `ALTER ${ref} NO DEPENDS ON EXTENSION ${ident(lastName(name))}`,
        ceases(after, `dependent on extension ${name}`),
      )
    ),
    ...has.filter((name) => !had.includes(name)).map((name) =>
      planned(
        after,
        `ALTER ${ref} DEPENDS ON EXTENSION ${ident(lastName(name))}`,
        becomes(after, `dependent on extension ${name}`),
      )
    ),
  ];
}

/** The object as OR REPLACE leaves it: it depends on no extension. */
export function independent<O extends With<CommonFacts>>(object: O): O {
  const { depends_on_extensions: _, ...facts } = object.facts;
  return { ...object, facts };
}

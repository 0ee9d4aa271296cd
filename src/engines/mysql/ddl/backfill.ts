/** What existing rows get where a column is to be NOT NULL. */

import { ASSUME_EMPTY } from "../../../core/choice.ts";
import { lastName } from "../../../core/name.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { askAboutRows } from "../../common/data_choice.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { itself } from "../quote.ts";
import { implicitValue, usualValue } from "./usual_value.ts";

/** How a new column that must not be NULL gets its values: none where the server's own will do, or nobody is said to need one. */
export function valueOfNew(column: SchemaObject, context: PlanContext): string | null {
  const facts = factsOf(column, "column");
  if (facts.not_null !== true || facts.default !== undefined) return null;
  if (facts.auto_increment === true || facts.generated !== undefined || facts.row !== undefined) {
    return null;
  }
  const usual = usualValue(column, context);
  const value = answered(column, {
    question: `Column ${column.name} is created NOT NULL: which value do existing rows get?`,
    usual,
    rows: "Existing rows",
    none: `There are none: of rows that are there, the server would fill in ${
      implicitValue(facts.type) ?? "a zero"
    } or refuse them`,
  }, context);
  return value === implicitValue(facts.type) ? null : value;
}

/** What rows without a value get in a column that becomes NOT NULL; null where the migration is to fail when it meets one. */
export function valueForNulls(column: SchemaObject, context: PlanContext): string | null {
  return answered(column, {
    question: `Column ${column.name} becomes NOT NULL: which value do rows without one get?`,
    usual: usualValue(column, context),
    rows: "Rows without a value",
    none:
      "There are none: the migration fails when a row has no value (without strict mode the server makes it zero)",
  }, context);
}

/** Assignments by which columns with ON UPDATE keep their times while another one is written. */
export function keptTimes(
  written: SchemaObject,
  there: readonly SchemaObject[],
): readonly string[] {
  const stamped = there.filter((one) => factsOf(one, "column").on_update !== undefined);
  const names = stamped.map(({ name }) => lastName(name));
  return itself(names.filter((name) => name !== lastName(written.name)));
}

/** The expression of the answer; null for none. */
function answered(
  column: SchemaObject,
  { question, usual, rows, none }: {
    readonly question: string;
    readonly usual: string | null;
    readonly rows: string;
    readonly none: string;
  },
  context: PlanContext,
): string | null {
  const { type, default: standard } = factsOf(column, "column");
  const hasDefault = usual !== null && usual === standard;
  const answer = askAboutRows({
    id: `fill:${column.name}`,
    question,
    evidence: { column: column.name, type, default: standard ?? null },
    options: [
      ...usual === null ? [] : [{ id: "default", label: `${rows} get ${usual}` }],
      {
        id: "expression",
        label: `${rows} get the value of an expression over the old row`,
        takesExpression: true,
        ...usual === null ? {} : { sample: usual },
      },
      { id: ASSUME_EMPTY, label: none },
    ],
    fallback: hasDefault || (usual !== null && context.hints.isDown === true) ? "default" : null,
    ifEmpty: ASSUME_EMPTY,
  }, context);
  if (answer?.option === "expression") return answer.expression ?? null;
  return answer?.option === "default" ? usual : null;
}

/** What becomes of the values of a column that gets another type or character set. */

import { ASSUME_EMPTY } from "../../../core/choice.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { askConversion } from "../../common/data_choice.ts";
import type { StatementFacts } from "../../common/statement.ts";
import type { PlanContext } from "../../object_kind.ts";
import { type ColumnFacts, factsOf } from "../facts.ts";
import { fitOf } from "./fit.ts";
import { isGenerated } from "./member.ts";

/** How the values get over. */
export interface Conversion {
  /** An expression over the old row; null where the server converts them by itself. */
  readonly expression: string | null;
  readonly facts: StatementFacts;
}

const AS_IS: Conversion = { expression: null, facts: {} };

/** Asks where values may be in the way; says what is lost, and what the way back cannot hold. */
export function conversionOf(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): Conversion {
  if (isGenerated(before) || isGenerated(after)) return AS_IS;
  const [had, has] = [factsOf(before, "column"), factsOf(after, "column")];
  if (had.type === has.type && had.charset === has.charset) return AS_IS;
  const fit = fitOf(had, has);
  const isOther = had.charset !== undefined && has.charset !== undefined &&
    had.charset !== has.charset;
  const inWords = ({ type, charset }: ColumnFacts) => isOther ? `${type} of ${charset}` : type;
  const back = fitOf(has, had) === "exact"
    ? {}
    : { failsOn: `values of ${after.name} that ${inWords(had)} cannot hold` };
  if (fit === "exact") return { expression: null, facts: back };
  const lost = `the part of ${after.name} that ${inWords(has)} cannot hold`;
  const answer = askConversion({
    column: after,
    from: inWords(had),
    to: inWords(has),
    mayFail: fit === "refuses",
    usual: fit === "refuses"
      ? {
        id: ASSUME_EMPTY,
        label:
          "All of them fit: the migration fails when one does not (without strict mode the server cuts it)",
      }
      : { id: "cast", label: "The server rounds or cuts what does not fit" },
  }, context);
  const expression = answer?.option === "expression" ? answer.expression ?? null : null;
  const loss = fit === "loses" || expression !== null
    ? { destroys: lost, reversible: "structure" as const }
    : {};
  return { expression, facts: { ...back, ...loss } };
}

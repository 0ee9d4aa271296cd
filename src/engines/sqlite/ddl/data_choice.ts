/** Questions about rows, in one form. */

import { answerFlag } from "../../../choice_flags.ts";
import type { Choice, ChoiceOption, Facts } from "../../../schema.ts";

/** A question about rows with its ways to go; the flags follow from the ids. */
export function dataChoice(input: {
  readonly id: string;
  readonly question: string;
  readonly evidence: Facts;
  readonly options: readonly Omit<ChoiceOption, "flag">[];
  readonly fallback: string;
}): Omit<Choice, "answer"> {
  const { id, options } = input;
  return {
    ...input,
    kind: "data",
    options: options.map((option) => {
      const expression = option.takesExpression === true ? "EXPRESSION" : undefined;
      return { ...option, flag: answerFlag(id, option.id, expression) };
    }),
  };
}

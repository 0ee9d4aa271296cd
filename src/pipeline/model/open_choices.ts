/** Which choices of a plan a model is asked about. */

import type { Choice } from "../../core/choice.ts";
import type { Planned } from "../plan/plan_draft.ts";

/** Choices that nobody has answered. */
export function openChoices({ choices }: Planned): readonly Choice[] {
  return choices.filter(({ answer }) => answer === null);
}

/** Whether the open choices have options to decide between; else there is SQL to be written. */
export function canDecide(open: readonly Choice[]): boolean {
  return open.every(({ options }) => options.length > 0);
}

/** Choices about data that nobody but a model or nobody at all answered: what may be wrong with a draft that was refuted. */
export function doubtfulChoices({ choices }: Planned): readonly Choice[] {
  return choices.filter(({ answer, kind, options }) =>
    kind === "data" && options.some(({ takesExpression }) => takesExpression) &&
    (answer?.by === "fallback" || answer?.by === "model")
  );
}

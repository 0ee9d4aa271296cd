/** The choices met while planning, each with the answer in force. */

import type { Answer, Choice } from "../../core/choice.ts";
import type { Hints } from "../../core/plan.ts";

/** Collects choices and settles them from the hints. */
export class Choices {
  readonly #hints: Hints;
  readonly #met = new Map<string, Choice>();

  constructor(hints: Hints) {
    this.#hints = hints;
  }

  /** Records a choice and gives its answer: a stated one, else what holds for all of its kind, else the fallback, else null. */
  choose(choice: Omit<Choice, "answer">): Answer | null {
    const answer = this.#answer(choice);
    this.#met.set(choice.id, { ...choice, answer });
    return answer;
  }

  /** All choices met so far, by id. */
  list(): readonly Choice[] {
    return [...this.#met.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  #answer(choice: Omit<Choice, "answer">): Answer | null {
    const stated = this.#hints.answers.get(choice.id);
    if (stated !== undefined && choice.options.some((option) => option.id === stated.option)) {
      return stated;
    }
    if (choice.kind === "rename" && this.#hints.dropAdd) {
      return { option: DROP, by: "policy" };
    }
    const { isDown, assumeEmpty } = this.#hints;
    if (choice.ifEmpty !== undefined && choice.fallback === null) {
      if (isDown === true) return { option: choice.ifEmpty, by: "fallback" };
      if (assumeEmpty !== undefined) return { option: choice.ifEmpty, by: assumeEmpty };
    }
    return choice.fallback === null ? null : { option: choice.fallback, by: "fallback" };
  }
}

/** The option of a rename choice that says: not renamed. */
export const DROP = "drop";

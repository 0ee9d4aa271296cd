/** Stated answers by the choices that were met: short ids written out, spellings settled, and what answers nothing refused. */

import { type Answer, ASSUME_EMPTY, type Choice } from "../../core/choice.ts";
import { UsageError } from "../../core/error.ts";
import { goesBy } from "../../core/name.ts";
import { didYouMean } from "../../text/nearest.ts";

/** Answers as they were stated, and what they may answer. */
export interface StatedAnswers {
  readonly answers: ReadonlyMap<string, Answer>;
  readonly choices: readonly Choice[];
  /** The key by which a name is compared. */
  nameKey(name: string): string;
}

/**
 * The answers by the whole ids of their choices; one that fits no choice stays as it is, for a later round may bring it up.
 * `users.timezone` and `fill:users.timezone` stand for `fill:public.users.timezone` while no other choice fits. Throws UsageError
 * for an id that fits several choices, and for two answers to one.
 */
export function fullAnswers(stated: StatedAnswers): ReadonlyMap<string, Answer> {
  const full = new Map<string, Answer>();
  for (const [id, answer] of stated.answers) {
    const choice = choiceFor(id, answer, stated);
    const key = choice?.id ?? id;
    const given = choice === null ? answer : spelled(answer, choice);
    const other = full.get(key);
    if (other === undefined || (rank(other) < rank(given))) full.set(key, given);
    else if (rank(other) === rank(given) && !isSame(other, given)) {
      throw new UsageError(`Cannot answer ${key} twice: ${shown(other)} and ${shown(given)}`, {
        code: "answer",
        hint: "give one answer",
      });
    }
  }
  return full;
}

/** Refuses an answer by flag that answers nothing, an option that a choice does not have, and an expression that is missing or too much. */
export function checkAnswers(
  { answers, choices }: Pick<StatedAnswers, "answers" | "choices">,
  { areOpen, isMoot }: {
    /** While choices are open, others may still come. */
    readonly areOpen: boolean;
    /** True for an answer that what else was stated has left without its question. */
    isMoot(id: string, option: string): boolean;
  },
): void {
  for (const [id, answer] of answers) {
    const { option, by } = answer;
    const isStated = by === "flag" || by === "settings";
    if (!isStated || isMoot(id, option)) continue;
    const choice = choices.find((met) => met.id === id);
    if (choice !== undefined) {
      checkOption(answer, choice);
      continue;
    }
    const near = didYouMean(id, choices.map((met) => met.id));
    if (by === "settings" || (areOpen && near === undefined)) continue;
    throw new UsageError(`Cannot answer ${id}: there is no such choice`, {
      code: "answer",
      hint: near ?? "run without --answer to see the choices",
    });
  }
}

function checkOption({ option, expression }: Answer, { id, options }: Choice): void {
  const known = options.find((other) => other.id === option);
  if (known === undefined) {
    throw new UsageError(`Cannot answer ${id} with "${option}"`, {
      code: "answer",
      hint: options.length === 0
        ? "it has no options: write the migration by hand, or let a model write it"
        : `the options are ${options.map((other) => other.id).join(", ")}`,
    });
  }
  const takes = known.takesExpression === true;
  if (takes === (expression !== undefined && expression.trim() !== "")) return;
  throw new UsageError(
    `Cannot answer ${id} with "${option}" ${takes ? "without" : "and"} an expression`,
    {
      code: "answer",
      hint: takes
        ? `write it behind another equals sign: ${option}=${known.sample ?? "EXPRESSION"}`
        : `write ${option} alone`,
    },
  );
}

/** The choice that an id means, or null for none. A flag of an option that only some of them have means one of those. */
function choiceFor(
  id: string,
  { option, by }: Answer,
  { choices, nameKey }: StatedAnswers,
): Choice | null {
  if (by !== "flag" && by !== "settings") return choices.find((met) => met.id === id) ?? null;
  const exact = choices.find((met) => met.id === id);
  if (exact !== undefined) return exact;
  const fitting = choices.filter((met) => fits(met.id, id, nameKey));
  const able = fitting.filter((met) =>
    met.options.some((known) => known.id === spelled({ option, by }, met).option)
  );
  const [only, ...others] = fitting.length > 1 && able.length > 0 ? able : fitting;
  if (only === undefined) return null;
  if (others.length === 0) return only;
  throw new UsageError(`Cannot answer ${id}: several choices go by that`, {
    code: "answer",
    hint: `write one of ${[only, ...others].map((met) => met.id).join(", ")}`,
  });
}

/** True where an id leaves out the kind or leading parts of the name, or both. */
function fits(full: string, short: string, nameKey: (name: string) => string): boolean {
  const kinds = /^(?:[a-z][a-z ]*:)*/.exec(full)?.[0] ?? "";
  const name = full.slice(kinds.length);
  const heads = kinds.split(":").slice(0, -1);
  const prefixes = new Set([
    ...heads.map((_, at) => `${heads.slice(at).join(":")}:`),
    ...heads.slice(0, 1).map((head) => `${head}:`),
    "",
  ]);
  return [...prefixes].some((prefix) => {
    if (!short.startsWith(prefix)) return false;
    const rest = short.slice(prefix.length);
    return rest !== "" && (goesBy(name, rest) || goesBy(nameKey(name), nameKey(rest)));
  });
}

/** `assume-empty`, and `fail` as it was called, mean an option of every choice about rows. */
function spelled(answer: Answer, { ifEmpty, options }: Choice): Answer {
  if (ifEmpty === undefined || options.some(({ id }) => id === answer.option)) return answer;
  return answer.option === ASSUME_EMPTY || answer.option === "fail"
    ? { ...answer, option: ifEmpty }
    : answer;
}

/** A flag goes over the settings. */
function rank({ by }: Answer): number {
  return by === "settings" ? 0 : 1;
}

function isSame(one: Answer, other: Answer): boolean {
  return one.option === other.option && one.expression === other.expression;
}

function shown({ option, expression }: Answer): string {
  return expression === undefined ? `"${option}"` : `"${option}=${expression}"`;
}

/** Stated answers by the choices that were met: short ids written out, spellings settled, and what answers nothing refused. */

import { type Answer, ASSUME_EMPTY, type Choice, type ChoiceOption } from "../../core/choice.ts";
import { UsageError } from "../../core/error.ts";
import { goesBy, joinName, splitName } from "../../core/name.ts";
import { expressionFault } from "../../sql/expression_fault.ts";
import type { Lexicon } from "../../sql/lexicon.ts";
import { nearest } from "../../text/nearest.ts";

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

/**
 * Refuses an answer by flag that answers nothing, an option that a choice does not have, and an expression that is missing or too
 * much. Gives the ids that answer nothing yet: while a rename is open, others may still come.
 */
export function checkAnswers(
  { answers, choices }: Pick<StatedAnswers, "answers" | "choices">,
  { isMoot, lexicon }: {
    readonly lexicon: Lexicon;
    /** True for an answer that what else was stated has left without its question. */
    isMoot(id: string, option: string): boolean;
  },
): readonly string[] {
  const mayCome = choices.some(({ kind, answer }) => kind === "rename" && answer === null);
  const unmet: string[] = [];
  for (const [id, answer] of answers) {
    const { option, by } = answer;
    const isStated = by === "flag" || by === "settings";
    if (!isStated || isMoot(id, option)) continue;
    const choice = choices.find((met) => met.id === id);
    if (choice !== undefined) {
      checkOption(answer, choice, lexicon);
      continue;
    }
    if (by === "settings") continue;
    const near = nearId(id, choices);
    if (mayCome && near === null) {
      unmet.push(id);
      continue;
    }
    throw new UsageError(`Cannot answer ${id}: there is no such choice`, {
      code: "answer",
      hint: near !== null
        ? `did you mean "${near}"?`
        : choices.length === 0
        ? "this change has no choices: leave --answer away"
        : `the choices are ${listed(choices.map(({ id, shortId }) => shortId ?? id))}`,
    });
  }
  return unmet;
}

/** The choice that a mistyped id most likely means, however much of its id was left out. */
function nearId(id: string, choices: readonly Choice[]): string | null {
  const forms = new Map<string, string>();
  for (const { id: full, shortId = full } of choices) {
    const { kinds, name } = nameIn(full);
    const parts = splitName(name);
    const ends = [name, ...parts.map((_, at) => joinName(...parts.slice(at)))];
    for (const prefix of prefixesOf(kinds)) {
      for (const end of ends) forms.set(prefix + end, shortId);
    }
  }
  return forms.get(nearest(id, forms.keys()) ?? "") ?? null;
}

/** Some of many, and how many more there are. */
function listed(ids: readonly string[]): string {
  const more = ids.length - MOST_LISTED;
  return ids.slice(0, MOST_LISTED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

const MOST_LISTED = 8;

/** What short ids and flags are looked for in. */
export interface ShortNames extends Pick<StatedAnswers, "nameKey"> {
  isSchema(name: string): boolean;
  /** True where not more than one object goes by the name. */
  isUnique(name: string): boolean;
}

/** The choices with their short ids and renames: without the schema, where nothing else goes by that. */
export function withShortIds(
  choices: readonly Choice[],
  { isSchema, isUnique, nameKey }: ShortNames,
): readonly Choice[] {
  const shortRename = (rename: NonNullable<ChoiceOption["rename"]>) => {
    const [schema = "", ...rest] = splitName(rename.from);
    const from = joinName(...rest);
    const isLeft = rest.length > 0 && isSchema(schema) && joinName(schema, ...rest) === rename.from;
    return isLeft && isUnique(from) ? { ...rename, from } : rename;
  };
  const shorter = choices.map((choice) => ({
    ...choice,
    options: choice.options.map((option) =>
      option.rename === undefined ? option : { ...option, rename: shortRename(option.rename) }
    ),
  }));
  return shorter.map((choice) => {
    const { kinds, name } = nameIn(choice.id);
    const [schema = "", ...rest] = splitName(name);
    if (rest.length === 0 || !isSchema(schema) || joinName(schema, ...rest) !== name) return choice;
    const shortId = kinds + joinName(...rest);
    const others = choices.filter(({ id }) => id !== choice.id && fits(id, shortId, nameKey));
    return others.length > 0 || shortId === choice.id ? choice : { ...choice, shortId };
  });
}

/** An id in its two parts: `data:enum value:` and `public.mood.ok`. */
function nameIn(id: string): { readonly kinds: string; readonly name: string } {
  const kinds = /^(?:[a-z][a-z ]*:)*/.exec(id)?.[0] ?? "";
  return { kinds, name: id.slice(kinds.length) };
}

function checkOption(
  { option, expression }: Answer,
  { id, options }: Choice,
  lexicon: Lexicon,
): void {
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
  if (takes === (expression !== undefined && expression.trim() !== "")) {
    const fault = expression === undefined ? null : expressionFault(expression, lexicon);
    if (fault === null) return;
    throw new UsageError(`Cannot answer ${id} with the expression "${expression}": ${fault}`, {
      code: "answer",
      hint: `one SQL expression is wanted${
        known.sample === undefined ? "" : `, such as ${known.sample}`
      }`,
    });
  }
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
  const { kinds, name } = nameIn(full);
  return prefixesOf(kinds).some((prefix) => {
    if (!short.startsWith(prefix)) return false;
    const rest = short.slice(prefix.length);
    return rest !== "" && (goesBy(name, rest) || goesBy(nameKey(name), nameKey(rest)));
  });
}

/** What may stand for `data:enum value:`: itself, its parts, nothing. */
function prefixesOf(kinds: string): readonly string[] {
  const heads = kinds.split(":").slice(0, -1);
  return [
    ...heads.map((_, at) => `${heads.slice(at).join(":")}:`),
    ...heads.slice(0, 1).map((head) => `${head}:`),
    "",
  ];
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

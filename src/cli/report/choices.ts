/** The open choices of a plan: the question, what speaks for and against, and the flag of each answer. */

import { type Choice, isAssumption } from "../../core/choice.ts";
import type { Json } from "../../core/snapshot.ts";
import { factText } from "./fact_text.ts";
import { optionFlag } from "../choice_flags.ts";
import { hanging } from "../help.ts";
import type { Paint } from "../paint.ts";

/** All choices without an answer, each with its flags. */
export function renderOpenChoices(
  choices: readonly Choice[],
  paint: Paint,
  width = Infinity,
): string {
  return choices.filter((choice) => choice.answer === null)
    .map((choice) => renderChoice(choice, paint, width)).join("\n");
}

/**
 * The choices that were settled, but for assumptions, which stand above the SQL: the question, what was decided and by whom; where one was assumed, also what else could be. With
 * `explain` also why a model decided so.
 */
export function renderSettledChoices(
  choices: readonly Choice[],
  paint: Paint,
  explain: boolean,
  width = Infinity,
): string {
  const at = (first: number, text: string) => hanging(text, { first, indent: 11, width });
  const lines = choices.flatMap((choice) => {
    const { question, options, answer } = choice;
    if (answer === null || isAssumption(choice)) return [];
    const { option, expression, reason, by } = answer;
    const label = options.find(({ id }) => id === option)?.label ?? option;
    const value = expression === undefined ? "" : `: ${expression}`;
    const others = by === "fallback" ? options.filter(({ id }) => id !== option) : [];
    return [
      `  ${paint.green("decided")}  ${at(11, question)}`,
      `           ${at(11, `${label}${value} (${SETTLED_BY[by]})`)}`,
      ...(explain && reason !== undefined
        ? [`           ${paint.dim(at(11, `because: ${reason}`))}`]
        : []),
      ...others.flatMap((other) => [
        `           ${paint.dim(`or ${at(14, other.label)}`)}`,
        `               ${paint.cyan(optionFlag(choice, other))}`,
      ]),
    ];
  });
  return lines.length === 0 ? "" : ["", ...lines, ""].join("\n");
}

/** What a migration takes for granted, as comments above its SQL: that no row is in the way. Empty where nothing was answered so. */
export function renderAssumptions(choices: readonly Choice[], paint: Paint): string {
  return choices.flatMap((choice) => {
    const { id, shortId = id, options, answer } = choice;
    if (answer === null || !isAssumption(choice)) return [];
    const label = options.find((option) => option.id === answer.option)?.label ?? "";
    const text = `-- assumed for ${shortId}: ${label} (${SETTLED_BY[answer.by]})`;
    return [`${paint.yellow(text.replaceAll(/\s+/g, " "))}\n`];
  }).join("");
}

const SETTLED_BY: Readonly<Record<NonNullable<Choice["answer"]>["by"], string>> = {
  flag: "by flag",
  settings: "by aim.toml",
  annotation: "by annotation",
  person: "by you",
  model: "by the model",
  policy: "by --on-ambiguity",
  fallback: "assumed",
};

function renderChoice(choice: Choice, paint: Paint, width: number): string {
  return [
    `${paint.yellow("choice:")} ${
      paint.bold(hanging(choice.question, { first: 8, indent: 2, width }))
    }`,
    ...evidenceLines(choice).map((line) => `  ${paint.dim(line)}`),
    ...choice.options.flatMap((option) => [
      `  ${hanging(option.label, { first: 2, width })}`,
      `      ${paint.cyan(optionFlag(choice, option))}`,
    ]),
  ].map((line) => `${line}\n`).join("");
}

/** What the question does not say already. */
function evidenceLines({ evidence, question }: Choice): readonly string[] {
  return Object.entries(evidence).flatMap(([key, value]) => {
    const values = Array.isArray(value) ? value : [value];
    return values.flatMap((item) => {
      const text = inWords(item);
      return text === "" || question.includes(text) ? [] : [`${key}: ${text}`];
    });
  });
}

/** An object by its name and type and how much hangs on it; what the planner counts with does not show. */
function inWords(value: Json): string {
  if (typeof value !== "object" || value === null || !("name" in value)) return factText(value);
  const { name = null, type = null, usedBy = null } = value;
  const uses = usedBy === null || usedBy === 0 ? "" : `, used by ${factText(usedBy)}`;
  return `${[name, type].map(factText).filter((text) => text !== "").join(" ")}${uses}`;
}

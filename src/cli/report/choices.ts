/** The open choices of a plan: the question, what speaks for and against, and the flag of each answer. */

import type { Choice } from "../../core/choice.ts";
import type { Facts, Json } from "../../core/snapshot.ts";
import { optionFlag } from "../choice_flags.ts";
import type { Paint } from "../paint.ts";

/** All choices without an answer, each with its flags. */
export function renderOpenChoices(choices: readonly Choice[], paint: Paint): string {
  return choices.filter((choice) => choice.answer === null)
    .map((choice) => renderChoice(choice, paint)).join("\n");
}

/**
 * The choices that were settled: the question, what was decided and by whom; where one was assumed, also what else could be. With
 * `explain` also why a model decided so.
 */
export function renderSettledChoices(
  choices: readonly Choice[],
  paint: Paint,
  explain: boolean,
): string {
  const lines = choices.flatMap((choice) => {
    const { question, options, answer } = choice;
    if (answer === null) return [];
    const { option, expression, reason, by } = answer;
    const label = options.find(({ id }) => id === option)?.label ?? option;
    const value = expression === undefined ? "" : `: ${expression}`;
    const others = by === "fallback" ? options.filter(({ id }) => id !== option) : [];
    return [
      `  ${paint.green("decided")}  ${question}`,
      `           ${label}${value} ${paint.dim(`(${SETTLED_BY[by]})`)}`,
      ...(explain && reason !== undefined ? [`           ${paint.dim(`because: ${reason}`)}`] : []),
      ...others.map((other) =>
        `           ${paint.dim("or")} ${paint.cyan(optionFlag(choice, other))}  ${
          paint.dim(other.label)
        }`
      ),
    ];
  });
  return lines.length === 0 ? "" : ["", ...lines, ""].join("\n");
}

const SETTLED_BY: Readonly<Record<NonNullable<Choice["answer"]>["by"], string>> = {
  flag: "by flag",
  annotation: "by annotation",
  person: "by you",
  model: "by the model",
  policy: "by --on-ambiguity",
  fallback: "assumed",
};

function renderChoice(choice: Choice, paint: Paint): string {
  return [
    `${paint.yellow("choice:")} ${paint.bold(choice.question)}`,
    ...evidenceLines(choice.evidence).map((line) => `  ${paint.dim(line)}`),
    ...choice.options.flatMap((option) => [
      `  ${option.label}`,
      `      ${paint.cyan(optionFlag(choice, option))}`,
    ]),
  ].map((line) => `${line}\n`).join("");
}

function evidenceLines(evidence: Facts): readonly string[] {
  return Object.entries(evidence).flatMap(([key, value]) =>
    Array.isArray(value)
      ? value.map((item) => `${key}: ${inWords(item)}`)
      : [`${key}: ${inWords(value)}`]
  );
}

function inWords(value: Json): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return value.map(inWords).join(", ");
  return Object.entries(value).map(([key, inner]) => `${key} ${inWords(inner)}`).join(", ");
}

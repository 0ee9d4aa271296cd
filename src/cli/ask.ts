/** Questions to a person. They go to stderr, so that stdout stays clean. */

import process from "node:process";
import { EXIT } from "../errors.ts";
import type { Answer, Choice } from "../schema.ts";

/** The kinds of question. Each rejects with `Interrupted` when the person gives up. */
export interface Prompts {
  text(question: string, options: { initial: string; empty?: string }): Promise<string>;
  /** A text that is not shown while it is typed. */
  secret(question: string): Promise<string>;
  confirm(question: string, initial: boolean): Promise<boolean>;
  select<T extends string>(question: string, options: readonly Option<T>[]): Promise<T>;
}

/** One line of a selection; the first is the default. */
export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** Asks the open choices of a plan; gives the answers by choice id. */
export type AskChoices = (choices: readonly Choice[]) => Promise<ReadonlyMap<string, Answer>>;

/** The person pressed Ctrl-C or Escape at a question, or a signal ended the run. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode: number;

  /** `exitCode` says which signal it was, as shells have it: 128 and its number. */
  constructor(message: string, exitCode: number = EXIT.interrupted) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Prompts on the terminal. `pause` stops what draws there, `resume` lets it go on. */
export function terminalPrompts(screen: { pause(): void; resume(): void }): Prompts {
  const ask = async <T>(run: (clack: Clack) => Promise<T | symbol>): Promise<T> => {
    const clack = await import("@clack/prompts");
    screen.pause();
    const answer = await run(clack).finally(() => screen.resume());
    if (typeof answer === "symbol") throw new Interrupted("Interrupted at a question");
    return answer;
  };
  return {
    text: (message, { initial, empty }) =>
      ask<string>((clack) =>
        clack.text({
          message,
          initialValue: initial,
          output: process.stderr,
          validate: (value) => empty !== undefined && !value?.trim() ? empty : undefined,
        })
      ),
    secret: (message) =>
      ask<string>((clack) => clack.password({ message, output: process.stderr })),
    confirm: (message, initialValue) =>
      ask<boolean>((clack) => clack.confirm({ message, initialValue, output: process.stderr })),
    select: async (message, options) => {
      const value = await ask<string>((clack) =>
        clack.select<string>({
          message,
          options: options.map((option) => ({ ...option })),
          output: process.stderr,
        })
      );
      const chosen = options.find((option) => option.value === value);
      if (chosen === undefined) throw new Interrupted("Interrupted at a question");
      return chosen.value;
    },
  };
}

type Clack = typeof import("@clack/prompts");

/** Asks each open choice: a selection of its options, then the expression where one is needed. What is left to `others` stays open. */
export function choiceAsker(prompts: Prompts, others: string | null): AskChoices {
  return async (choices) => {
    const answers = new Map<string, Answer>();
    for (const choice of choices) {
      const answer = await askChoice(choice, prompts, others);
      if (answer !== null) answers.set(choice.id, answer);
    }
    return answers;
  };
}

async function askChoice(
  choice: Choice,
  prompts: Prompts,
  others: string | null,
): Promise<Answer | null> {
  const option = await prompts.select(choice.question, [
    ...choice.options.map(({ id, label }) => ({ value: id, label })),
    ...(others === null ? [] : [{ value: "", label: `Leave it to ${others}` }]),
  ]);
  if (option === "") return null;
  const takes = choice.options.some(({ id, takesExpression }) => id === option && takesExpression);
  if (!takes) return { option, by: "person" };
  const text = await prompts.text("SQL expression", { initial: "", empty: "Write an expression" });
  return { option, by: "person", expression: text };
}

/** Questions to the user. They go to stderr, so that stdout stays clean. */

import process from "node:process";
import { EXIT } from "../core/error.ts";
import type { Answer, Choice } from "../core/choice.ts";
import { expressionFault } from "../sql/expression_fault.ts";
import type { Lexicon } from "../sql/lexicon.ts";

/** The kinds of question. Each rejects with `Interrupted` when the user gives up. */
export interface Prompts {
  /** `fault` says what is wrong with a text that is not taken; null for a good one. */
  text(
    question: string,
    options: { initial: string; empty?: string; fault?: (text: string) => string | null },
  ): Promise<string>;
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

/** The user pressed Ctrl-C or Escape at a question, or a signal ended the run. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode: number;

  /** `exitCode` says which signal it was, as shells have it: 128 and its number. */
  constructor(message: string, exitCode: number = EXIT.interrupted) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Prompts on the terminal. `pause` stops what draws there, `resume` lets it go on; `clean` makes text fit to be shown; the
 * signal ends a question.
 */
export function terminalPrompts(
  screen: { pause(): void; resume(): void },
  { clean, signal }: { clean(text: string): string; readonly signal: AbortSignal },
): Prompts {
  const ask = async <T>(run: (clack: Clack, common: Common) => Promise<T | symbol>): Promise<T> => {
    const clack = await import("@clack/prompts");
    signal.throwIfAborted();
    using closed = endOfInput();
    screen.pause();
    const common = {
      output: sized(process.stderr),
      signal: AbortSignal.any([signal, closed.signal]),
    };
    const answer = await run(clack, common).finally(() => screen.resume());
    if (typeof answer === "symbol") throw new Interrupted("Interrupted at a question");
    return answer;
  };
  return {
    text: (message, { initial, empty, fault }) =>
      ask<string>((clack, common) =>
        clack.text({
          ...common,
          message: clean(message),
          initialValue: clean(initial) === initial ? initial : "",
          validate: (value) =>
            empty !== undefined && !value?.trim() ? empty : fault?.(value ?? "") ?? undefined,
        })
      ),
    secret: (message) =>
      ask<string>((clack, common) => clack.password({ ...common, message: clean(message) })),
    confirm: (message, initialValue) =>
      ask<boolean>((clack, common) =>
        clack.confirm({ ...common, message: clean(message), initialValue })
      ),
    select: async (message, options) => {
      const value = await ask<string>((clack, common) =>
        clack.select<string>({
          ...common,
          message: clean(message),
          options: options.map(({ value, label, hint }) => ({
            value,
            label: clean(label),
            ...(hint === undefined ? {} : { hint: clean(hint) }),
          })),
        })
      );
      const chosen = options.find((option) => option.value === value);
      if (chosen === undefined) throw new Interrupted("Interrupted at a question");
      return chosen.value;
    },
  };
}

interface Common {
  readonly output: typeof process.stderr;
  readonly signal: AbortSignal;
}

/** A terminal that tells no width, as in some containers, counts as 80 columns wide; else each letter takes a line. */
function sized(stream: typeof process.stderr): typeof process.stderr {
  if (stream.columns === 0) Object.defineProperty(stream, "columns", { value: 80 });
  return stream;
}

/** Aborts at Ctrl-D and when the terminal is gone: nobody can answer any more, and readline would wait for ever. */
function endOfInput(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const end = () => controller.abort();
  const key = (_text: unknown, pressed?: { readonly ctrl?: boolean; readonly name?: string }) => {
    if (pressed?.ctrl === true && pressed.name === "d") end();
  };
  const { stdin } = process;
  const gone = () => {
    // Some hosts throw when the mode of a terminal is set that is not there any more.
    stdin.setRawMode = () => stdin;
    end();
  };
  stdin.on("keypress", key);
  for (const event of ["end", "close", "error"]) stdin.on(event, gone);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      stdin.off("keypress", key);
      for (const event of ["end", "close", "error"]) stdin.off(event, gone);
    },
  };
}

type Clack = typeof import("@clack/prompts");

/** Asks each open choice: a selection of its options, then the expression where one is needed. What is left to `others` stays open. */
export function choiceAsker(
  prompts: Prompts,
  others: string | null,
  lexicon: Lexicon,
): AskChoices {
  return async (choices) => {
    const answers = new Map<string, Answer>();
    for (const choice of choices) {
      const answer = await askChoice(choice, prompts, { others, lexicon });
      if (answer !== null) answers.set(choice.id, answer);
    }
    return answers;
  };
}

async function askChoice(
  choice: Choice,
  prompts: Prompts,
  { others, lexicon }: { readonly others: string | null; readonly lexicon: Lexicon },
): Promise<Answer | null> {
  const option = await prompts.select(choice.question, [
    ...choice.options.map(({ id, label }) => ({ value: id, label })),
    ...(others === null ? [] : [{ value: "", label: `Leave it to ${others}` }]),
  ]);
  if (option === "") return null;
  const chosen = choice.options.find(({ id }) => id === option);
  if (chosen?.takesExpression !== true) return { option, by: "person" };
  const initial = chosen.sample === undefined || chosen.sample === "EXPRESSION"
    ? ""
    : chosen.sample;
  const text = await prompts.text("SQL expression", {
    initial,
    empty: "Write an expression",
    fault: (text) => {
      const fault = expressionFault(text, lexicon);
      return fault === null ? null : `This is no expression: ${fault}`;
    },
  });
  return { option, by: "person", expression: text };
}

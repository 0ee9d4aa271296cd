/** What the exit codes mean: for `--help`, `aim help exit-codes` and docs/exit-codes.md. */

import { EXIT } from "../core/error.ts";

/** One code. */
export interface ExitCode {
  readonly code: number;
  readonly meaning: string;
  /** When it happens, and what to do. */
  readonly more: string;
}

/** All codes, in order. */
export const EXIT_CODES: readonly ExitCode[] = [
  {
    code: EXIT.ok,
    meaning: "Done, or nothing to do",
    more: "A migration was written and is proven, the migrations are valid, or all is in sync.",
  },
  {
    code: EXIT.no,
    meaning: "The answer is no",
    more:
      "The schema differs (`aim diff --exit-code`), a migration is not proven, a choice is open, or `aim validate` found something. Nothing was written.",
  },
  {
    code: EXIT.usage,
    meaning: "The request is wrong",
    more:
      "A flag, aim.toml, a key that is missing or refused, or SQL that does not load, does not end within `statement_timeout` or takes more than `memory_limit`; the message names the file, line and column.",
  },
  {
    code: EXIT.setup,
    meaning: "This machine cannot do it",
    more: "No runtime can serve the engine; the message lists every refusal. Ask `aim doctor`.",
  },
  {
    code: EXIT.provider,
    meaning: "The model's provider failed",
    more:
      "No answer, a refusal, an answer that does not end, no credit, or a limit that does not pass in time.",
  },
  { code: EXIT.bug, meaning: "A bug in aim", more: "Please report it with the output of `-v`." },
  {
    code: EXIT.hungUp,
    meaning: "Interrupted by SIGHUP",
    more: "The terminal was closed. Nothing half-written is left behind.",
  },
  {
    code: EXIT.interrupted,
    meaning: "Interrupted",
    more:
      "By Ctrl-C (SIGINT), or Ctrl-D at a question. A running statement is ended; nothing half-written is left behind.",
  },
  {
    code: EXIT.terminated,
    meaning: "Interrupted by SIGTERM",
    more: "As by Ctrl-C.",
  },
];

/** The exit codes of one command: the given meanings, and those that every command has. */
export function exits(
  own: Readonly<Record<number, string>>,
): readonly (readonly [code: number, meaning: string])[] {
  const common: readonly number[] = [EXIT.usage, EXIT.bug, EXIT.interrupted];
  return EXIT_CODES.flatMap(({ code, meaning }) => {
    const text = own[code] ?? (common.includes(code) ? meaning : undefined);
    return text === undefined ? [] : [[code, text] as const];
  });
}

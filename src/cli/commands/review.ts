/** `aim review`. */

import { EXIT, UsageError } from "../../core/error.ts";
import { answer, type Command, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { ALL_KEYS, MODEL_FLAGS } from "../flags.ts";
import { open, placed } from "../open.ts";
import { REPORT_FLAG } from "../report_flag.ts";
import { SELECTION_FLAGS, selectionOf } from "../selection.ts";
import { lint } from "./lint.ts";

/** Lets a model read migrations with what was measured. */
export const review: Command = {
  name: "review",
  summary: "Lint migrations, and let a model say what the measurements do not",
  more: [
    "The migrations are linted as by `aim lint`. Then the model that is set gets the statements of UP and DOWN, what each was measured to lock, rewrite and read, the findings, and `context` of aim.toml; never a row.",
    "What it says is advice: it stands beside what was measured, in reports with the code `review`, and changes neither findings nor the exit code, which is that of `aim lint`. Without FILES or a flag the last migration is reviewed.",
  ],
  arguments: lint.arguments ?? [],
  flags: [
    ...SELECTION_FLAGS,
    { name: "strict", summary: "Use the rules about style and hygiene as well" },
    REPORT_FLAG,
    ...MODEL_FLAGS,
  ],
  settings: ALL_KEYS,
  examples: [
    { line: "aim review --model anthropic/claude-haiku-5-5", what: "the last migration" },
    { line: "aim review --git-base main --report sarif=aim.sarif", what: "of a pull request" },
  ],
  exits: exits({
    [EXIT.ok]: "Nothing dangerous was measured, whatever the model says",
    [EXIT.no]: "Something dangerous was found by the rules",
    [EXIT.setup]: "No runtime can serve the engine",
    [EXIT.provider]: "The model's provider failed",
  }),
  run: async (context) => {
    const selection = context.arguments.length > 0
      ? { files: context.arguments }
      : selectionOf(context.flags) ?? { latest: 1 };
    const project = await open(context);
    const { config } = project;
    if (config.model === null) {
      throw new UsageError("Cannot review: no model is set", {
        code: "no-model",
        hint: "Pass --model; aim lint measures without one",
      });
    }
    const { review } = await import("../../pipeline/mod.ts");
    const { renderLint, renderLintSum } = await import("../report/lint.ts");
    const { renderAdvice, reviewJson, reviewReported } = await import("../report/review.ts");
    const { variables, emit } = context;
    const outcome = await placed(
      await context.config(),
      () =>
        review(project, {
          selection,
          isStrict: context.flags.on("strict"),
          openModel: async () => {
            const { openModel } = await import("../../models/mod.ts");
            return await openModel(config, { variables, emit });
          },
        }),
    );
    return {
      exit: outcome.linted.outcome === "safe" ? EXIT.ok : EXIT.no,
      json: reviewJson(outcome),
      report: reviewReported(outcome),
      pieces: [
        answer((paint, width) => renderLint(outcome.linted, paint, width)),
        answer((paint) => renderAdvice(outcome, paint)),
        talk((paint) => renderLintSum(outcome.linted, paint)),
      ],
    };
  },
};

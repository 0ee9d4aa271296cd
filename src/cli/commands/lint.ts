/** `aim lint`. */

import { EXIT } from "../../core/error.ts";
import { answer, type Command, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { open, placed } from "../open.ts";
import { SAMPLE_FLAG, sampleOf } from "../sample_flag.ts";
import { REPORT_FLAG } from "../report_flag.ts";
import { SELECTION_FLAGS, selectionOf } from "../selection.ts";

/** Says what migrations do to a database that others use, and to its rows. */
export const lint: Command = {
  name: "lint",
  summary: "Run migrations over rows and say what they lock, rewrite, scan, lose and break",
  more: [
    "Each statement is run on a scratch database and watched: what it locks, rewrites and reads whole is measured. What a migration makes itself is never found dangerous: nobody uses it yet.",
    "Without FILES or a flag the last migration is linted. A comment above a statement allows what is found there: `-- aim:allow CODE reason`; for a whole file: `-- aim:allow-file CODE reason`. `aim explain CODE` says what a code means.",
  ],
  arguments: [{
    name: "files",
    required: false,
    repeats: true,
    summary: "Files of the migrations to lint",
    completes: "file",
  }],
  flags: [
    { name: "all", summary: "Lint every migration" },
    ...SELECTION_FLAGS,
    { name: "strict", summary: "Use the rules about style and hygiene as well" },
    SAMPLE_FLAG,
    REPORT_FLAG,
  ],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim lint", what: "the last migration" },
    { line: "aim lint --latest 3", what: "the last three" },
    { line: "aim lint --report sarif=aim.sarif", what: "for code scanning" },
  ],
  exits: exits({
    [EXIT.ok]: "Nothing dangerous was found",
    [EXIT.no]: "Something dangerous was found",
    [EXIT.setup]: "No runtime can serve the engine",
  }),
  run: async (context) => {
    const selection = context.arguments.length > 0
      ? { files: context.arguments }
      : selectionOf(context.flags) ?? (context.flags.on("all") ? { all: true } : { latest: 1 });
    const project = await open(context);
    const { lint } = await import("../../pipeline/mod.ts");
    const { renderLint, renderLintSum } = await import("../report/lint.ts");
    const { lintJson } = await import("../report/outcome_json.ts");
    const { lintReported } = await import("../report/reported.ts");
    const outcome = await placed(
      await context.config(),
      () =>
        lint(project, {
          selection,
          isStrict: context.flags.on("strict"),
          sample: sampleOf(context.flags),
        }),
    );
    return {
      exit: outcome.outcome === "safe" ? EXIT.ok : EXIT.no,
      json: lintJson(outcome),
      report: lintReported(outcome),
      pieces: [
        answer((paint, width) => renderLint(outcome, paint, width)),
        talk((paint) => renderLintSum(outcome, paint)),
      ],
    };
  },
};

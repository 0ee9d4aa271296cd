/** `aim lint`. */

import { EXIT, UsageError } from "../../core/error.ts";
import type { LintSelection } from "../../pipeline/mod.ts";
import { answer, type Command, type FlagValues, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { open, placed } from "../open.ts";
import { SAMPLE_FLAG, sampleOf } from "../sample_flag.ts";
import { REPORT_FLAG } from "../report_flag.ts";

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
    { name: "latest", value: "N", summary: "Lint the last N migrations" },
    { name: "all", summary: "Lint every migration" },
    { name: "new", summary: "Lint the migrations that git's HEAD has not, for a pre-commit hook" },
    {
      name: "git-base",
      value: "REF",
      summary: "Lint the migrations that a branch or commit has not, for a pull request",
    },
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
    const selection = selectionOf(context.arguments, context.flags);
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

function selectionOf(files: readonly string[], flags: FlagValues): LintSelection {
  if (files.length > 0) return { files };
  if (flags.on("all")) return { all: true };
  const base = flags.text("git-base");
  if (base !== null) return { notIn: base };
  if (flags.on("new")) return { notIn: "HEAD" };
  const latest = flags.text("latest");
  if (latest === null) return { latest: 1 };
  if (/^[1-9]\d{0,5}$/.test(latest)) return { latest: Number(latest) };
  throw new UsageError(`Cannot lint the last "${latest}" migrations`, {
    code: "flag-value",
    hint: "pass a number: --latest 3",
  });
}

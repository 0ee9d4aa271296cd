/** `aim validate`. */

import { relative } from "node:path";
import { EXIT } from "../../core/error.ts";
import { answer, type Command } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { IF_CHANGED, openChanged, UNCHANGED } from "../if_changed.ts";
import { REPORT_FLAG } from "../report_flag.ts";
import { SELECTION_FLAGS, selectionOf } from "../selection.ts";

/** Judges every migration of the history. */
export const validate: Command = {
  name: "validate",
  summary: "Check every migration: UP applies, DOWN restores the schema before it, UP works again",
  more: [
    "And the state after the last one is compared with schema.sql. With --latest, --new or --git-base the migrations before are only applied.",
    "On the embedded engines what they leave is kept in your cache, and the next run begins there as long as their files and the settings are the same; `aim doctor --clean` empties it.",
  ],
  flags: [
    { name: "strict", summary: "Fail on a migration without DOWN, where its runner has any" },
    { name: "lint", summary: "Lint every migration as well; fails as fail_on says" },
    ...SELECTION_FLAGS,
    IF_CHANGED,
    REPORT_FLAG,
  ],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim validate", what: "the whole history" },
    { line: "aim validate -q", what: "for CI: the table, no progress" },
    { line: "aim validate --latest 2", what: "the last two, after those before them" },
    { line: "aim validate --strict", what: "each migration must have a DOWN" },
    { line: "aim validate --json", what: "a verdict a migration, as data" },
  ],
  exits: exits({
    [EXIT.ok]: "All migrations are valid",
    [EXIT.no]: "Something is wrong with one, or the end state is not schema.sql",
    [EXIT.setup]: "No runtime can serve the engine",
  }),
  run: async (context) => {
    const project = await openChanged(context);
    if (project === null) return UNCHANGED;
    const { validate } = await import("../../pipeline/mod.ts");
    const { renderVerdicts, renderVerdictSum } = await import("../report/verdicts.ts");
    const { renderFindings } = await import("../report/migration.ts");
    const { validateJson } = await import("../report/outcome_json.ts");
    const { validateReported } = await import("../report/reported.ts");
    const selection = selectionOf(context.flags);
    const outcome = await validate(project, {
      ...(selection === null ? {} : { selection }),
      strict: context.flags.on("strict"),
      lint: context.flags.on("lint"),
    });
    return {
      exit: outcome.outcome === "valid" ? EXIT.ok : EXIT.no,
      json: validateJson(outcome),
      report: validateReported(outcome, relative(context.folder, project.config.migrations)),
      pieces: [
        answer((paint) => renderVerdicts(outcome, paint)),
        answer((paint) => renderFindings(outcome.dangers ?? [], paint)),
        answer((paint) => renderVerdictSum(outcome, paint)),
      ],
    };
  },
};

/** `aim runbook`. */

import { EXIT } from "../../core/error.ts";
import { type Command, exactAnswer } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { SAMPLE_FLAG, sampleOf } from "../sample_flag.ts";
import { open, placed } from "../open.ts";

/** Writes instructions for running a migration. */
export const runbook: Command = {
  name: "runbook",
  summary: "Print what to know and do when a migration is run by hand, as Markdown",
  more: [
    "For each statement: what it blocks, what it costs, what is dangerous about it, and what to do when it stops there; before all, what to check, and after all, the way back. What it says was measured and proven on a scratch database.",
  ],
  arguments: [{
    name: "migration",
    required: false,
    summary: "File of the migration; the last one without it",
    completes: "file",
  }],
  flags: [SAMPLE_FLAG],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim runbook", what: "of the last migration" },
    { line: "aim runbook > runbook.md", what: "into a file" },
  ],
  exits: exits({ [EXIT.ok]: "Printed", [EXIT.setup]: "No runtime can serve the engine" }),
  run: async (context) => {
    const { arguments: files } = context;
    const project = await open(context);
    const { runbook } = await import("../../pipeline/mod.ts");
    const { renderRunbook } = await import("../report/runbook.ts");
    const outcome = await placed(
      await context.config(),
      () =>
        runbook(
          project,
          files.length > 0 ? { files } : { latest: 1 },
          sampleOf(context.flags),
        ),
    );
    return {
      exit: EXIT.ok,
      json: { ...outcome },
      pieces: [exactAnswer(() => renderRunbook(outcome))],
    };
  },
};
